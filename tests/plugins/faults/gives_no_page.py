"""Planted fault: the engine gives no page for an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.contracts import EngineOptions
    from ocrkit.model import Page
    from ocrkit.raster import PageImage


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """Yields the engine `faulty`."""
    yield EngineSpec(name="faulty", summary="Faulty", load="gives_no_page:Faulty", licence="MIT")


class Faulty:
    """An engine with a fault."""

    def recognize(self, images: Iterable[PageImage], _options: EngineOptions, /) -> Iterator[Page]:
        """Takes all, gives nothing."""
        for _image in images:
            yield from ()

    def close(self) -> None:
        """Holds nothing."""

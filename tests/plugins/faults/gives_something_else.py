"""Planted fault: the engine gives text where a page is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.contracts import EngineOptions
    from ocrkit.raster import PageImage


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """Yields the engine `faulty`."""
    yield EngineSpec(name="faulty", summary="Faulty", load="gives_something_else:Faulty", licence="MIT")


class Faulty:
    """An engine with a fault."""

    def recognize(self, images: Iterable[PageImage], _options: EngineOptions, /) -> Iterator[str]:
        """Gives strings."""
        for image in images:
            yield f"page {image.number}"

    def close(self) -> None:
        """Holds nothing."""

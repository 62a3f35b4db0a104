"""Planted fault: the engine counts its pages itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineSpec
from ocrkit.hookspecs import hookimpl
from ocrkit.model import EngineRun

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.contracts import EngineOptions
    from ocrkit.model import Page
    from ocrkit.raster import PageImage


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """Yields the engine `faulty`."""
    yield EngineSpec(name="faulty", summary="Faulty", load="gives_a_wrong_number:Faulty", licence="MIT")


class Faulty:
    """An engine with a fault."""

    def recognize(self, images: Iterable[PageImage], _options: EngineOptions, /) -> Iterator[Page]:
        """Numbers every page 7."""
        for image in images:
            page = image.page(run=EngineRun(engine="faulty"))
            yield page.model_copy(update={"number": 7})

    def close(self) -> None:
        """Holds nothing."""

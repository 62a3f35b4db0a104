"""Planted fault: the engine gives boxes of a larger image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineSpec
from ocrkit.hookspecs import hookimpl
from ocrkit.model import EngineRun, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.contracts import EngineOptions
    from ocrkit.model import Page
    from ocrkit.raster import PageImage


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """Yields the engine `faulty`."""
    yield EngineSpec(name="faulty", summary="Faulty", load="draws_boxes_outside:Faulty", licence="MIT")


class Faulty:
    """An engine with a fault."""

    def recognize(self, images: Iterable[PageImage], _options: EngineOptions, /) -> Iterator[Page]:
        """Doubles every box."""
        for image in images:
            box = (0.0, 0.0, 2.0 * image.width, 2.0 * image.height)
            yield image.page(run=EngineRun(engine="faulty"), lines=[Line(text="outside", bbox=box)])

    def close(self) -> None:
        """Holds nothing."""

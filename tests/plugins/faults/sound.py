"""No fault: the plugin that must go on working beside each of the others."""

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
    """Yields the engine `sound`."""
    yield EngineSpec(name="sound", summary="Sound", load="sound:Sound", licence="MIT")


class Sound:
    """An engine without a fault."""

    def recognize(self, images: Iterable[PageImage], _options: EngineOptions, /) -> Iterator[Page]:
        """Says `sound` on every page."""
        for image in images:
            box = (0.0, 0.0, float(image.width), float(image.height))
            yield image.page(run=EngineRun(engine="sound"), lines=[Line(text="sound", bbox=box)])

    def close(self) -> None:
        """Holds nothing."""

"""A plugin whose engine takes the same time for every page. It is copied beside the server that is measured."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ocrkit.contracts import EngineOptions, EngineSpec
from ocrkit.hookspecs import hookimpl
from ocrkit.model import EngineRun, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.model import Page
    from ocrkit.raster import PageImage

SECONDS = 0.05
"""For each page; what the issue of the service names."""


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """The engine `paced`."""
    yield EngineSpec(name="paced", summary="Waits", load="paced:Paced", licence="Apache-2.0")


class Paced:
    """Waits, and says which page it was given."""

    def recognize(self, images: Iterable[PageImage], options: EngineOptions, /) -> Iterator[Page]:
        """One line a page."""
        del options
        for image in images:
            time.sleep(SECONDS)
            line = Line(text=f"This is page {image.number}", bbox=(0, 0, 9, 9), confidence=0.9)
            yield image.page(run=EngineRun(engine="paced"), lines=[line])

    def close(self) -> None:
        """Has nothing to free."""

"""Engine `echo`: one line a page, which says how large the page is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.model import EngineRun, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.model import Page
    from ocrkit.raster import PageImage
    from ocrkit_echo import EchoOptions


class EchoEngine:
    """Reads nothing; holds nothing between calls, so any number of threads may share it."""

    def recognize(self, images: Iterable[PageImage], options: EchoOptions, /) -> Iterator[Page]:
        """One page for each image, with one line over the whole page; none where the page is of one colour."""
        for image in images:
            pixels = image.pixels
            lines = []
            if pixels.min() != pixels.max():
                text = f"Page {image.number}: {image.width} × {image.height} pixels"
                box = (0.0, 0.0, float(image.width), float(image.height))
                lines.append(Line(text=text.upper() if options.capitals else text, bbox=box))
            yield image.page(run=EngineRun(engine="echo", version="0.1.0"), lines=lines)

    def close(self) -> None:
        """Has nothing to free."""

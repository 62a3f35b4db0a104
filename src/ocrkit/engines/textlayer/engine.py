"""Turns the text layer of a PDF page into a `Page`. Judges nothing: whether to trust it is the pipeline's."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from ocrkit.model import EngineRun, PageWarning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.contracts import EngineOptions
    from ocrkit.model import Page
    from ocrkit.raster import PageImage


class TextLayerEngine:
    """Reads the text that the page's file carries; a picture carries none."""

    def __init__(self) -> None:
        self._run = EngineRun(engine="textlayer", version=metadata.version("pymupdf"))

    def recognize(self, images: Iterable[PageImage], _options: EngineOptions, /) -> Iterator[Page]:
        """One page for each image; one without a text layer has no blocks and the warning `no_text_layer`."""
        for image in images:
            layer = image.text_layer
            if layer is None or not layer.lines:
                absent = PageWarning(code="no_text_layer", message="The page carries no text of its own.")
                yield image.page(run=self._run, warnings=[absent])
            else:
                yield image.page(run=self._run, lines=layer.lines)

    def close(self) -> None:
        """Holds nothing."""

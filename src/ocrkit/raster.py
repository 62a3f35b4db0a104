"""PageImage: one page as pixels, and the text that its file already carries.

Pixels are fetched on first use and belong to the page only as long as someone holds it, so a long
document never stands in memory as a whole. Knows numpy by type alone; whoever makes a PageImage brings it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from ocrkit.model import Block, EngineRun, Page, PageStatus, PageWarning, Provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    from numpy.typing import NDArray

    from ocrkit.geometry import BBox
    from ocrkit.model import Line

    Pixels: TypeAlias = NDArray[np.uint8]
    """Height × width × 3, 8-bit RGB."""

Load: TypeAlias = "Callable[[float], Pixels]"
"""Gives the page's pixels at a scale in (0, 1]: of that size or, where that is cheaper, larger."""


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The text that a PDF page already carries, in pixels of its page image.

    Attributes:
        lines: visible and hidden lines in the order of the file, words within.
        characters: how many characters there are, blanks not counted.
        unmapped: how many of them have no Unicode meaning (replacement, private use, control characters).
        hidden: how many of them are drawn invisibly, as an OCR program does over a scan.
        pictures: boxes of the pictures on the page.
        rulings: straight ruling lines and edges of filled boxes, as thin boxes.
    """

    lines: tuple[Line, ...]
    characters: int = 0
    unmapped: int = 0
    hidden: int = 0
    pictures: tuple[BBox, ...] = ()
    rulings: tuple[BBox, ...] = ()


class PageImage:
    """One page, ready to be read.

    Args:
        number: page number in its source, from 1.
        width: pixels across.
        height: pixels down.
        load: gives the pixels at a scale; called once for `pixels`, and for `at_scale` where it wants more than was
            given before.
        dpi: pixels an inch, `None` where nobody knows.
        text_layer: gives the text the file carries; `None` for pictures.
    """

    __slots__ = ("_layer", "_load", "_pixels", "_read_layer", "_reduced", "dpi", "height", "number", "width")

    def __init__(
        self,
        *,
        number: int,
        width: int,
        height: int,
        load: Load,
        dpi: float | None = None,
        text_layer: Callable[[], TextLayer] | None = None,
    ) -> None:
        self.number = number
        self.width = width
        self.height = height
        self.dpi = dpi
        self._load = load
        self._read_layer = text_layer
        self._pixels: Pixels | None = None
        self._reduced: Pixels | None = None
        self._layer: TextLayer | None = None

    @classmethod
    def from_array(cls, pixels: Any, *, number: int = 1, dpi: float | None = None) -> PageImage:
        """A page from an array of height × width × 3, 8-bit RGB."""
        height, width = pixels.shape[:2]
        return cls(number=number, width=width, height=height, load=lambda _scale: pixels, dpi=dpi)

    @property
    def pixels(self) -> Pixels:
        """The page as an array of height × width × 3, 8-bit RGB; kept until `drop_pixels`.

        Raises:
            SourceError: the page cannot be decoded.
        """
        if self._pixels is None:
            self._pixels, self._reduced = self._load(1.0), None
        return self._pixels

    def at_scale(self, scale: float) -> Pixels:
        """The page at `scale` of its size, or larger where that is cheaper.

        A JPEG decodes in halves; and what was given before is kept until `drop_pixels`, and given again.

        Raises:
            SourceError: the page cannot be decoded.
        """
        if self._pixels is not None:
            return self._pixels
        if self._reduced is None or self._reduced.shape[1] < int(scale * self.width):
            self._reduced = self._load(scale)
        return self._reduced

    def drop_pixels(self) -> None:
        """Lets go of the pixels; they are fetched again if asked for."""
        self._pixels = self._reduced = None

    @property
    def text_layer(self) -> TextLayer | None:
        """The text the file carries for this page; `None` where it can have none, as in a picture.

        Raises:
            SourceError: the page cannot be parsed.
        """
        if self._layer is None and self._read_layer is not None:
            self._layer = self._read_layer()
        return self._layer

    def page(
        self,
        *,
        run: EngineRun,
        lines: Iterable[Line] = (),
        blocks: Iterable[Block] = (),
        warnings: Iterable[PageWarning] = (),
        status: PageStatus = PageStatus.OK,
    ) -> Page:
        """A `Page` of this image's frame: what an engine returns.

        An engine that finds lines passes `lines`, and the pipeline arranges them into blocks; an engine
        that finds blocks in reading order passes `blocks`.
        """
        made = (Block(text=line.text, bbox=line.bbox, confidence=line.confidence, lines=(line,)) for line in lines)
        return Page(
            number=self.number,
            width=self.width,
            height=self.height,
            dpi=self.dpi,
            blocks=(*blocks, *made),
            status=status,
            warnings=tuple(warnings),
            provenance=Provenance(runs=(run,)),
        )

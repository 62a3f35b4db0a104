"""Marks: the outlines of a page's blocks, cells, lines and words, with what each says. Values only; knows no pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from ocrkit.geometry import quad_of
from ocrkit.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.geometry import Quad
    from ocrkit.model import Block, Page

Layer = Literal["blocks", "order", "cells", "lines", "words", "confidence"]
"""What can be shown or hidden; `confidence` fills words by how sure their reading is."""

LAYERS: Final[tuple[Layer, ...]] = get_args(Layer)
DEFAULT_LAYERS: Final[tuple[Layer, ...]] = ("blocks", "order")

_COLOURS = {
    BlockKind.TEXT: "#1f6feb",
    BlockKind.TITLE: "#b3186d",
    BlockKind.SECTION_HEADER: "#8b3fd1",
    BlockKind.LIST_ITEM: "#0a7d74",
    BlockKind.TABLE: "#b65300",
    BlockKind.PICTURE: "#2f7d1f",
    BlockKind.FORMULA: "#8a6d00",
    BlockKind.CODE: "#4b5563",
    BlockKind.CAPTION: "#4d7c0f",
    BlockKind.FOOTNOTE: "#7c5a3a",
    BlockKind.PAGE_HEADER: "#737373",
    BlockKind.PAGE_FOOTER: "#737373",
}
"""Each dark enough for white text on it (4.5 to 1, WCAG 2.1)."""

_CONFIDENCES = ((0.5, "#d92020"), (0.7, "#e8710a"), (0.85, "#d9b400"), (0.95, "#8bbf1f"))
"""Upper bounds and the colours below them: 0.5 is what engines keep at all, 0.85 and more is a good reading."""

_CONFIDENT = "#1f9d3a"
_UNKNOWN = "#8a8a8a"

_LABELS_ACROSS = 75
"""Labels are so large that so many of their heights fit across a page: legible where it is a screen wide."""

_SMALLEST_LABEL = 8.0
"""Pixels."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The outline of one thing on the page, and what it says.

    Attributes:
        layer: where it belongs: `blocks`, `cells`, `lines` or `words`.
        quad: its corners in pixels of the page image.
        block: number of its block in reading order, from 1.
        kind: what the block is.
        text: what is read there.
        confidence: 0 to 1; `None` where unknown.
    """

    layer: Layer
    quad: Quad
    block: int
    kind: BlockKind
    text: str
    confidence: float | None


def marks(page: Page) -> Iterator[Mark]:
    """Everything on the page in reading order, each block before what it holds."""
    for number, block in enumerate(page.blocks, start=1):
        yield Mark("blocks", quad_of(block.bbox), number, block.kind, block.printed, block.confidence)
        yield from _within(block, number)


def _within(block: Block, number: int) -> Iterator[Mark]:
    for cell in block.table.cells if block.table else ():
        if cell.bbox is not None:
            yield Mark("cells", quad_of(cell.bbox), number, block.kind, cell.text, cell.confidence)
    for line in block.lines:
        quad = line.quad or quad_of(line.bbox)
        yield Mark("lines", quad, number, block.kind, line.text, line.confidence)
        for word in line.words:
            quad = word.quad or quad_of(word.bbox)
            # A word that does not know has its line's confidence, as all words of some engines do.
            known = line.confidence if word.confidence is None else word.confidence
            yield Mark("words", quad, number, block.kind, word.text, known)


def kind_colour(kind: BlockKind) -> str:
    """The colour of a kind, as `#rrggbb`."""
    return _COLOURS[kind]


def kind_name(kind: BlockKind) -> str:
    """The kind in words."""
    return kind.value.replace("_", " ")


def confidence_colour(confidence: float | None) -> str:
    """From red over yellow to green, as `#rrggbb`; grey where nobody knows."""
    if confidence is None:
        return _UNKNOWN
    return next((colour for bound, colour in _CONFIDENCES if confidence < bound), _CONFIDENT)


def label_size(page: Page) -> float:
    """Height of labels on this page in pixels of its image."""
    return max(min(page.width, page.height) / _LABELS_ACROSS, _SMALLEST_LABEL)


def badge_at(mark: Mark, page: Page) -> tuple[float, float, float]:
    """Centre and radius of the disc with a block's number: beside its first corner, within the page."""
    radius = 0.85 * label_size(page)
    x, y = mark.quad[0]
    return max(x - 0.8 * radius, radius), max(y, radius), radius

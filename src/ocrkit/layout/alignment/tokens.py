"""The two sides of an alignment as rows of tokens: what one reading says, and what the other saw where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrkit import geometry
from ocrkit.geometry import quad_of
from ocrkit.layout.alignment.folding import TOKEN, fold
from ocrkit.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.geometry import BBox, Quad
    from ocrkit.model import Block, Direction, Line, Page

UNPRINTED = frozenset({BlockKind.FORMULA, BlockKind.PICTURE})
"""Kinds of blocks whose text is not what is printed: the source of a formula, the description of a picture."""

_MATHS = re.compile(r"\$[^$\n]+\$|\\\([^\n]+?\\\)|\\[a-zA-Z]+(?:\{[^}\n]*\})*")
"""LaTeX within a text; what is printed there reads otherwise."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text that is to be placed.

    Attributes:
        key: the word folded.
        start: where it begins in the text of its source.
        end: where it ends there.
        block: number of its block on the page.
        cell: number of its cell in the block's table; -1 outside one.
        comparable: whether it should stand on the page as it is written.
    """

    text: str
    key: str
    start: int
    end: int
    block: int
    cell: int
    comparable: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """A word that the other reading saw.

    Attributes:
        key: the word folded.
        line: number of its line on the page.
    """

    text: str
    key: str
    bbox: BBox
    quad: Quad | None
    confidence: float
    line: int


def tokens_of(page: Page) -> list[Token]:
    """The words of the page's blocks in reading order, those of a table cell by cell."""
    made: list[Token] = []
    for number, block in enumerate(page.blocks):
        if block.kind in UNPRINTED or block.latex is not None:
            continue
        if block.table is None:
            made += _tokens(source_text(block, -1), block=number)
            continue
        for index, cell in enumerate(block.table.cells):
            made += _tokens(cell.text, block=number, cell=index)
    return made


def source_text(block: Block, cell: int) -> str:
    """The text that the tokens of a block, with its list marker, or of one of its cells point into."""
    if cell >= 0 and block.table is not None:
        return block.table.cells[cell].text
    return f"{block.marker} {block.text}" if block.marker else block.text


def printed_words(lines: tuple[Line, ...]) -> list[Printed]:
    """The words of the lines in their order; a line without words is taken for evenly set."""
    made: list[Printed] = []
    for number, line in enumerate(lines):
        direction = line.direction
        if not line.words:
            made += _cut(line.text, line.bbox, line.quad, number=number, sure=line.confidence, direction=direction)
        for word in line.words:
            sure = word.confidence if word.confidence is not None else line.confidence
            made += _cut(word.text, word.bbox, word.quad, number=number, sure=sure, direction=direction)
    return made


def part(box: BBox, quad: Quad | None, *, direction: Direction, start: float, end: float) -> tuple[BBox, Quad | None]:
    """The stretch of a word's place from share `start` to share `end` of its length, in reading direction."""
    if quad is not None:
        a, b, c, d = quad
        cut = (_between(a, b, start), _between(a, b, end), _between(d, c, end), _between(d, c, start))
        return geometry.box_of(cut), cut
    x0, y0, x1, y1 = box
    if direction == "ttb":
        return geometry.normalized((x0, y0 + start * (y1 - y0), x1, y0 + end * (y1 - y0))), None
    if direction == "rtl":
        return geometry.normalized((x1 - end * (x1 - x0), y0, x1 - start * (x1 - x0), y1)), None
    return geometry.normalized((x0 + start * (x1 - x0), y0, x0 + end * (x1 - x0), y1)), None


def spanning(first: Printed, last: Printed) -> tuple[BBox, Quad | None]:
    """The place from one word of a line to another."""
    box = geometry.union([first.bbox, last.bbox])
    if first.quad is None and last.quad is None:
        return box, None
    begin, end = first.quad or quad_of(first.bbox), last.quad or quad_of(last.bbox)
    return box, (begin[0], end[1], end[2], begin[3])


def _tokens(text: str, *, block: int, cell: int = -1) -> Iterator[Token]:
    maths = [match.span() for match in _MATHS.finditer(text)]
    for match in TOKEN.finditer(text):
        start, end = match.span()
        comparable = not any(start < stop and begin < end for begin, stop in maths)
        yield Token(match[0], fold(match[0]), start, end, block=block, cell=cell, comparable=comparable)


def _cut(
    text: str, box: BBox, quad: Quad | None, /, *, number: int, sure: float | None, direction: Direction
) -> Iterator[Printed]:
    found = list(TOKEN.finditer(text))
    for match in found:
        place = (box, quad)
        if len(found) > 1:
            start, end = match.start() / len(text), match.end() / len(text)
            place = part(box, quad, direction=direction, start=start, end=end)
        # Without a confidence, nothing is known against the engine: it counts as fairly sure, not as certain.
        yield Printed(match[0], fold(match[0]), *place, confidence=0.9 if sure is None else sure, line=number)


def _between(a: tuple[float, float], b: tuple[float, float], share: float) -> tuple[float, float]:
    return (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))

"""A page as passages: slices of its own text, each short enough to be judged and handed on, none beyond its page.

Knows nothing of questions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ocrkit.contracts import Passage, Place
from ocrkit.model import BlockKind
from ocrkit.terms import is_unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.geometry import BBox
    from ocrkit.model import Block, Page

_ENOUGH = 150
"""Words after which a passage ends with its block; under a new heading, half of them are enough."""
_MOST = 250
"""Words after which it ends in the middle of a block, between two lines or rows."""
_SIGNS_A_WORD = 2
"""Characters that count as a word in scripts without spaces."""

_HEADINGS = (BlockKind.TITLE, BlockKind.SECTION_HEADER)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line or row of a page, which is never parted.

    Attributes:
        start: offset in the page's text.
        end: offset behind it.
        header: the first row of its table, where it is a row.
        opens: whether a block begins with it.
        heading: whether it is a heading.
    """

    start: int
    end: int
    places: tuple[Place, ...]
    header: str = ""
    opens: bool = False
    heading: bool = False


@dataclass(slots=True)
class _Growing:
    """A passage in the making."""

    pieces: list[_Piece] = field(default_factory=list)
    words: int = 0
    heading: str = ""


def passages_of(page: Page, text: str) -> list[Passage]:
    """The passages of a page, in reading order.

    A heading does not go on over pages: what begins a new page is as often another paper as the same section.

    Args:
        page: the page.
        text: its `text`, passed in since it is made anew at every access.
    """
    made: list[Passage] = []
    for number, growing in enumerate(_grown(page, text), start=1):
        first, last = growing.pieces[0], growing.pieces[-1]
        header = first.header if first.header != text[first.start : first.end] else ""
        made.append(
            Passage(
                id=f"p{page.number}-s{number}",
                page=page.number,
                text=text[first.start : last.end],
                start=first.start,
                context="\n".join(part for part in (growing.heading, header) if part),
                places=tuple(
                    Place(place.start - first.start, place.end - first.start, place.bbox, place.block)
                    for piece in growing.pieces
                    for place in piece.places
                ),
            )
        )
    return made


def _grown(page: Page, text: str) -> Iterator[_Growing]:
    heading = ""
    growing = _Growing()
    for piece in _pieces(page, text):
        words = _words(text[piece.start : piece.end])
        full = growing.words >= _ENOUGH or (piece.heading and growing.words >= _ENOUGH // 2)
        if growing.pieces and ((piece.opens and full) or growing.words + words > _MOST):
            yield growing
            growing = _Growing(heading=heading)
        if piece.heading:
            heading = " ".join(text[piece.start : piece.end].split())
            if not growing.pieces:
                growing.heading = ""  # it stands in the passage itself
        growing.pieces.append(piece)
        growing.words += words
    if growing.pieces:
        yield growing


def _pieces(page: Page, text: str) -> Iterator[_Piece]:
    at = 0
    for block in page.blocks:
        printed = block.printed
        if not printed.strip():
            continue
        start = text.index(printed, at)
        at = start + len(printed)
        heading = block.kind in _HEADINGS
        header = printed.partition("\n")[0] if block.table else ""
        places = tuple(_places(block, printed, start)) or (Place(start, at, block.bbox, block.id),)
        for opens, (first, last) in _spans(printed, start):
            own = tuple(place for place in places if first <= place.start < last)
            yield _Piece(first, last, own, header, opens=opens, heading=heading)


def _spans(printed: str, start: int) -> Iterator[tuple[bool, tuple[int, int]]]:
    """Each line that is not blank: whether it is the first, and where it stands."""
    opens = True
    for line in printed.split("\n"):
        if line.strip():
            yield opens, (start, start + len(line))
            opens = False
        start += len(line) + 1


def _places(block: Block, printed: str, start: int) -> Iterator[Place]:
    """Where the block's lines, or its table's cells, stand in the text that begins at `start`."""
    at = 0
    for part, bbox in _parts(block):
        found = printed.find(part, at)
        if part and found >= 0:
            at = found + len(part)
            yield Place(start + found, start + at, bbox, block.id)


def _parts(block: Block) -> Iterable[tuple[str, BBox]]:
    if block.table:
        cells = sorted(block.table.cells, key=lambda cell: (cell.row, cell.column))
        return [(cell.text, cell.bbox or block.bbox) for cell in cells]
    return [(line.text, line.bbox) for line in block.lines]


def _words(text: str) -> int:
    unspaced = sum(map(is_unspaced, text))
    return len(text.split()) + unspaced // _SIGNS_A_WORD

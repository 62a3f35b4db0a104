"""The printed pieces of a document in rows, as a label and its value stand side by side or one below the other."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ocrkit.found import FoundField
from ocrkit.geometry import Affine, angle_of, union

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrkit.geometry import BBox
    from ocrkit.model import Block, Document, Line, Page

_SHARED = 0.25
"""Of its height that a line must share with another to stand in the same row."""

_WIDE = 1.2
"""Of the height of a line: a gap between words from which they stand in columns of their own."""

_LOOKALIKE = str.maketrans("01568", "olsgb")
_MISREAD = re.compile(r"(?<!\S)(?!(?:rm|rs|eur|usd|gbp|inr|myr)\d)[a-z]{2,}[01568]{1,2}[a-z]*(?=[:#.]*(?!\S))")
"""Words with digits that readings put for letters: `Tota1`, `Bi11 No`."""


@dataclass(frozen=True, slots=True)
class Part:
    """A word, or a stretch of text without words of its own.

    Attributes:
        start: where it begins in the text of its piece.
        end: behind its last character there.
        left: in the upright page.
        right: likewise.
    """

    start: int
    end: int
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A printed line, or the part of a row that an engine found by itself.

    Attributes:
        text: as it was read.
        folded: the same, as many characters, small and without accents, with a tab where words stand far apart.
        page: from 1.
        bbox: in pixels of the page image.
        upright: the box on the page turned upright and level.
        parts: its words, from left to right.
        confidence: of the reading; `None` where unknown.
    """

    text: str
    folded: str
    page: int
    bbox: BBox
    upright: BBox
    parts: tuple[Part, ...] = field(repr=False)
    confidence: float | None = None

    @property
    def height(self) -> float:
        """Pixels from the top of its letters to their foot."""
        return self.upright[3] - self.upright[1]

    def span(self, start: int, end: int) -> tuple[float, float]:
        """From where to where the characters stand across the page."""
        over = [part for part in self.parts if part.start < end and start < part.end]
        if not over:
            return self.upright[0], self.upright[2]
        return min(part.left for part in over), max(part.right for part in over)


Row = tuple[Piece, ...]
"""Pieces side by side, from left to right."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value where it is printed.

    Attributes:
        value: as programs read it.
        text: as it is printed, within its piece.
    """

    value: str
    text: str
    piece: Piece

    def field(self, name: str) -> FoundField:
        """The same as a field of the document."""
        return field_of(name, self.value, (self.piece,), printed=self.text)


def field_of(name: str, value: str, pieces: Sequence[Piece], *, printed: str = "") -> FoundField:
    """A field whose value is printed over these pieces of one page."""
    known = [piece.confidence for piece in pieces if piece.confidence is not None]
    return FoundField(
        name=name,
        value=value,
        text=printed or "\n".join(piece.text for piece in pieces),
        page=pieces[0].page,
        bbox=union(piece.bbox for piece in pieces),
        confidence=min(known) if known else None,
    )


def rows_of(document: Document) -> list[Row]:
    """The rows of all pages, from top to bottom."""
    return [row for page in document.pages for row in _rows(page)]


def fold(text: str) -> str:
    """The text as labels are compared, character for character."""
    plain = "".join(_folded(sign) for sign in text)
    return _MISREAD.sub(lambda match: match[0].translate(_LOOKALIKE), plain)


def _folded(sign: str) -> str:
    return (unicodedata.normalize("NFKD", sign)[:1] or sign).casefold()[:1] or sign


def _columned(folded: str, parts: Sequence[Part], height: float) -> str:
    """The text with a tab for each blank between words that stand far apart."""
    for one, other in pairwise(parts):
        if other.start == one.end + 1 and other.left - one.right > _WIDE * height:
            folded = f"{folded[: one.end]}\t{folded[other.start :]}"
    return folded


def _rows(page: Page) -> Iterator[Row]:
    lines = list(_lines(page))
    turn = Affine.turn(_quarters(page), page.width, page.height)
    slope = _slope([line for line, _ in lines], turn)
    pieces = sorted((_piece(line, box, page.number, turn=turn, slope=slope) for line, box in lines), key=_middle)
    row: list[Piece] = []
    for piece in pieces:
        if row and _middle(piece) > row[-1].upright[3] - _SHARED * row[-1].height:
            yield tuple(sorted(row, key=lambda each: each.upright[0]))
            row = []
        row.append(piece)
    if row:
        yield tuple(sorted(row, key=lambda each: each.upright[0]))


def _quarters(page: Page) -> int:
    """Degrees clockwise by which most of the text stands upright; a PDF's own text may run any way."""
    votes: Counter[int] = Counter()
    for line in page.lines:
        votes[-round(angle_of(line.quad) / 90) * 90 % 360 if line.quad else 0] += len(line.text)
    return votes.most_common(1)[0][0] if votes else page.rotation


def _lines(page: Page) -> Iterator[tuple[Line | str, BBox]]:
    """What is printed in a line, and where; of blocks whose lines have no places, their text."""
    for block in page.blocks:
        if block.lines:
            yield from ((line, line.bbox) for line in block.lines)
        elif block.table is not None:
            yield from ((cell.text, cell.bbox or block.bbox) for cell in block.table.cells if cell.text.strip())
        else:
            yield from _shared_out(block)


def _shared_out(block: Block) -> Iterator[tuple[str, BBox]]:
    """The lines of the text, the height of the block shared out among them."""
    texts = [text for text in block.text.split("\n") if text.strip()]
    x0, y0, x1, y1 = block.bbox
    for number, text in enumerate(texts):
        yield text, (x0, y0 + (y1 - y0) * number / len(texts), x1, y0 + (y1 - y0) * (number + 1) / len(texts))


def _slope(lines: Sequence[Line | str], turn: Affine) -> float:
    """By how much lines fall from left to right, in pixels down for each across."""
    falls = []
    for line in lines:
        if isinstance(line, str) or line.quad is None:
            falls.append(0.0)
        else:
            (x0, y0), (x1, y1), *_ = turn.quad(line.quad)
            if x1 - x0 > abs(y1 - y0):
                falls.append((y1 - y0) / (x1 - x0))
    return median(falls) if falls else 0.0


def _piece(line: Line | str, box: BBox, page: int, *, turn: Affine, slope: float) -> Piece:
    x0, y0, x1, y1 = turn.box(box)
    if not isinstance(line, str) and line.quad is not None:
        corners = turn.quad(line.quad)
        lean = abs(corners[1][1] - corners[0][1])
        # The box of a line askew is higher than the line.
        y0, y1 = (y0 + lean / 2, y1 - lean / 2) if y1 - y0 > 2 * lean else (y0, y1)
    shift = slope * (x0 + x1) / 2
    text = line if isinstance(line, str) else line.text
    parts = tuple(_parts(line, (x0, x1), turn))
    return Piece(
        text=text,
        folded=fold(text) if isinstance(line, str) else _columned(fold(text), parts, y1 - y0),
        page=page,
        bbox=box,
        upright=(x0, y0 - shift, x1, y1 - shift),
        parts=parts,
        confidence=None if isinstance(line, str) else line.confidence,
    )


def _parts(line: Line | str, across: tuple[float, float], turn: Affine) -> Iterator[Part]:
    if isinstance(line, str) or not line.words:
        text = line if isinstance(line, str) else line.text
        step = (across[1] - across[0]) / max(1, len(text))
        starts = [0, *(place + 1 for place, sign in enumerate(text) if sign == " "), len(text) + 1]
        for start, after in pairwise(starts):
            yield Part(start, after - 1, across[0] + step * start, across[0] + step * (after - 1))
        return
    place = 0
    for word in line.words:
        start = line.text.find(word.text, place)
        if start >= 0:
            x0, _, x1, _ = turn.box(word.bbox)
            place = start + len(word.text)
            yield Part(start, place, x0, x1)


def _middle(piece: Piece) -> float:
    return (piece.upright[1] + piece.upright[3]) / 2

"""Lines cut into the parts that belong to different cells of a table, by the blanks between their words.

Works in the reading frame. An engine may run cells together, and its boxes may reach into the next cell; the places
of the words tell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ocrkit.layout.cells import is_number
from ocrkit.layout.pieces import directional, is_wide
from ocrkit.layout.rows import split_at, split_at_gaps, word_gaps

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.layout.columns import Row, Span
    from ocrkit.layout.pieces import Frame, Piece

CELL_SPACES = 3.0
"""Words further apart than so many spaces belong to different cells, within `CELL_GAP`."""

CELL_GAP = (0.6, 1.0)
"""Least and most of that distance, in heights of a line."""

WORD_GAP = 0.4
"""Words further apart than this, in heights of a line, belong to different cells if that gap goes through the rows."""

WIDER = 1.5
"""A gap so many times as wide as a space parts cells where more speaks for it."""

ALIKE = 0.85
"""Of gaps at least this near to the widest, the one nearest to the blank between the columns parts the cells."""

SPACE = (0.25, 0.4)
"""Width of a space, in heights of a line, where no line shows one; and the widest."""

AROUND = 6
"""Rows above and below that tell where cells end."""

AGREEING = (2, 0.4)
"""Rows, and share of the rows of several cells, that must end a cell at one place."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is usual among the pieces.

    Attributes:
        em: height of an ordinary line.
        space: width of an ordinary blank between words.
        cell_gap: words further apart belong to different cells.
    """

    em: float
    space: float
    cell_gap: float


def measure_of(pieces: Sequence[Piece], frame: Frame, em: float) -> Measure:
    """The measure of these pieces, whose ordinary height is `em`."""
    gaps = [end - start for piece in pieces for start, end in word_gaps(piece, frame) if end > start]
    usual, widest = SPACE
    space = min(median(gaps), widest * em) if gaps else usual * em
    least, most = CELL_GAP
    # Scripts without spaces have blanks beside their signs of punctuation.
    spaced = 2 * sum(is_wide(p.text[:1]) for p in pieces if p.text) < len(pieces)
    return Measure(em, space, min(max(CELL_SPACES * space, least * em), most * em) if spaced else most * em)


def cut_rows(rows: Sequence[Row], frame: Frame, measure: Measure) -> list[Row]:
    """The rows cut where cells seem to end: at wide gaps, between figures, and where rows around end theirs."""
    cut = [
        [part for whole in cut_row(row, frame, measure.cell_gap) for part in _between_figures(whole, frame, measure)]
        for row in rows
    ]
    blanks = [[(a.box[2], b.box[0]) for a, b in pairwise(row)] for row in cut]
    least, share = AGREEING
    parted = []
    for i, row in enumerate(cut):
        around = [b for b in blanks[max(0, i - AROUND) : i + AROUND + 1] if b]
        if len(around) >= least:
            ends = (around, max(least, share * len(around)))
            parted.append([part for p in row for part in _where_others_end(p, ends, frame, measure=measure)])
        else:
            parted.append(row)
    return parted


def cut_row(row: Iterable[Piece], frame: Frame, gap: float) -> Row:
    """The pieces cut at gaps wider than this, each no wider than its words."""
    return [_tight(part, frame) for piece in row for part in split_at_gaps(piece, frame, gap)]


def cut_at_columns(piece: Piece, columns: Sequence[Span], frame: Frame, *, space: float) -> list[Piece]:
    """The piece cut where it runs on from one column into the next; whole where it only reaches over."""
    gaps = word_gaps(piece, frame)
    words = piece.line.words
    cuts = []
    for left, right in pairwise(columns):
        edge = (left[1] + right[0]) / 2
        window = ((left[0] + left[1]) / 2, (right[0] + right[1]) / 2)
        near = [i for i, (a, b) in enumerate(gaps) if window[0] < (a + b) / 2 < window[1]]
        if not near or not piece.box[0] < edge < piece.box[2]:
            continue
        widths = {i: gaps[i][1] - gaps[i][0] for i in near}
        widest = max(widths.values())
        wide = [i for i in near if widths[i] >= min(ALIKE * widest, widest)]
        best = min(wide, key=lambda i: abs(sum(gaps[i]) / 2 - edge))
        if widest >= WIDER * space or (is_number(words[best].text) and is_number(words[best + 1].text)):
            cuts.append(sum(gaps[best]) / 2)
    return _split(piece, frame, cuts)


def _between_figures(piece: Piece, frame: Frame, measure: Measure) -> list[Piece]:
    words = piece.line.words
    cuts = [
        (start + end) / 2
        for i, (start, end) in enumerate(word_gaps(piece, frame))
        if end - start > WIDER * measure.space and is_number(words[i].text) and is_number(words[i + 1].text)
    ]
    return _split(piece, frame, cuts)


def _where_others_end(
    piece: Piece, ends: tuple[Sequence[Sequence[Span]], float], frame: Frame, *, measure: Measure
) -> list[Piece]:
    """The piece cut at gaps wider than a space that lie in the blanks of rows around, of so many as `ends` says."""
    blanks, needed = ends
    cuts = [
        (start + end) / 2
        for start, end in word_gaps(piece, frame)
        if end - start > WIDER * measure.space
        and sum(any(a < end and start < b for a, b in row) for row in blanks) >= needed
    ]
    return _split(piece, frame, cuts)


def _split(piece: Piece, frame: Frame, cuts: Sequence[float]) -> list[Piece]:
    return [_tight(part, frame) for part in split_at(piece, frame, cuts)] if cuts else [piece]


def _tight(piece: Piece, frame: Frame) -> Piece:
    if not piece.line.words or directional(piece.line) != frame.direction:
        return piece
    boxes = [frame.box(word.bbox) for word in piece.line.words]
    start, end = min(b[0] for b in boxes), max(b[2] for b in boxes)
    return replace(piece, box=(start, piece.box[1], end, piece.box[3]))

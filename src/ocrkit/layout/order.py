"""Reading order: cuts a page into regions that are read one after the other, each from top to bottom.

A recursive cut along the tallest gutter. A gutter parts columns of text, never the columns of a table or of a receipt,
whose rows belong together. Works in the reading frame; every length is in heights of an ordinary line.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING

from ocrkit.geometry import union
from ocrkit.layout.pieces import Piece
from ocrkit.layout.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GUTTER = 0.4
"""Least width of a gutter between columns; little, as engines draw boxes around lines with room to spare."""

SLACK = 0.1
"""How far a piece may stick into a gutter."""

OVERSHOOT = 0.8
"""What reaches beyond a gutter by no more than this does not cross it: its box, or its line, is a little too long."""

PROSE_WIDTH = 7.0
"""Lines of running text are at least this wide; about 18 letters, the narrowest newspaper column."""

TEXT_WIDTH = 10.0
"""The same, where what stands beside it is no running text, so that nothing else tells it from an address."""

PROSE_FILL = 0.5
"""Share of the lines of running text that reach at least three quarters of their column's width."""

STEADY = 0.7
"""The same for lines that reach three quarters of their neighbours' width, as beside a picture."""

NEIGHBOURS = 2
"""So many lines above and below are a line's neighbours."""

INSETS = 0.2
"""An inset between two columns has at most this share of the lines of the shorter one."""

RUNS_ON = 1.0
"""Pieces of a line stand no further apart than this."""

LEAST = 2
"""A side of a gutter has at least this many pieces."""

LEAST_PROSE = 3
"""Running text has at least this many lines."""

PARAGRAPH = 6
"""So many lines below one another that fill their column are a paragraph, whatever else stands in the column."""

LEAST_ALONE = 5
"""Columns of any lines have at least this many, enough to see that they do not stand level with the others."""

NARROWEST = 3.0
"""Half of a column's lines are at least this wide; narrower are markers, line numbers, ticks."""

LEVEL = 0.25
"""Lines whose middles differ by less stand on one row."""

ALIGNED = 0.7
"""Where this share of the lines stands level with lines across the gutter, they are rows."""

FAR = 4.0
"""Blocks of short lines side by side are at least this far apart; a value stands nearer to its name."""

SET_OFF = 2.0
"""A gap as high as this, below the end of the other side, sets a heading apart from the column above it."""

MAX_TAIL = 3
"""No more lines than this are set off so; more are the rest of a longer column."""

TRIES = 12
"""So many of the tallest gutters are looked at."""

MAX_DEPTH = 40
"""No page is cut more often than this; a guard against endless cutting of hostile input."""


@dataclass(frozen=True, slots=True)
class Band:
    """A strip of the page that a gutter parts into a left and a right side.

    Attributes:
        top: middle of its highest piece.
        bottom: where the shorter side ends.
        set_off: a gap that sets a piece apart from its column.
        left: the pieces left of the gutter.
        right: the pieces right of it.
        score: the height over which the gutter parts the two.
    """

    top: float
    bottom: float
    set_off: float
    left: list[Piece]
    right: list[Piece]
    score: float


@dataclass(frozen=True, slots=True)
class Gutter:
    """The blank between two columns of running text.

    Attributes:
        start: where the left column ends.
        end: where the right column begins.
        top: where the first line beside it begins.
        bottom: where the last line beside it ends.
        size: of the type of the columns.
    """

    start: float
    end: float
    top: float
    bottom: float
    size: float


def gutters_of(pieces: Sequence[Piece], em: float) -> list[Gutter]:
    """The gutters between columns of running text on both sides, the tallest first."""
    gutters: list[Gutter] = []
    for band in sorted(bands_of(pieces, em), key=lambda b: -b.score)[:TRIES]:
        sides = next_to(band.left, em, left=True), next_to(band.right, em, left=False)
        if not _are_columns(*sides, em) or not all(_is_prose(side, em) for side in sides):
            continue
        beside = [*sides[0], *sides[1]]
        top, bottom = min(p.box[1] for p in beside), max(p.box[3] for p in beside)
        start, end = max(p.box[2] for p in sides[0]), min(p.box[0] for p in sides[1])
        gutters.append(Gutter(start, end, top, bottom, median(p.size for p in beside)))
    return gutters


def regions_of(pieces: Sequence[Piece], em: float, depth: int = 0) -> list[list[Piece]]:
    """The pieces in regions in reading order; no region holds columns of running text side by side."""
    if len(pieces) < 2 * LEAST or depth > MAX_DEPTH:
        return [list(pieces)] if pieces else []
    for band in sorted(bands_of(pieces, em), key=lambda b: -b.score)[:TRIES]:
        if _parts_columns(band, em):
            return [region for part in split_by(band, pieces) for region in regions_of(part, em, depth + 1)]
    return [list(pieces)]


def split_by(band: Band, pieces: Sequence[Piece]) -> list[list[Piece]]:
    """What stands above the band, its two sides, and what stands below, in reading order."""
    left, right = _without_tail(band.left, band), _without_tail(band.right, band)
    inside = {id(p) for p in left} | {id(p) for p in right}
    rest = [p for p in pieces if id(p) not in inside]
    above = [p for p in rest if p.middle <= band.top]
    below = [p for p in rest if p.middle > band.top]
    return [above, left, right, below]


def _without_tail(side: list[Piece], band: Band) -> list[Piece]:
    """The side without what stands set off below the shorter one: it heads what follows rather than ends its column."""
    ordered = sorted(side, key=lambda p: p.middle)
    reach = ordered[0].box[3]
    for i, piece in enumerate(ordered):
        if piece.box[1] > max(band.bottom, reach) + band.set_off and len(ordered) - i <= MAX_TAIL:
            return ordered[:i]
        reach = max(reach, piece.box[3])
    return side


def bands_of(pieces: Sequence[Piece], em: float) -> list[Band]:
    """Every strip with a gutter and at least two pieces on either side of it."""
    starts = sorted(p.box[0] for p in pieces)
    edges = {p.box[2] for p in pieces}
    # Where lines begin together a gutter ends, even if one that is too long hides where it begins.
    edges |= {a - GUTTER * em for a, b in zip(starts, starts[LEAST_PROSE - 1 :], strict=False) if b - a < SLACK * em}
    insets = _insets(pieces)
    found: dict[tuple[float, float, int, int], Band] = {}
    seen: set[int] = set()
    for edge in sorted(edges):
        key = int(edge / (em / 2))
        # Where no piece begins soon after the edge, a later edge gives the same gutter.
        if key not in seen and bisect_left(starts, edge + GUTTER * em) < len(starts):
            seen.add(key)
            for band in _bands_at(pieces, edge, insets, em=em):
                found.setdefault((band.top, band.bottom, len(band.left), len(band.right)), band)
    return list(found.values())


def _bands_at(pieces: Sequence[Piece], edge: float, insets: set[int], *, em: float) -> list[Band]:
    near, far, reach = edge + SLACK * em, edge + (GUTTER - SLACK) * em, OVERSHOOT * em
    starts, ends = near - reach, far + reach
    across: list[Piece] = []
    beside: list[tuple[Piece, int]] = []
    for piece in pieces:
        left, _, right, _ = piece.box
        if left < starts and right > ends:
            across.append(piece)
        else:
            beside.append((piece, int(right - far > near - left)))
    walls = _walls(across, insets, len(beside))
    strips: dict[int, tuple[list[Piece], list[Piece]]] = {}
    for piece, side in beside:
        strips.setdefault(bisect_right(walls, piece.middle), ([], []))[side].append(piece)
    bands = []
    for ones, others in strips.values():
        if len(ones) < LEAST or len(others) < LEAST:
            continue
        top = max(min(p.box[1] for p in ones), min(p.box[1] for p in others))
        bottom = min(max(p.box[3] for p in ones), max(p.box[3] for p in others))
        if bottom - top > em:
            bands.append(
                Band(min(p.middle for p in (*ones, *others)), bottom, SET_OFF * em, ones, others, bottom - top)
            )
    return bands


def _walls(across: Sequence[Piece], insets: set[int], beside: int) -> list[float]:
    """The heights at which what stands across a gutter ends it: a heading does; a few lines set into it do not."""
    across_only = [p for p in across if id(p) not in insets]
    few = len(across) - len(across_only) <= INSETS * beside / 2
    return sorted(p.middle for p in (across_only if few else across))


def _insets(pieces: Sequence[Piece]) -> set[int]:
    """The ids of the pieces that have lines level with them both on their left and on their right."""
    level = _Level(pieces)
    return {
        id(p)
        for p in pieces
        if any(q.box[2] <= p.box[0] for q in level.at(p.middle))
        and any(q.box[0] >= p.box[2] for q in level.at(p.middle))
    }


class _Level:
    """Pieces by height, so that those level with a line are found without looking at all."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = sorted(pieces, key=lambda p: p.box[1])
        self._tops = [p.box[1] for p in self._pieces]
        self._tallest = max((p.height for p in self._pieces), default=0.0)

    def at(self, middle: float) -> list[Piece]:
        """The pieces within whose height `middle` lies."""
        start, end = bisect_left(self._tops, middle - self._tallest), bisect_left(self._tops, middle)
        return [p for p in self._pieces[start:end] if p.box[3] > middle]


def _parts_columns(band: Band, em: float) -> bool:
    """Whether the two sides are columns that are read one after the other.

    Both of running text; or one of running text, and the other with lines of its own spacing, as a sidebar has; or
    both wide and far apart, each with its own spacing.
    """
    left = next_to(band.left, em, left=True)
    right = next_to(band.right, em, left=False)
    if not _are_columns(left, right, em):
        return False
    prose = [_is_prose(side, em) for side in (left, right)]
    # A few lines of an address fill their column by chance.
    if all(prose) and min(len(left), len(right)) >= LEAST_ALONE:
        return True
    text = any(
        is_prose and len(side) >= PARAGRAPH and median(p.width for p in side) >= TEXT_WIDTH * em
        for is_prose, side in zip(prose, (left, right), strict=True)
    )
    return (text or _stand_alone(left, right, em)) and aligned(left, right, em) < ALIGNED


def _stand_alone(left: Sequence[Piece], right: Sequence[Piece], em: float) -> bool:
    """Whether two sides of lines of any kind are so wide and so far apart that they could be two pages of a book."""
    blank = min(p.box[0] for p in right) - max(p.box[2] for p in left)
    wide = all(len(side) >= LEAST_ALONE and median(p.width for p in side) >= PROSE_WIDTH * em for side in (left, right))
    return wide and blank >= FAR * em


def _are_columns(left: Sequence[Piece], right: Sequence[Piece], em: float) -> bool:
    """Whether both sides have lines enough, and are more than the markers of a list or the numbers of lines."""
    return all(len(side) >= LEAST_PROSE and median(p.width for p in side) >= NARROWEST * em for side in (left, right))


def aligned(left: Sequence[Piece], right: Sequence[Piece], em: float) -> float:
    """Share of the lines on the shorter side that stand level with one on the other."""
    few, many = sorted((left, right), key=len)
    return sum(any(abs(p.middle - q.middle) < LEVEL * em for q in many) for p in few) / len(few)


def next_to(pieces: list[Piece], em: float, *, left: bool) -> list[Piece]:
    """The lines that touch the gutter: in every row the piece next to it, together with what runs on into that.

    Formulas and changes of type break a line into pieces.
    """
    lines = []
    for row in rows_of(pieces):
        nearest, *others = row[::-1] if left else row
        box = nearest.box
        for piece in others:
            gap = box[0] - piece.box[2] if left else piece.box[0] - box[2]
            if gap > RUNS_ON * em:
                break
            box = union((box, piece.box))
        lines.append(Piece(nearest.line, box, nearest.size))
    return lines


def _is_prose(pieces: Sequence[Piece], em: float) -> bool:
    widths = sorted(p.width for p in pieces)
    if len(widths) < LEAST_PROSE or median(widths) < PROSE_WIDTH * em:
        return False
    wide = widths[int(len(widths) * 0.9)]
    if sum(w >= 0.75 * wide for w in widths) >= PROSE_FILL * len(widths):
        return True
    downwards = [p.width for p in sorted(pieces, key=lambda p: p.middle)]
    if any(full and len(list(same)) >= PARAGRAPH for full, same in groupby(downwards, lambda w: w >= 0.75 * wide)):
        return True
    around = [max(downwards[max(0, i - NEIGHBOURS) : i + NEIGHBOURS + 1]) for i in range(len(downwards))]
    return sum(w >= 0.75 * most for w, most in zip(downwards, around, strict=True)) >= STEADY * len(widths)

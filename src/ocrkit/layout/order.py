"""Reading order: cuts a page into regions that are read one after the other, each from top to bottom.

A recursive cut along the tallest gutter. A gutter parts columns of text, never the columns of a table or of a receipt,
whose rows belong together. Works in the reading frame; every length is in heights of an ordinary line.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.layout.pieces import Piece

GUTTER = 0.8
"""Least width of a gutter between columns."""

PROSE_WIDTH = 7.0
"""Lines of running text are at least this wide; about 18 letters, the narrowest newspaper column."""

PROSE_FILL = 0.5
"""Share of the lines of running text that reach at least three quarters of their column's width."""

MAX_DEPTH = 40
"""No page is cut more often than this; a guard against endless cutting of hostile input."""


@dataclass(frozen=True, slots=True)
class Band:
    """A strip of the page that a gutter parts into a left and a right side."""

    top: float
    bottom: float
    left: list[Piece]
    right: list[Piece]
    score: float


def regions_of(pieces: Sequence[Piece], em: float, depth: int = 0) -> list[list[Piece]]:
    """The pieces in regions in reading order; no region holds columns of running text side by side."""
    if len(pieces) < 4 or depth > MAX_DEPTH:
        return [list(pieces)] if pieces else []
    for band in sorted(_bands(pieces, em), key=lambda b: -b.score)[:12]:
        if not _parts_columns(band, em):
            continue
        inside = {id(p) for p in band.left} | {id(p) for p in band.right}
        rest = [p for p in pieces if id(p) not in inside]
        above = [p for p in rest if p.middle <= band.top]
        below = [p for p in rest if p.middle > band.top]
        return [region for part in (above, band.left, band.right, below) for region in regions_of(part, em, depth + 1)]
    return [list(pieces)]


def _bands(pieces: Sequence[Piece], em: float) -> list[Band]:
    """Every strip with a gutter and at least two pieces on either side of it."""
    bands: list[Band] = []
    seen: set[int] = set()
    for edge in sorted({p.box[2] for p in pieces}):
        key = int(edge / (em / 2))
        if key in seen:
            continue
        seen.add(key)
        bands += _bands_at(pieces, edge, em)
    return bands


def _bands_at(pieces: Sequence[Piece], edge: float, em: float) -> list[Band]:
    tolerance = 0.2 * em
    far = edge + GUTTER * em
    left = [p for p in pieces if p.box[2] <= edge + tolerance]
    right = [p for p in pieces if p.box[0] >= far - tolerance]
    if len(left) < 2 or len(right) < 2:
        return []
    sides = {id(p) for p in left} | {id(p) for p in right}
    walls = sorted(p.middle for p in pieces if id(p) not in sides)
    bands = []
    strips: dict[int, tuple[list[Piece], list[Piece]]] = {}
    for side, members in enumerate((left, right)):
        for piece in members:
            strips.setdefault(bisect_right(walls, piece.middle), ([], []))[side].append(piece)
    for ones, others in strips.values():
        if len(ones) < 2 or len(others) < 2:
            continue
        top = max(min(p.box[1] for p in ones), min(p.box[1] for p in others))
        bottom = min(max(p.box[3] for p in ones), max(p.box[3] for p in others))
        if bottom - top > 1.5 * em:
            bands.append(Band(min(p.box[1] for p in (*ones, *others)), bottom, ones, others, bottom - top))
    return bands


def _parts_columns(band: Band, em: float) -> bool:
    """Whether the two sides are columns of text that are read one after the other."""
    left = _next_to(band.left, left=True)
    right = _next_to(band.right, left=False)
    return _is_prose(left, em) and _is_prose(right, em)


def _next_to(pieces: list[Piece], *, left: bool) -> list[Piece]:
    """The pieces that touch the gutter: those with nothing between them and it."""
    edge = [p for p in pieces if not any(_between(p, q, left=left) for q in pieces if q is not p)]
    return edge or pieces


def _between(piece: Piece, other: Piece, *, left: bool) -> bool:
    beyond = other.box[0] >= piece.box[2] if left else other.box[2] <= piece.box[0]
    return beyond and other.box[1] < piece.middle < other.box[3]


def _is_prose(pieces: Sequence[Piece], em: float) -> bool:
    widths = sorted(p.width for p in pieces)
    if len(widths) < 3 or median(widths) < PROSE_WIDTH * em:
        return False
    wide = widths[int(len(widths) * 0.9)]
    return sum(w >= 0.75 * wide for w in widths) >= PROSE_FILL * len(widths)

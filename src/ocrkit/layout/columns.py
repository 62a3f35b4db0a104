"""Columns of a table that no ruling shows: from how the pieces of its rows stand above one another.

Works in the reading frame; every length is in heights of an ordinary line.
"""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ocrkit.layout.cells import is_number
from ocrkit.layout.lists import has_leader, is_marker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.layout.pieces import Piece

Row = list["Piece"]
Span = tuple[float, float]

COLUMN_SPACES = 1.5
"""Least blank between two columns right through the table, in spaces between words."""

CORE = 0.6
"""A row with this share of the pieces of the fullest rows shows the columns; others may span them."""

FIGURE_ROWS = 3
"""So many rows of figures show the columns alone; two do where all others have fewer cells."""

TOLERATED = 0.08
"""Share of the rows that may run across the blank between two columns."""

CLOSE_ROWS = 5
"""Rows that it takes to part two columns of words which are hardly further apart than words are."""

LOOSE_ROWS = 2.5
"""Rows further apart than this are of one table only if the columns say so."""

FAR_ROWS = 4.0
"""Rows further apart than this are not of one table even where their columns agree."""

PROSE_CELL = 9.0
"""A column whose lines are mostly wider than this holds sentences."""

MIN_FILL = 0.4
"""Share of the grid that holds text in a table that no ruling shows."""

ALIGNED = 0.6
"""Deviation from a common edge, in heights of a line, that still counts as aligned."""

PAIR = 2
"""Columns of a table that is easily mistaken: a name and its value are no table."""

PAIR_ROWS = 3
"""Least rows of a table of two columns, one of them figures."""

PAIR_WORD_ROWS = 6
"""Least rows of a table of two columns of words."""

WORD_ROWS = 4
"""Least rows of a table of more columns, all of words."""

FIGURES = 0.5
"""A column is one of figures when this share of its cells holds one."""

BESIDE = 1.5
"""Least blank, in heights of a line, between two tables side by side."""

TWICE = 1.8
"""That blank is this many times as wide as any within the two."""

MOST = 0.7
"""Share of cells, or of columns, that must align."""

_KEY = re.compile(r"[:：]\s*$")


def columns_of(rows: Sequence[Row], space: float) -> list[Span]:
    """The columns of the rows, from left to right; one where nothing parts them.

    Args:
        rows: cut where cells seem to end.
        space: width of an ordinary blank between words.
    """
    counts = sorted(len(row) for row in rows)
    if not counts:
        return []
    fullest = counts[int(len(counts) * 0.9)]
    core = [row for row in rows if len(row) >= max(2.0, CORE * fullest)]
    if not core:
        return []
    # Names of columns may stand closer together than the figures below them.
    figures = [row for row in core if 2 * sum(is_number(p.text) for p in row) >= len(row)]
    others = max((len(row) for row in core if not any(row is other for other in figures)), default=0)
    enough = len(figures) >= FIGURE_ROWS or (len(figures) >= PAIR and min(map(len, figures)) > others)
    core = figures if enough and max(map(len, figures)) >= fullest else core
    events: list[tuple[float, int]] = []
    for row in core:
        for piece in row:
            events += [(piece.box[0], 1), (piece.box[2], -1)]
    events.sort(key=lambda e: (e[0], -e[1]))
    tolerated = int(TOLERATED * len(core))
    columns: list[Span] = []
    depth, start, last = 0, events[0][0], events[0][0]
    inside = False
    for at, step in events:
        depth += step
        if not inside and depth > tolerated:
            start = columns.pop()[0] if columns and at - columns[-1][1] < COLUMN_SPACES * space else at
            inside = True
        elif inside and depth <= tolerated:
            columns.append((start, at))
            inside = False
        last = at
    if inside:
        columns.append((start, last))
    return columns


def close_columns(rows: Sequence[Row], columns: Sequence[Span], space: float) -> list[Span]:
    """The columns, each parted once more where a blank goes through it in enough of its rows.

    Args:
        rows: cut at every gap that is wider than a space.
        columns: as found from the wide gaps.
        space: width of an ordinary blank between words.
    """
    parted: list[Span] = []
    for start, end in columns:
        inside = [[p for p in row if start <= (p.box[0] + p.box[2]) / 2 <= end] for row in rows]
        within = columns_of(inside, space)
        if len(within) > 1 and all(_both(inside, left, right) for left, right in pairwise(within)):
            parted += [(start, within[0][1]), *within[1:-1], (within[-1][0], end)]
        else:
            parted.append((start, end))
    return parted


def _both(rows: Sequence[Row], left: Span, right: Span) -> bool:
    """Whether enough rows have a piece in either column: few will do where these are figures."""
    pairs = [
        (before, after)
        for row in rows
        for before, after in pairwise(row)
        if before.box[2] <= left[1] + 1 and after.box[0] >= right[0] - 1
    ]
    figures = sum(is_number(before.text) and is_number(after.text) for before, after in pairs)
    return len(pairs) >= CLOSE_ROWS or (figures > 1 and figures == len(pairs))


def place(piece: Piece, columns: Sequence[Span]) -> tuple[int, int]:
    """The first column of the piece and how many it spans."""
    x0, x1 = piece.box[0], piece.box[2]
    shares = [min(x1, c1) - max(x0, c0) for c0, c1 in columns]
    touched = [i for i, share in enumerate(shares) if share > 0.25 * min(x1 - x0, columns[i][1] - columns[i][0])]
    if not touched:
        return (max(range(len(columns)), key=lambda i: shares[i]), 1)
    return (touched[0], touched[-1] - touched[0] + 1)


def places(row: Row, columns: Sequence[Span]) -> list[tuple[int, int]]:
    """For each piece of the row its first column and how many it spans: none that another piece stands in."""
    spots = [place(piece, columns) for piece in row]
    own = [_nearest(piece, columns) if span > 1 else first for piece, (first, span) in zip(row, spots, strict=True)]
    found = []
    for i, (first, span) in enumerate(spots):
        left = max((at + 1 for at in own[:i] if at < own[i]), default=0)
        right = min((at for at in own[i + 1 :] if at > own[i]), default=len(columns))
        start, end = max(first, left), min(first + span, right)
        found.append((start, end - start) if start <= own[i] < end else (own[i], 1))
    return found


def _nearest(piece: Piece, columns: Sequence[Span]) -> int:
    """The column that has most in common with the piece."""
    return max(range(len(columns)), key=lambda i: min(piece.box[2], columns[i][1]) - max(piece.box[0], columns[i][0]))


def is_table(rows: Sequence[Row], columns: Sequence[Span], em: float) -> bool:
    """Whether rows without rulings are a table, not columns of prose, a letter's keys and values, a list of contents.

    Figures are the strongest sign; a table of words must have more rows, and edges that align.
    """
    full = [row for row in rows if len(row) > 1]
    if len(columns) <= 1 or len(full) <= 1:
        return False
    by_column: list[list[Piece]] = [[] for _ in columns]
    for row in rows:
        for piece in row:
            first, span = place(piece, columns)
            if span == 1:
                by_column[first].append(piece)
    if not all(by_column) or _is_prose(by_column, em) or _is_list(by_column):
        return False
    # A row of one piece within one column is one more line of a cell.
    grid_rows = [row for row in rows if len(row) > 1 or place(row[0], columns)[1] > 1]
    fill = sum(place(p, columns)[1] == 1 for row in grid_rows for p in row) / (len(grid_rows) * len(columns))
    leaders = sum(has_leader(p.text) for row in full for p in row)
    if fill < MIN_FILL or (len(columns) == PAIR and leaders > len(full) / 2):
        return False
    figures = [sum(is_number(p.text) for p in column) / len(column) for column in by_column]
    numeric = sum(share >= FIGURES for share in figures[1:])
    keyed = sum(bool(_KEY.search(row[0].text)) for row in full) > 0.4 * len(full)
    aligned = _edges_align(by_column, em)
    if len(columns) == PAIR:
        return not keyed and aligned == PAIR and len(full) >= (PAIR_ROWS if numeric else PAIR_WORD_ROWS)
    if numeric:
        return not keyed or numeric > 1
    return not keyed and len(full) >= WORD_ROWS and aligned >= MOST * len(columns)


def side_by_side(rows: Sequence[Row], columns: Sequence[Span], em: float) -> int:
    """The column at which a second table begins beside the first; 0 where it is one table.

    The blank between the two is wider than any other, and on either side of it names come before figures.
    """
    blanks = [right[0] - left[1] for left, right in pairwise(columns)]
    if len(columns) < 2 * PAIR:
        return 0
    widest = max(blanks)
    edge = blanks.index(widest) + 1
    others = [blank for blank in blanks if blank is not widest]
    if widest < BESIDE * em or widest < TWICE * max(others) or not PAIR <= edge <= len(columns) - PAIR:
        return 0
    body = [[p for row in rows for p in row if place(p, columns) == (i, 1)] for i in range(len(columns))]
    figures = [sum(is_number(p.text) for p in column) >= FIGURES * len(column) for column in body]
    names_first = not figures[0] and not figures[edge]
    return edge if names_first and all(figures[1:edge]) and all(figures[edge + 1 :]) else 0


def _is_prose(by_column: Sequence[Sequence[Piece]], em: float) -> bool:
    """Whether two columns or more hold mostly sentences."""
    wide = sum(median(p.width for p in column) > PROSE_CELL * em for column in by_column)
    return wide > 1


def _is_list(by_column: Sequence[Sequence[Piece]]) -> bool:
    """Whether all columns but the last hold the markers of a list."""
    return all(sum(is_marker(p.text) for p in column) > len(column) / 2 for column in by_column[:-1])


def _edges_align(by_column: Sequence[Sequence[Piece]], em: float) -> int:
    """How many columns have a common left edge, right edge or middle."""
    aligned = 0
    for column in by_column:
        for edges in ([p.box[0] for p in column], [p.box[2] for p in column], [sum(p.box[::2]) / 2 for p in column]):
            usual = median(edges)
            if sum(abs(e - usual) <= ALIGNED * em for e in edges) >= MOST * len(edges):
                aligned += 1
                break
    return aligned

"""Lines of text into the rows of a table: which lines go on with the cells above, and what a header spans.

Works in the reading frame. Knows the columns and the rulings, not how either was found.
"""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ocrkit.layout.cells import Slot, is_number
from ocrkit.layout.columns import places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.layout.columns import Row, Span
    from ocrkit.layout.grids import Ruling
    from ocrkit.layout.pieces import Piece

TIGHT = 0.88
"""A row closer to the one before than this share of the usual distance may go on with its cells."""

AGAIN = 2
"""Where figures stand below others in so many columns, no cells of several lines do so by chance."""

SPANNING = 2
"""A cell above so many others spans them."""

CENTRED = 0.15
"""A cell that spans others is centred over them within this share of their width."""

_YEAR = re.compile(r"(19|20)\d\d")


def slots_of(rows: Sequence[Row], columns: Sequence[Span], rulings: Sequence[Ruling] = ()) -> list[Slot]:
    """The pieces of the rows in the cells of a table, rows that continue others merged into them.

    Args:
        rows: lines of text from top to bottom, cut at the columns.
        columns: where each begins and ends.
        rulings: level rulings among the rows, which part them, and show what a header spans.
    """
    logical = _logical_rows(rows, columns, rulings)
    slots: list[Slot] = []
    for number, (group, below) in enumerate(zip(logical, [*logical[1:], []], strict=True)):
        spanned = _spanned(_naming(group, columns), below[0], columns, rulings=rulings) if below else {}
        slots += _row_slots(number, group, columns, spanned=spanned)
    return slots


def banded_slots(rows: Sequence[Row], columns: Sequence[Span], bands: Sequence[float]) -> list[Slot]:
    """The pieces of the rows in cells, what stands between two rulings being one row.

    Several rows with names and figures of their own stay rows: a ruling between them was not seen, or not drawn.
    """
    logical: list[list[Row]] = []
    for band in by_band(rows, bands):
        full = [row for row in band if len(row) > 1 and places(row, columns)[0][0] == 0 and _has_figures(row)]
        again = any(len(_figures_again(band[:i], row, columns)) >= AGAIN for i, row in enumerate(band))
        logical += _logical_rows(band, columns, ()) if len(full) > 1 or again else [band]
    return [slot for number, group in enumerate(logical) for slot in _row_slots(number, group, columns, spanned={})]


def _has_figures(row: Row) -> bool:
    return any(is_number(p.text) and not _YEAR.fullmatch(p.text) for p in row)


def by_band(rows: Sequence[Row], bands: Sequence[float]) -> list[list[Row]]:
    """The rows between each two rulings as one."""
    merged: dict[int, list[Row]] = {}
    for row in rows:
        merged.setdefault(sum(middle_of(row) > at for at in bands), []).append(row)
    return list(merged.values())


def has_figures(row: Row) -> bool:
    """Whether figures are half of the row or more; a bold number before words numbers a heading."""
    figures = [is_number(piece.text) for piece in row]
    heads = figures[0] and not any(figures[1:]) and all(piece.line.bold for piece in row)
    return 2 * sum(figures) >= len(row) > 1 and not heads


def middle_of(row: Row) -> float:
    """Height at which the row stands."""
    return median(p.middle for p in row)


def _row_slots(
    number: int, group: Sequence[Row], columns: Sequence[Span], *, spanned: dict[int, tuple[int, int]]
) -> list[Slot]:
    """The cells of one row; `spanned` says for some of its pieces, by their id, what they cover."""
    placed = [
        (*spanned.get(id(piece), at), piece)
        for row in group
        for at, piece in zip(places(row, columns), row, strict=True)
    ]
    cells: list[tuple[int, int, list[Piece]]] = []
    for first, span, piece in sorted(placed, key=lambda item: (item[0], item[2].box[0])):
        if cells and first < cells[-1][0] + cells[-1][1]:
            before, width, others = cells[-1]
            cells[-1] = (before, max(width, first + span - before), [*others, piece])
        else:
            cells.append((first, span, [piece]))
    return [Slot(number, first, 1, span, pieces) for first, span, pieces in cells]


def _logical_rows(rows: Sequence[Row], columns: Sequence[Span], rulings: Sequence[Ruling]) -> list[list[Row]]:
    filled = [{first for first, _ in places(row, columns)} for row in rows]
    steps = [
        middle_of(b) - middle_of(a)
        for (a, b), mine in zip(pairwise(rows), filled[1:], strict=True)
        if 0 in mine and len(mine) > 1
    ]
    usual = median(steps) if steps else 0.0
    merged: list[list[Row]] = []
    before: set[int] = set()
    heading = True
    for row, mine in zip(rows, filled, strict=True):
        heading = heading and not _has_figures(row)
        step = middle_of(row) - middle_of(merged[-1][-1]) if merged else 0.0
        joins = bool(merged) and not _ruled_apart(merged[-1][-1], row, rulings)
        if joins and heading:
            joins = not _spanned(_naming(merged[-1], columns), row, columns, rulings=rulings) and (
                step < TIGHT * usual or (step <= usual and _goes_on(row, mine, before))
            )
        elif joins:
            joins = _continues(row, mine, before, close=(step < TIGHT * usual, step <= usual)) and not (
                _figures_again(merged[-1], row, columns)
            )
        if joins:
            merged[-1].append(row)
            before = before | mine
        else:
            merged.append([row])
            before = mine
    return merged


def _naming(group: Sequence[Row], columns: Sequence[Span]) -> Row:
    """The last line of a header row that names columns other than the first."""
    return next((row for row in reversed(group) if any(at for at, _ in places(row, columns))), group[-1])


def _goes_on(row: Row, mine: set[int], before: set[int]) -> bool:
    """Whether the row goes on with names that begin in the row above."""
    return mine <= before and all(p.text[:1].islower() for p in row)


def _continues(row: Row, mine: set[int], before: set[int], *, close: tuple[bool, bool]) -> bool:
    """Whether the row goes on with the cells of the one before.

    Where rows stand apart and lines within them close, that tells; else figures of its own make it a row.
    """
    tight, near = close
    if mine == {0}:
        # The rest of a label; a label that heads the rows below it stands as far from those above.
        return tight or (near and row[0].text[:1].islower() and 0 in before)
    if 0 in mine:
        # A label broken before its figures: "Income for the / year   12  13".
        return before == {0} and (tight or row[0].text[:1].islower())
    if tight:
        return 0 in before
    return near and mine <= before and not any(is_number(p.text) for p in row)


def _figures_again(above: Sequence[Row], row: Row, columns: Sequence[Span]) -> set[int]:
    """The columns in which a figure of the row stands below one of the lines above it: a cell holds one."""
    return _figured(row, columns) & {at for line in above for at in _figured(line, columns)}


def _figured(row: Row, columns: Sequence[Span]) -> set[int]:
    """The columns, other than the first, in which the row has figures."""
    return {at for (at, _), p in zip(places(row, columns), row, strict=True) if at and is_number(p.text)}


def _ruled_apart(above: Row, below: Row, rulings: Sequence[Ruling]) -> bool:
    """Whether a ruling over most of the rows' width stands between them."""
    start, end = min(above[0].box[0], below[0].box[0]), max(above[-1].box[2], below[-1].box[2])
    return any(
        middle_of(above) < r.at < middle_of(below) and r.end - r.start > (end - start) / 2 and r.start < end
        for r in rulings
    )


def _spanned(
    upper: Row, lower: Row, columns: Sequence[Span], *, rulings: Sequence[Ruling]
) -> dict[int, tuple[int, int]]:
    """What the cells of a header row cover of the row below, by their ids; empty where they cover a column each."""
    below = [(at, p) for (at, _), p in zip(places(lower, columns), lower, strict=True) if at > 0]
    above = [p for (at, _), p in zip(places(upper, columns), upper, strict=True) if at > 0]
    if not above or len(below) <= len(above) or _has_figures(upper):
        return {}
    by_rule = _under_rulings(above, below, [r for r in rulings if middle_of(upper) < r.at < middle_of(lower)])
    if by_rule:
        return by_rule
    groups = _nearest(above, below)
    if len(groups) < len(above) or any(len(group) < SPANNING for group in groups.values()):
        return {}
    same = len(groups) > 1 and len({len(group) for group in groups.values()}) == 1
    for piece in above:
        parts = [p for _, p in groups[id(piece)]]
        start, end = parts[0].box[0], parts[-1].box[2]
        centre = (piece.box[0] + piece.box[2]) / 2
        centred = abs(centre - (start + end) / 2) <= CENTRED * (end - start)
        between = not any(p.box[0] < centre < p.box[2] for p in parts)
        if not ((same and centred) or between):
            return {}
    return {key: (group[0][0], group[-1][0] - group[0][0] + 1) for key, group in groups.items()}


def _under_rulings(
    above: Sequence[Piece], below: Sequence[tuple[int, Piece]], rulings: Sequence[Ruling]
) -> dict[int, tuple[int, int]]:
    """The cells that a short ruling parts from several below."""
    found = {}
    for ruling in rulings:
        over = [p for p in above if ruling.start < (p.box[0] + p.box[2]) / 2 < ruling.end]
        under = [at for at, p in below if ruling.start < (p.box[0] + p.box[2]) / 2 < ruling.end]
        if len(over) == 1 and len(under) >= SPANNING:
            found[id(over[0])] = (under[0], under[-1] - under[0] + 1)
    return found


def _nearest(above: Sequence[Piece], below: Sequence[tuple[int, Piece]]) -> dict[int, list[tuple[int, Piece]]]:
    """The pieces below in groups, each with that piece above, by its id, whose middle is nearest."""
    groups: dict[int, list[tuple[int, Piece]]] = {}
    for at, piece in below:
        middle = (piece.box[0] + piece.box[2]) / 2
        over = min(above, key=lambda p: abs((p.box[0] + p.box[2]) / 2 - middle))
        groups.setdefault(id(over), []).append((at, piece))
    return groups

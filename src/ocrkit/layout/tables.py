"""Tables of a page: ruled ones from their rulings, others from the columns that their rows form.

Works in the reading frame. A table without rulings is only claimed where little else is possible; a wrong table does
more harm than a missed one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ocrkit.layout.cells import Slot, is_number, table_block
from ocrkit.layout.columns import CORE, FAR_ROWS, LOOSE_ROWS, MOST, close_columns, columns_of, is_table, place
from ocrkit.layout.grids import around, grids_of, rulings_of, stacks_of
from ocrkit.layout.rows import rows_of, split_at, split_at_gaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.geometry import BBox
    from ocrkit.layout.columns import Row, Span
    from ocrkit.layout.grids import Grid
    from ocrkit.layout.pieces import Frame, Piece
    from ocrkit.model import Block

CELL_GAP = 1.0
"""Words further apart than this belong to different cells."""

WORD_GAP = 0.4
"""Words further apart than this belong to different cells if that gap goes through the rows."""

TIGHT = 0.85
"""A row closer to the one before than this share of the usual distance may go on with its cells."""

SINGLES = 5
"""More rows of a single piece than this, less one, end a table: they are more than the lines of one cell."""

HIDDEN_ROWS = 3
"""So many aligned text rows between two rulings are rows of the table."""

BAND_ROWS = 2
"""Where rulings stand so close that this many lines of text fit between them, each strip is a row of the table."""

STACK = 3
"""Horizontal rulings of the same length that make a table of the rows between them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A table and the pieces that it took from the page."""

    block: Block
    box: BBox
    pieces: list[Piece]


def ruled_tables(rulings: Sequence[BBox], pieces: Sequence[Piece], frame: Frame, *, em: float) -> list[Found]:
    """The tables that the rulings show, each piece in one of them at most."""
    upright, level = rulings_of(rulings, em)
    left = list(pieces)
    found: list[Found] = []
    for grid in sorted(grids_of(upright, level, em), key=lambda g: -_area(g.box)):
        inside = _inside(grid.box, left, em)
        block = _from_grid(grid, inside, frame)
        if block:
            found.append(Found(block, grid.box, inside))
            left = _without(left, inside)
    boxes = [f.box for f in found]
    free = [
        b
        for b in level
        if not any(x0 - em < b.start and b.end < x1 + em and y0 - em < b.at < y1 + em for x0, y0, x1, y1 in boxes)
    ]
    for stack in stacks_of(free, em, STACK):
        inside = _inside(around(stack), left, em)
        block = _from_stack([b.at for b in stack], inside, frame, em=em)
        if block:
            found.append(Found(block, around(stack), inside))
            left = _without(left, inside)
    return found


def unruled_tables(rows: Sequence[Row], frame: Frame, em: float) -> list[tuple[int, int, Block]]:
    """The tables among the rows of a region as `(first row, row after the last, block)`."""
    cut = [[part for piece in row for part in split_at_gaps(piece, frame, CELL_GAP * em)] for row in rows]
    tables = []
    for start, end in _runs(cut, FAR_ROWS * em):
        whole = _unruled(cut, (start, end), frame, em=em)
        if whole:
            tables.append(whole)
            continue
        parts = ((start + a, start + b) for a, b in _runs(cut[start:end], LOOSE_ROWS * em))
        tables += [table for part in parts if (table := _unruled(cut, part, frame, em=em))]
    return tables


def _unruled(rows: Sequence[Row], run: tuple[int, int], frame: Frame, *, em: float) -> tuple[int, int, Block] | None:
    """The table that the run of rows is, with the lines below that go on with its last cells, or `None`."""
    start, end = run
    columns, parted = _columns(rows[start:end], frame, em)
    if not is_table(parted, columns, em):
        return None
    while end < len(rows) and _hangs(rows[end - 1], rows[end], columns, em=em):
        parted.append(rows[end])
        end += 1
    block = table_block(_slots(parted, columns, []))
    return (start, end, block) if block else None


def _hangs(above: Row, row: Row, columns: Sequence[Span], *, em: float) -> bool:
    """Whether the row is one more line of a cell that is not in the first column."""
    column, span = place(row[0], columns)
    left, right = columns[column]
    within = left - em < row[0].box[0] and row[0].box[2] < right + em
    return len(row) == 1 and column > 0 and span == 1 and within and _gap(above, row) < em / 2


def _columns(rows: Sequence[Row], frame: Frame, em: float) -> tuple[list[Span], list[Row]]:
    """The columns, also those that stand close together, and the rows cut at them.

    A row of few pieces may span columns, as a header does, and is left as it is.
    """
    columns = columns_of(rows, em)
    if len(columns) <= 1:
        return columns, list(rows)
    fine = [[part for piece in row for part in split_at_gaps(piece, frame, WORD_GAP * em)] for row in rows]
    columns = close_columns(fine, columns, em)
    edges = [(left[1] + right[0]) / 2 for left, right in pairwise(columns)]
    full = CORE * len(columns)
    return columns, [
        [part for piece in coarse for part in split_at(piece, frame, edges)] if len(parts) >= full else coarse
        for coarse, parts in zip(rows, fine, strict=True)
    ]


def _runs(rows: Sequence[Row], apart: float) -> list[tuple[int, int]]:
    """Stretches of rows that could be a table: rows of several pieces, with few single ones between."""
    runs: list[tuple[int, int]] = []
    start, last = None, 0
    for i, row in enumerate(rows):
        if start is not None and (i - last > SINGLES or _gap(rows[i - 1], row) > apart):
            runs.append((start, last + 1))
            start = None
        if len(row) > 1:
            start, last = (i if start is None else start), i
    if start is not None:
        runs.append((start, last + 1))
    return [run for run in runs if run[1] - run[0] > 1]


def _slots(rows: Sequence[Row], columns: Sequence[Span], bands: Sequence[float]) -> list[Slot]:
    """The pieces of the rows in the cells of a table, rows that continue others merged into them."""
    logical = [[piece for row in same for piece in row] for same in _logical_rows(rows, columns, bands)]
    slots: list[Slot] = []
    for number, members in enumerate(logical):
        placed: list[tuple[int, int, list[Piece]]] = []
        for piece in sorted(members, key=lambda p: p.box[0]):
            first, span = place(piece, columns)
            if placed and first < placed[-1][0] + placed[-1][1]:
                before, width, others = placed[-1]
                placed[-1] = (before, max(width, first + span - before), [*others, piece])
            else:
                placed.append((first, span, [piece]))
        slots += [Slot(number, first, 1, span, others) for first, span, others in placed]
    return slots


def _logical_rows(rows: Sequence[Row], columns: Sequence[Span], bands: Sequence[float]) -> list[list[Row]]:
    if bands:
        return _by_band(rows, bands)
    steps = [_middle(b) - _middle(a) for a, b in pairwise(rows) if _first_filled(b, columns)]
    usual = median(steps) if steps else 0.0
    merged: list[list[Row]] = []
    figures = False
    for row in rows:
        step = _middle(row) - _middle(merged[-1][-1]) if merged else 0.0
        tight, near = step < TIGHT * usual, step <= usual
        mine = any(is_number(p.text) for p in row)
        header = tight and not figures and not mine
        if merged and (header or _continues(merged[-1], row, columns, near=near, tight=tight)):
            merged[-1].append(row)
        else:
            merged.append([row])
        figures = figures or mine
    return merged


def _continues(before: Sequence[Row], row: Row, columns: Sequence[Span], *, near: bool, tight: bool) -> bool:
    """Whether the row goes on with the cells of the one before, its own first cell being empty.

    Where rows stand apart and lines within them close, that tells; else figures of its own make it a row.
    """
    filled = {place(p, columns)[0] for r in before for p in r}
    mine = {place(p, columns)[0] for p in row}
    if 0 in mine:
        # A label broken before its figures: "Income for the / year   12  13".
        return filled == {0} and row[0].text[:1].islower() and mine != {0}
    if tight:
        return 0 in filled
    return near and mine <= filled and not any(is_number(p.text) for p in row)


def _by_band(rows: Sequence[Row], bands: Sequence[float]) -> list[list[Row]]:
    """The rows between each two rulings as one."""
    merged: dict[int, list[Row]] = {}
    for row in rows:
        merged.setdefault(sum(_middle(row) > at for at in bands), []).append(row)
    return list(merged.values())


def _from_grid(grid: Grid, inside: Sequence[Piece], frame: Frame) -> Block | None:
    """The table of a grid; `None` for a frame around text, a chart, a grid with next to nothing in it."""
    cells = grid.cells()
    parts = [part for piece in inside for part in split_at(piece, frame, grid.xs)]
    slots = [Slot(*cell) for cell in cells]
    at = {
        (r, c): s
        for s in slots
        for r in range(s.row, s.row + s.row_span)
        for c in range(s.column, s.column + s.column_span)
    }
    for part in parts:
        row = _index(grid.ys, part.middle)
        column = _index(grid.xs, (part.box[0] + part.box[2]) / 2)
        at[row, column].pieces.append(part)
    filled = [s for s in slots if s.pieces]
    if len({s.row for s in filled}) <= 1 or len({s.column for s in filled}) <= 1:
        return None
    return table_block(_refined(filled))


def _refined(slots: list[Slot]) -> list[Slot]:
    """The slots, those of a grid row cut into text rows where its columns hold aligned lines that no ruling parts."""
    refined: list[Slot] = []
    shift = 0
    for number in sorted({s.row for s in slots}):
        mine = [s for s in slots if s.row == number]
        parted = _text_rows(mine) if all(s.row_span == 1 for s in mine) else []
        if not parted:
            refined += [Slot(s.row + shift, s.column, s.row_span, s.column_span, s.pieces) for s in mine]
            continue
        places = [*parted, float("inf")]
        refined += [
            Slot(number + shift + _index(places, piece.middle), slot.column, 1, slot.column_span, [piece])
            for slot in mine
            for piece in slot.pieces
        ]
        shift += len(parted) - 1
    return _collected(refined)


def _text_rows(slots: Sequence[Slot]) -> list[float]:
    """Tops of the text rows in a grid row that holds several table rows; empty where it holds one."""
    rows = rows_of(p for s in slots for p in s.pieces)
    full = [row for row in rows if len(row) > 1]
    if len(slots) <= 1 or len(full) < HIDDEN_ROWS or len(full) < MOST * len(rows):
        return []
    return [min(p.box[1] for p in row) for row in rows]


def _collected(slots: Sequence[Slot]) -> list[Slot]:
    """The slots with those at one place as one."""
    at: dict[tuple[int, int], Slot] = {}
    for slot in slots:
        key = (slot.row, slot.column)
        if key in at:
            at[key].pieces.extend(slot.pieces)
        else:
            at[key] = slot
    return list(at.values())


def _from_stack(bands: Sequence[float], inside: Sequence[Piece], frame: Frame, *, em: float) -> Block | None:
    """The table between horizontal rulings; `None` where what stands there has no columns."""
    rows = rows_of(part for piece in inside for part in split_at_gaps(piece, frame, CELL_GAP * em))
    columns, rows = _columns(rows, frame, em)
    if len(columns) <= 1 or sum(len(row) > 1 for row in rows) <= 1:
        return None
    by_band = _by_band(rows, bands)
    ruled_rows = len(by_band) >= STACK and median(map(len, by_band)) <= BAND_ROWS
    if not ruled_rows and not is_table(rows, columns, em):
        return None
    return table_block(_slots(rows, columns, bands if ruled_rows else []))


def _inside(box: BBox, pieces: Sequence[Piece], em: float) -> list[Piece]:
    slack = em / 2
    return [
        p
        for p in pieces
        if box[0] - slack <= (p.box[0] + p.box[2]) / 2 <= box[2] + slack and box[1] <= p.middle <= box[3]
    ]


def _without(pieces: Sequence[Piece], taken: Sequence[Piece]) -> list[Piece]:
    ids = {id(p) for p in taken}
    return [p for p in pieces if id(p) not in ids]


def _index(edges: Sequence[float], value: float) -> int:
    """The step between two edges in which the value lies, the nearest where it lies outside."""
    return min(max(sum(value >= edge for edge in edges) - 1, 0), len(edges) - 2)


def _first_filled(row: Row, columns: Sequence[Span]) -> bool:
    return place(row[0], columns)[0] == 0


def _gap(above: Row, below: Row) -> float:
    return min(p.box[1] for p in below) - max(p.box[3] for p in above)


def _middle(row: Row) -> float:
    return median(p.middle for p in row)


def _area(box: BBox) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])

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
from ocrkit.layout.columns import LOOSE_ROWS, columns_of, is_table, place
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

TIGHT = 0.75
"""A row closer to the one before than this share of the usual distance may continue its cells."""

STACK = 3
"""Horizontal rulings of the same length that make a table of the rows between them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A table and the pieces that it took from the page."""

    block: Block
    box: BBox
    pieces: list[Piece]


def ruled_tables(rulings: Sequence[BBox], pieces: Sequence[Piece], frame: Frame, em: float) -> list[Found]:
    """The tables that the rulings show, each piece in one of them at most."""
    upright, level = rulings_of(rulings, em)
    left = list(pieces)
    found: list[Found] = []
    for grid in sorted(grids_of(upright, level, em), key=lambda g: -_area(g.box)):
        inside = _inside(grid.box, left, em)
        block = _from_grid(grid, inside, frame, em)
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
        block = _from_stack([b.at for b in stack], inside, frame, em)
        if block:
            found.append(Found(block, around(stack), inside))
            left = _without(left, inside)
    return found


def unruled_tables(rows: Sequence[Row], frame: Frame, em: float) -> list[tuple[int, int, Block]]:
    """The tables among the rows of a region as `(first row, row after the last, block)`."""
    cut = [[part for piece in row for part in split_at_gaps(piece, frame, CELL_GAP * em)] for row in rows]
    tables = []
    for start, end in _runs(cut, em):
        columns = columns_of(cut[start:end], em)
        if is_table(cut[start:end], columns, em):
            block = table_block(_slots(cut[start:end], columns, []))
            if block:
                tables.append((start, end, block))
    return tables


def _runs(rows: Sequence[Row], em: float) -> list[tuple[int, int]]:
    """Stretches of rows that could be a table: rows of several pieces, with at most two single ones between."""
    runs: list[tuple[int, int]] = []
    start, last = None, 0
    for i, row in enumerate(rows):
        if start is not None and (i - last > 3 or _gap(rows[i - 1], row) > LOOSE_ROWS * em):
            runs.append((start, last + 1))
            start = None
        if len(row) > 1:
            start, last = (i if start is None else start), i
    if start is not None:
        runs.append((start, last + 1))
    return [run for run in runs if run[1] - run[0] > 1]


def _slots(rows: Sequence[Row], columns: Sequence[Span], bands: Sequence[float]) -> list[Slot]:
    """The pieces of the rows in the cells of a table, rows that continue others merged into them."""
    logical: list[list[Piece]] = []
    for same in _logical_rows(rows, columns, bands):
        logical.append([piece for row in same for piece in row])
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
    for row in rows:
        if merged and _continues(merged[-1], row, columns, usual):
            merged[-1].append(row)
        else:
            merged.append([row])
    return merged


def _continues(before: Sequence[Row], row: Row, columns: Sequence[Span], usual: float) -> bool:
    """Whether the row goes on with cells of the one before: no figures of its own, and nothing where they had none."""
    filled = {place(p, columns)[0] for r in before for p in r}
    mine = {place(p, columns)[0] for p in row}
    if 0 in mine:
        # A label broken before its figures: "Income for the / year   12  13".
        return filled == {0} and row[0].text[:1].islower() and mine != {0}
    return mine <= filled and not any(is_number(p.text) for p in row) and _middle(row) - _middle(before[-1]) <= usual


def _by_band(rows: Sequence[Row], bands: Sequence[float]) -> list[list[Row]]:
    """The rows between each two rulings as one."""
    merged: dict[int, list[Row]] = {}
    for row in rows:
        merged.setdefault(sum(_middle(row) > at for at in bands), []).append(row)
    return list(merged.values())


def _from_grid(grid: Grid, inside: Sequence[Piece], frame: Frame, em: float) -> Block | None:
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
    if len({s.row for s in filled}) < 2 or len({s.column for s in filled}) < 2:
        return None
    return table_block(_refined(filled, frame, em))


def _refined(slots: list[Slot], frame: Frame, em: float) -> list[Slot]:
    """The slots, those of a grid row cut into text rows where its columns hold aligned lines that no ruling parts."""
    refined: list[Slot] = []
    shift = 0
    for number in sorted({s.row for s in slots}):
        mine = [s for s in slots if s.row == number]
        parted = _text_rows(mine, em) if all(s.row_span == 1 for s in mine) else []
        if not parted:
            refined += [Slot(s.row + shift, s.column, s.row_span, s.column_span, s.pieces) for s in mine]
            continue
        for slot in mine:
            for piece in slot.pieces:
                refined.append(
                    Slot(
                        number + shift + _index([*parted, float("inf")], piece.middle),
                        slot.column,
                        1,
                        slot.column_span,
                        [piece],
                    )
                )
        shift += len(parted) - 1
    return _collected(refined)


def _text_rows(slots: Sequence[Slot], em: float) -> list[float]:
    """Tops of the text rows in a grid row that holds several table rows; empty where it holds one."""
    rows = rows_of(p for s in slots for p in s.pieces)
    full = [row for row in rows if len(row) > 1]
    if len(slots) < 2 or len(full) < 3 or len(full) < 0.7 * len(rows):
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


def _from_stack(bands: Sequence[float], inside: Sequence[Piece], frame: Frame, em: float) -> Block | None:
    """The table between horizontal rulings; `None` where what stands there has no columns."""
    rows = rows_of(part for piece in inside for part in split_at_gaps(piece, frame, CELL_GAP * em))
    columns = columns_of(rows, em)
    if len(columns) < 2 or sum(len(row) > 1 for row in rows) < 2:
        return None
    by_band = _by_band(rows, bands)
    ruled_rows = len(by_band) > 2 and median(len(band) for band in by_band) <= 2
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

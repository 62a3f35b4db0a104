"""The table that a grid of rulings shows: its pieces sorted into cells, rows that no ruling parts told apart.

Works in the reading frame.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ocrkit.layout.cells import Slot, is_number, table_block
from ocrkit.layout.columns import MOST
from ocrkit.layout.rows import rows_of, split_at, word_gaps
from ocrkit.layout.side_blocks import blocks_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.layout.grids import Grid
    from ocrkit.layout.pieces import Frame, Piece
    from ocrkit.model import Block

HIDDEN_ROWS = 3
"""So many aligned text rows between two rulings are rows of the table."""


FAR = 1.5
"""Texts of one cell that stand so far apart at a ruling above or below are texts of two, in heights of a line."""

LEAST_BESIDE = 2
"""Blocks side by side in one cell have at least so many lines."""


def from_grid(grid: Grid, inside: Sequence[Piece], frame: Frame, *, em: float) -> Block | None:
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
    filled = [part for s in slots if s.pieces for part in _cut(s, grid.xs, frame, em=em)]
    if len({s.row for s in filled}) <= 1 or len({s.column for s in filled}) <= 1:
        return None
    return table_block([_with_blocks(slot, em) for slot in _refined(_unspanned(filled, grid.ys))])


def _unspanned(slots: Sequence[Slot], ys: Sequence[float]) -> list[Slot]:
    """The slots, those over several rows cut into rows where they hold a line for each, as others there do.

    Where only cells of figures are shaded, nothing parts those beside them. A name of several lines over as many rows
    stands alone, and is left.
    """
    lined = {id(slot): rows for slot in slots if (rows := _lines_by_row(slot, ys))}
    alike = Counter((slot.row, slot.row_span) for slot in slots if id(slot) in lined)
    found: list[Slot] = []
    for slot in slots:
        several = alike[slot.row, slot.row_span] > 1
        if id(slot) in lined and (several or all(is_number(piece.text) for piece in slot.pieces)):
            found += [Slot(row, slot.column, 1, slot.column_span, line) for row, line in lined[id(slot)].items()]
        else:
            found.append(slot)
    return found


def _lines_by_row(slot: Slot, ys: Sequence[float]) -> dict[int, list[Piece]]:
    """The lines of a slot over several rows by the row that each is level with; empty unless there is one for each."""
    lines = rows_of(slot.pieces)
    by_row = {_index(ys, median(piece.middle for piece in line)): line for line in lines}
    return by_row if slot.row_span == len(lines) == len(by_row) > 1 else {}


def _cut(slot: Slot, xs: Sequence[float], frame: Frame, *, em: float) -> list[Slot]:
    """The slot, cut at columns that other rows have where its texts stand far apart: no ruling was drawn, or seen.

    Whole where that leaves texts far apart: they have columns of their own, which are not those of the table.
    """
    rows = rows_of(slot.pieces)
    inner = range(slot.column + 1, slot.column + slot.column_span)
    edges = [slot.column, *(at for at in inner if _parts(rows, xs[at], em)), slot.column + slot.column_span]
    if len(edges) <= 2:  # noqa: PLR2004 - its own two edges
        return [slot]
    found = []
    for start, end in pairwise(edges):
        mine = [p for p in slot.pieces if start <= _index(xs, (p.box[0] + p.box[2]) / 2) < end]
        found.append(Slot(slot.row, start, slot.row_span, end - start, mine))
    if any(_is_loose(row, frame, em) for part in found for row in rows_of(part.pieces)):
        return [slot]
    return [part for part in found if part.pieces]


def _is_loose(row: Sequence[Piece], frame: Frame, em: float) -> bool:
    """Whether words of the row stand far apart."""
    between = [(a.box[2], b.box[0]) for a, b in pairwise(row)]
    within = [gap for piece in row for gap in word_gaps(piece, frame)]
    return any(end - start > FAR * em for start, end in (*between, *within))


def _parts(rows: Sequence[Sequence[Piece]], edge: float, em: float) -> bool:
    """Whether every text row that stands on both sides of the edge leaves a wide blank there, and one does."""
    blanks = []
    for row in rows:
        left = [p.box[2] for p in row if (p.box[0] + p.box[2]) / 2 < edge]
        right = [p.box[0] for p in row if (p.box[0] + p.box[2]) / 2 >= edge]
        if left and right:
            blanks.append(min(right) - max(left))
    return bool(blanks) and min(blanks) > FAR * em


def _with_blocks(slot: Slot, em: float) -> Slot:
    """The slot, its pieces in blocks where such stand side by side in it."""
    if sum(len(row) > 1 for row in rows_of(slot.pieces)) < LEAST_BESIDE:
        return slot
    blocks = blocks_apart(slot.pieces, em)
    return replace(slot, blocks=blocks) if len(blocks) > 1 else slot


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
    full = [row for row in rows if len(row) > 1 and 2 * len(row) >= len(slots)]
    if len(slots) <= 1 or len(full) < HIDDEN_ROWS or len(full) < MOST * len(rows):
        return []
    if any(len(s.pieces) == len(rows) and all(is_number(p.text) for p in s.pieces) for s in slots):
        return [min(p.box[1] for p in row) for row in rows]  # a cell holds one figure
    first = {id(p) for p in min(slots, key=lambda s: s.column).pieces}
    named = sum(any(id(p) in first for p in row) for row in rows)
    if named < MOST * len(rows):
        return []  # cells of several lines beside a name of one
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


def _index(edges: Sequence[float], value: float) -> int:
    """The step between two edges in which the value lies, the nearest where it lies outside."""
    return min(max(sum(value >= edge for edge in edges) - 1, 0), len(edges) - 2)

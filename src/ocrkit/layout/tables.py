"""Tables of a page: ruled ones from their rulings, others from the columns that their rows form.

Works in the reading frame. A table without rulings is only claimed where little else is possible; a wrong table does
more harm than a missed one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ocrkit.geometry import union
from ocrkit.layout.cells import is_number, table_block
from ocrkit.layout.coherence import fit, names, names_others, parts_of
from ocrkit.layout.columns import (
    CORE,
    FAR_ROWS,
    LOOSE_ROWS,
    MOST,
    PAIR,
    close_columns,
    columns_of,
    is_table,
    place,
    places,
    side_by_side,
)
from ocrkit.layout.cutting import WORD_GAP, cut_at_columns, cut_row, cut_rows, measure_of
from ocrkit.layout.grid_tables import from_grid
from ocrkit.layout.grids import around, grids_of, rulings_of, stacks_of
from ocrkit.layout.rows import rows_of
from ocrkit.layout.table_rows import banded_slots, by_band, has_figures, middle_of, slots_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrkit.geometry import BBox
    from ocrkit.layout.columns import Row, Span
    from ocrkit.layout.cutting import Measure
    from ocrkit.layout.grids import Ruling
    from ocrkit.layout.pieces import Frame, Piece
    from ocrkit.model import Block

SET_APART = 1.2
"""Rows further than this, in heights of a line, above or below the figures are none of their table."""

PROSE_WORDS = 8
"""A row of so many words that runs across the columns above and below, set apart from either, ends a table."""

APART = 0.7
"""Blank, in heights of a line, that sets such a row apart."""

SINGLES = 5
"""More rows of a single piece than this, less one, end a table: they are more than the lines of one cell."""

BAND_ROWS = 2
"""Where rulings stand so close that this many lines of text fit between them, each strip is a row of the table."""

MANY_BANDS = 5
"""So many strips are rows of the table however many lines of text they hold."""

STEP = 1.3
"""A row no further from the table than this share of the usual distance of its rows may be one of them."""

HANGING = 2
"""No more lines than this, the second ones of some names, stand between a row of names and the table."""

EMPTY = 3.0
"""A blank between rulings that is higher than this, in heights of a line, is in no table."""

LEAST_PARTED = 2
"""Rows of several cells that each of several tables below one another has."""

DISPLAY = 1.8
"""Type that is so many times as large as that of most cells is none of a table without rulings."""

FEWER = 3
"""No more rulings than this, above or below a table, are ruled like it and none of it."""

FIGURED = 2
"""So many rows with so many figures each show that what some of the rulings part is a table."""

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
        block = from_grid(grid, inside, frame, em=em)
        if block:
            found.append(Found(block, grid.box, inside))
            left = _without(left, inside)
    boxes = [f.box for f in found]
    free = [
        b
        for b in level
        if not any(x0 - em < b.start and b.end < x1 + em and y0 - em < b.at < y1 + em for x0, y0, x1, y1 in boxes)
    ]
    measure = measure_of(pieces, frame, em)
    for stack in stacks_of(free, em, STACK):
        for part in _parted(stack, left, frame, measure=measure):
            tables = (_from_stack(rules, free, left, frame=frame, measure=measure) for rules in _ends_of(part))
            whole = next(tables)
            table = whole or next((t for t in tables if t and _of_figures(t)), None)
            if table:
                found.append(table)
                left = _without(left, table.pieces)
    return found


def _of_figures(table: Found) -> bool:
    """Whether rows of the table have several figures, as its items do, and addresses have none."""
    cells = table.block.table.cells if table.block.table else ()
    rows = Counter(cell.row for cell in cells if is_number(cell.text))
    return sum(count >= FIGURED for count in rows.values()) >= FIGURED


def _ends_of(stack: Sequence[Ruling]) -> Iterator[Sequence[Ruling]]:
    """The stack and, longest first, what it is without some at its top or its foot.

    An invoice has such rulings above its addresses, too, and below its sums.
    """
    yield stack
    for fewer in range(1, min(len(stack) - STACK, FEWER) + 1):
        yield stack[fewer:]
        yield stack[:-fewer]


def unruled_tables(rows: Sequence[Row], frame: Frame, em: float) -> list[tuple[int, int, Block]]:
    """The tables among the rows of a region as `(first row, row after the last, block)`."""
    measure = measure_of([p for row in rows for p in row], frame, em)
    cut = cut_rows(rows, frame, measure)
    tables = []
    for start, end in _runs(cut, FAR_ROWS * em, em=em):
        whole = _unruled(cut, (start, end), frame, measure=measure)
        if whole:
            tables += whole
            continue
        for a, b in _runs(cut[start:end], LOOSE_ROWS * em, em=em):
            tables += _unruled(cut, (start + a, start + b), frame, measure=measure)
    return tables


def _unruled(
    rows: Sequence[Row], run: tuple[int, int], frame: Frame, *, measure: Measure
) -> list[tuple[int, int, Block]]:
    """The tables that the run of rows is: one, or several below one another where each has columns of its own."""
    start, end = _around_figures(rows, run, measure.em)
    columns, parted = _columns(rows[start:end], frame, measure)
    if not is_table(parted, columns, measure.em) or _has_display(parted):
        return []
    if fit(parted, columns):
        return _with_rest(rows, (start, end), parted, columns=columns, em=measure.em)
    found: list[tuple[int, int, Block]] = []
    parts = [(start + a, start + b) for a, b in parts_of(rows[start:end], measure.space)]
    for (first, last), limit in zip(parts, [*(a for a, _ in parts[1:]), len(rows)], strict=True):
        full = [i for i in range(first, last) if len(rows[i]) > 1]
        if len(full) < LEAST_PARTED:
            continue
        top, bottom = full[0], full[-1] + 1
        columns, parted = _columns(rows[top:bottom], frame, measure)
        if names_others(parted[-1], columns):
            bottom, limit, parted = bottom - 1, bottom - 1, parted[:-1]  # noqa: PLW2901 - nothing below is of this table
        if not is_table(parted, columns, measure.em) or not fit(parted, columns):
            continue
        if top > max([start, *(b for _, b, _ in found)]) and names(rows[top - 1], columns):
            top, parted = top - 1, [rows[top - 1], *parted]
        found += _with_rest(rows[:limit], (top, bottom), parted, columns=columns, em=measure.em)
    return found


def _has_display(rows: Sequence[Row]) -> bool:
    """Whether type stands among the rows that is so large that it is a title beside other things, no cell."""
    # Heights of boxes, where nothing else tells the size of the type, vary too much.
    sizes = [p.line.font_size or 0.0 for row in rows for p in row]
    return all(sizes) and max(sizes) > DISPLAY * median(sizes)


def _with_rest(
    rows: Sequence[Row], run: tuple[int, int], parted: list[Row], *, columns: Sequence[Span], em: float
) -> list[tuple[int, int, Block]]:
    """The table of the run, cut at its columns, with the lines below that go on with its cells; two where it is two."""
    start, end = run
    while end < len(rows) and _hangs(rows[end - 1], rows[end], columns, em=em):
        parted.append(rows[end])
        end += 1
    edge = side_by_side(parted, columns, em)
    blocks = []
    for first, last in ((0, edge), (edge, len(columns))) if edge else ((0, len(columns)),):
        mine = [[p for p in row if first <= place(p, columns)[0] < last] for row in parted]
        blocks.append(table_block(slots_of([row for row in mine if row], columns[first:last])))
    found = [block for block in blocks if block]
    return [(start if i == 0 else end, end, block) for i, block in enumerate(found)]


def _around_figures(rows: Sequence[Row], run: tuple[int, int], em: float) -> tuple[int, int]:
    """The run without what is set apart from its rows of figures, such as an address above a bill."""
    start, end = run
    figures = [i for i in range(start, end) if has_figures(rows[i])]
    if not figures:
        return run
    first, last = figures[0], figures[-1]
    gaps = [_gap(rows[i], rows[i + 1]) for i in range(first, last)]
    most = max(SET_APART * em, 2 * median(gaps or [0.0]))
    while first > start and max(map(len, rows[max(start, first - 2) : first])) > 1:
        bold = all(p.line.bold for p in rows[first - 1])
        many = len(rows[first - 1]) >= (MOST if bold else 1.0) * len(rows[first])
        names_all = many and _gap(rows[first - 1], rows[first]) <= LOOSE_ROWS * em
        if not names_all and _gap(rows[first - 1], rows[first]) > most:
            break
        first -= 1
    while last + 1 < end and _gap(rows[last], rows[last + 1]) <= most:
        last += 1
    return next(i for i in range(first, last + 1) if len(rows[i]) > 1), last + 1


def _hangs(above: Row, row: Row, columns: Sequence[Span], *, em: float) -> bool:
    """Whether the row is one more line of a cell."""
    column, span = place(row[0], columns)
    left, right = columns[column]
    within = left - em < row[0].box[0] and row[0].box[2] < right + em
    first = column == 0 and not row[0].text[:1].islower()
    return len(row) == 1 and span == 1 and within and not first and _gap(above, row) < em / 2


def _columns(rows: Sequence[Row], frame: Frame, measure: Measure) -> tuple[list[Span], list[Row]]:
    """The columns, also those that stand close together, and the rows cut at them.

    A row of few pieces may span columns, as a header does, and is left as it is.
    """
    em = measure.em
    columns = columns_of(rows, measure.space)
    if len(columns) <= 1:
        return columns, list(rows)
    fine = [cut_row(row, frame, WORD_GAP * em) for row in rows]
    columns = close_columns(fine, columns, measure.space)
    full = CORE * len(columns)
    return columns, [
        [part for piece in coarse for part in cut_at_columns(piece, columns, frame, space=measure.space)]
        if len(parts) >= full
        else coarse
        for coarse, parts in zip(rows, fine, strict=True)
    ]


def _runs(rows: Sequence[Row], apart: float, *, em: float) -> list[tuple[int, int]]:
    """Stretches of rows that could be a table: rows of several pieces, with few single ones between."""
    runs: list[tuple[int, int]] = []
    start, last = None, 0
    for i, row in enumerate(rows):
        if start is not None and (i - last > SINGLES or _gap(rows[i - 1], row) > apart):
            runs.append((start, last + 1))
            start = None
        if start is not None and _is_prose(rows, i, last, em=em):
            runs.append((start, last + 1))
            start = None
        if len(row) > 1:
            start, last = (i if start is None else start), i
    if start is not None:
        runs.append((start, last + 1))
    return [run for run in runs if run[1] - run[0] > 1]


def _is_prose(rows: Sequence[Row], at: int, last: int, *, em: float) -> bool:
    """Whether the row is a line of text below the table that ends, or goes on, at row `last`."""
    row, before = rows[at], rows[last]
    if len(row) > 1 or len(row[0].text.split()) < PROSE_WORDS:
        return False
    across = any(row[0].box[0] < a.box[2] and b.box[0] < row[0].box[2] for a, b in pairwise(before))
    below = _gap(row, rows[at + 1]) if at + 1 < len(rows) else 0.0
    return across and max(_gap(rows[at - 1], row), below) > APART * em


def _parted(stack: Sequence[Ruling], pieces: Sequence[Piece], frame: Frame, *, measure: Measure) -> list[list[Ruling]]:
    """The stack, parted where text or a blank stands between two tables that are ruled alike."""
    parts = [[stack[0]]]
    for above, below in pairwise(stack):
        box = around([above, below])
        rows = cut_rows(rows_of(_inside(box, pieces, measure.em)), frame, measure)
        if _parts_tables(rows, box, measure.em):
            parts.append([])
        parts[-1].append(below)
    return [part for part in parts if len(part) >= STACK]


def _parts_tables(rows: Sequence[Row], box: BBox, em: float) -> bool:
    """Whether what stands between two rulings is no part of a table: lines across it, set apart, or a high blank."""
    reached = box[1]
    for row in rows:
        if min(p.box[1] for p in row) - reached > EMPTY * em:
            return True
        reached = max(p.box[3] for p in row)
    if box[3] - reached > EMPTY * em:
        return True
    if not rows or any(len(row) > 1 for row in rows):
        return False
    prose = any(len(row[0].text.split()) >= PROSE_WORDS for row in rows)
    blank = max(rows[0][0].box[1] - box[1], box[3] - rows[-1][0].box[3])
    return blank > (APART if prose else SET_APART) * em


def _from_stack(
    stack: Sequence[Ruling], level: Sequence[Ruling], pieces: Sequence[Piece], *, frame: Frame, measure: Measure
) -> Found | None:
    """The table between horizontal rulings; `None` where what stands there has no columns."""
    box = around(stack)
    inside = _inside(box, pieces, measure.em)
    rows = cut_rows(rows_of(inside), frame, measure)
    columns, rows = _columns(rows, frame, measure)
    if len(columns) <= 1 or sum(len(row) > 1 for row in rows) <= 1 or not fit(rows, columns):
        return None
    bands = [b.at for b in stack]
    by = by_band(rows, bands)
    ruled_rows = len(by) >= STACK and (len(by) >= MANY_BANDS or median(map(len, by)) <= BAND_ROWS)
    if not ruled_rows and not is_table(rows, columns, measure.em):
        return None
    more = _rows_beyond(box, rows, _without(pieces, inside), columns=columns, frame=frame, measure=measure)
    rows = sorted([*rows, *(row for _, row in more)], key=middle_of)
    slots = banded_slots(rows, columns, bands) if ruled_rows else slots_of(rows, columns, level)
    block = table_block(slots)
    taken = [*inside, *(piece for whole, _ in more for piece in whole)]
    return Found(block, union([box, *(p.box for p in taken)]), taken) if block else None


def _rows_beyond(
    box: BBox, rows: Sequence[Row], pieces: Sequence[Piece], *, columns: Sequence[Span], frame: Frame, measure: Measure
) -> list[tuple[Row, Row]]:
    """The rows right above and below the rulings that go on with the columns, whole and cut.

    Every other row may be shaded, or the names of the columns stand above the first ruling.
    """
    steps = [middle_of(b) - middle_of(a) for a, b in pairwise(rows)]
    near = STEP * max(median(steps), measure.em)
    outside = rows_of(p for p in pieces if p.box[0] < box[2] and p.box[2] > box[0])
    above = [row for row in reversed(outside) if middle_of(row) < box[1]]
    below = [row for row in outside if middle_of(row) > box[3]]
    found: list[tuple[Row, Row]] = []
    for edge, beyond in ((rows[0], above), (rows[-1], below)):
        last = middle_of(edge)
        waiting: list[tuple[Row, Row]] = []
        for whole in beyond:
            row = [
                part
                for piece in cut_row(whole, frame, measure.cell_gap)
                for part in cut_at_columns(piece, columns, frame, space=measure.space)
            ]
            within = all(box[0] - measure.em < p.box[0] and p.box[2] < box[2] + measure.em for p in row)
            if abs(middle_of(row) - last) > near or not within or len(waiting) > HANGING:
                break
            waiting.append((whole, row))
            last = middle_of(row)
            if _fills(row, columns):
                found += waiting
                waiting = []
    return found


def _fills(row: Row, columns: Sequence[Span]) -> bool:
    """Whether the row has most of the columns, each piece one of its own."""
    spots = places(row, columns)
    return len(row) >= max(PAIR, MOST * len(columns)) and len(set(spots)) == len(row) and all(s == 1 for _, s in spots)


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


def _gap(above: Row, below: Row) -> float:
    return min(p.box[1] for p in below) - max(p.box[3] for p in above)


def _area(box: BBox) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])

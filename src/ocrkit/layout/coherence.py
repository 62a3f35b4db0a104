"""Whether rows are one table, and where they fall apart into several: by how their pieces fit common columns.

A receipt or an invoice sets one small table below another, with names and values between; taken together they have
columns that fit none of them. Works in the reading frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.layout.cells import is_number
from ocrkit.layout.columns import MOST, PAIR, columns_of, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.layout.columns import Row, Span

MISFITS = 2
"""Rows that fit no common columns; one alone may be a header or a remark."""

SHARE = 0.25
"""Rows of one table fit its columns but for less than this share. On 21 receipts and invoices, of the tables read right
two had more than one such row, 2 of 13 and 2 of 6; those that ran several tables together had from 4 of 15 to all."""

SUMS = 3
"""No more rows than this, of a label and figures, are sums at the end."""

GAIN = 2
"""Parting rows is worth it where so many more of them fit."""


def misfits(rows: Sequence[Row], columns: Sequence[Span]) -> int:
    """How many rows have two pieces in one column, or a piece that spans several, as only names at the top may."""
    full = [row for row in rows if len(row) > 1]
    return sum(_clashes(row, columns) or (i > 0 and _spans(row, columns)) for i, row in enumerate(full))


def fit(rows: Sequence[Row], columns: Sequence[Span]) -> bool:
    """Whether the rows fit the columns as those of one table do; at its end the labels of sums may span."""
    full = [row for row in rows if len(row) > 1]
    for _ in range(SUMS):
        if full and _is_sum(full[-1], columns):
            full.pop()
    bad = misfits(full, columns)
    return bad < MISFITS or bad < SHARE * len(full)


def names(row: Row, columns: Sequence[Span]) -> bool:
    """Whether the row could name the columns: words, each in a column of its own, in most of them."""
    return _is_words(row) and len(row) >= max(PAIR, MOST * len(columns)) and not _strays(row, columns)


def names_others(row: Row, columns: Sequence[Span]) -> bool:
    """Whether the row, the last above another table, could name columns there: words that do not fit these."""
    return len(row) > 1 and _is_words(row) and _strays(row, columns)


def _is_words(row: Row) -> bool:
    return not any(is_number(p.text) for p in row)


def _strays(row: Row, columns: Sequence[Span]) -> bool:
    return _clashes(row, columns) or _spans(row, columns)


def _is_sum(row: Row, columns: Sequence[Span]) -> bool:
    figures = row[1:]
    return all(is_number(p.text) for p in figures) and not _clashes(row, columns) and not _spans(figures, columns)


def _clashes(row: Row, columns: Sequence[Span]) -> bool:
    return len({place(piece, columns)[0] for piece in row}) < len(row)


def _spans(row: Row, columns: Sequence[Span]) -> bool:
    return any(place(piece, columns)[1] > 1 for piece in row)


def parts_of(rows: Sequence[Row], space: float) -> list[tuple[int, int]]:
    """The rows as stretches `(first, after the last)`, each with columns of its own; one where they fit together.

    Args:
        rows: cut where cells seem to end.
        space: width of an ordinary blank between words.
    """
    columns = columns_of(rows, space)
    if fit(rows, columns):
        return [(0, len(rows))]
    costs = [_cost(rows[:at], space) + _cost(rows[at:], space) for at in range(1, len(rows))]
    least = min(costs, default=0)
    if misfits(rows, columns) - least < GAIN:
        return [(0, len(rows))]
    at = max((at for at, cost in enumerate(costs, 1) if cost == least), key=lambda at: _blank(rows[at - 1], rows[at]))
    return [*parts_of(rows[:at], space), *((at + a, at + b) for a, b in parts_of(rows[at:], space))]


def _cost(rows: Sequence[Row], space: float) -> int:
    return misfits(rows, columns_of(rows, space))


def _blank(above: Row, below: Row) -> float:
    return min(p.box[1] for p in below) - max(p.box[3] for p in above)

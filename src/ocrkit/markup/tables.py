"""An HTML table into a `Table`: rowspan and colspan by occupancy, whatever numbers the model wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrkit.markup.inline import text_of
from ocrkit.markup.tree import parsed
from ocrkit.model import Cell, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrkit.markup.tree import Node

_MAX_COLUMN_SPAN = 100
"""More columns under one cell fit on no page."""
_SECTIONS = frozenset({"thead", "tbody", "tfoot"})
_CELLS = frozenset({"td", "th"})
_GRID = _SECTIONS | _CELLS | {"tr"}
_NUMBER = re.compile(r"\s*(\d{1,6})")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell with its place; columns and rows without any cell's beginning are still counted."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    header: bool


def table_of_html(markup: str) -> Table | None:
    """The first table in the markup; `None` where there is none with a cell."""
    return next((table_of(node) for node in parsed(markup).descendants() if node.tag == "table"), None)


def table_of(node: Node) -> Table | None:
    """The table that a `<table>` element makes; `None` for one without cells.

    A cell that reaches into another, below the last row or over columns in which no cell begins, is cut to the grid.
    """
    placed = _placed(list(_rows(node, header=False)))
    if not placed:
        return None
    compact = _compact(placed)
    return Table(
        rows=max(cell.row + cell.row_span for cell in compact),
        columns=max(cell.column + cell.column_span for cell in compact),
        cells=tuple(
            Cell(
                row=cell.row,
                column=cell.column,
                row_span=cell.row_span,
                column_span=cell.column_span,
                text=cell.text,
                header=cell.header,
            )
            for cell in compact
        ),
    )


def table_text(table: Table) -> str:
    """What `Block.text` holds for a table: its rows, one a line, cells parted by tabs."""
    return "\n".join("\t".join(" ".join(text.split()) for text in row) for row in table.grid())


def captions_of(node: Node) -> list[str]:
    """The texts of the table's `<caption>` elements, and what else stands in the table outside of its cells."""
    return [text for text in (text_of([part]) for part in _loose(node)) if text]


def _loose(node: Node) -> Iterator[Node | str]:
    for child in node.children:
        if isinstance(child, str) or child.tag not in _GRID:
            yield child
        elif child.tag not in _CELLS:
            yield from _loose(child)


def _rows(node: Node, *, header: bool) -> Iterator[tuple[list[Node], bool]]:
    """The cells of each row, and whether the row stands in a head; cells outside of any row make one."""
    loose: list[Node] = []
    for child in node.elements():
        if child.tag in _CELLS:
            loose.append(child)
            continue
        if loose:
            yield loose, header
            loose = []
        if child.tag == "tr":
            yield [cell for cell in child.elements() if cell.tag in _CELLS], header
        elif child.tag in _SECTIONS:
            yield from _rows(child, header=child.tag == "thead")
    if loose:
        yield loose, header


def _placed(rows: Sequence[tuple[list[Node], bool]]) -> list[_Placed]:
    placed = []
    busy: dict[int, int] = {}
    """For each column the row from which it is free again."""
    for index, (cells, in_head) in enumerate(rows):
        column = 0
        for cell in cells:
            while busy.get(column, 0) > index:
                column += 1
            wide = 1
            wanted = _span(cell, "colspan", _MAX_COLUMN_SPAN)
            while wide < wanted and busy.get(column + wide, 0) <= index:
                wide += 1
            high = min(_span(cell, "rowspan", len(rows)), len(rows) - index)
            busy.update(dict.fromkeys(range(column, column + wide), index + high))
            header = in_head or cell.tag == "th"
            placed.append(_Placed(index, column, high, wide, text_of(cell.children), header))
            column += wide
    return placed


def _span(cell: Node, name: str, most: int) -> int:
    """The span asked for, from 1 to `most`; a rowspan of 0 reaches to the end, as in HTML."""
    found = _NUMBER.match(cell.attributes.get(name, "1"))
    wanted = int(found[1]) if found else 1
    if wanted == 0:
        return most if name == "rowspan" else 1
    return min(wanted, most)


def _compact(placed: Sequence[_Placed]) -> list[_Placed]:
    """The cells with rows and columns closed up in which none begins."""
    rows = {old: new for new, old in enumerate(sorted({cell.row for cell in placed}))}
    columns = {old: new for new, old in enumerate(sorted({cell.column for cell in placed}))}
    return [
        replace(
            cell,
            row=rows[cell.row],
            column=columns[cell.column],
            row_span=sum(row in rows for row in range(cell.row, cell.row + cell.row_span)),
            column_span=sum(column in columns for column in range(cell.column, cell.column + cell.column_span)),
        )
        for cell in placed
    ]

"""Tables that go on over pages: which table goes on with which, and the parts as one for formats without pages.

Knows pages as values; each keeps its own part, marked as `continues`.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from ocrkit.layout.cells import is_number
from ocrkit.layout.flow import FURNITURE, header_rows
from ocrkit.model import BlockKind, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ocrkit.model import Block, Page

MARGIN = 0.12
"""Share of the page's height, at its head and its foot, in which short text may be a running head or foot."""

FOOT = 0.6
"""A table that goes on ends below this share of the page's height."""

HEAD = 0.35
"""And goes on above this."""

SHARED = 0.5
"""Share of a table's columns that each of its parts fills; a column without any text is not seen."""

SAME = 0.85
"""Likeness of two header rows, read twice, that are one."""

_CONTINUED = re.compile(
    r"continued|cont['’.]?d?\b|fortsetzung|suite|continua|continúa|vervolg|ciąg dalszy|продолжение|続き|续|續",
    re.IGNORECASE,
)
MAX_NOTE = 80
"""Characters of a line that says that a table goes on."""


class Continuations:
    """Marks, page after page, the table that goes on with the last of the page before."""

    def __init__(self) -> None:
        self._open: tuple[Page, Table] | None = None
        self._last = 0

    def marked(self, page: Page) -> Page:
        """The page, its first table marked if it goes on, and then in the columns of the table that it goes on with.

        Args:
            page: the page that follows the one given before.
        """
        before = self._open if page.number == self._last + 1 else None
        first, last = _first_flowing(page), _last_flowing(page)
        part = _continued(before, page, page.blocks[first]) if before and first is not None else None
        if first is not None and part:
            page = _with_table(page, first, part)
        ends_with = page.blocks[last].table if last is not None and not page.rotation else None
        if ends_with is None:
            self._open = None
        elif part is None or last != first:
            self._open = (page, ends_with)
        self._last = page.number
        return page


def whole_tables(pages: Iterable[Page]) -> Iterator[Page]:
    """The pages, each table that goes on over several of them whole on the first, its repeated headers left out.

    Pages are held back only while a table goes on.
    """
    held: list[Page] = []
    parts: list[Table] = []
    for page in pages:
        at = next((i for i, block in enumerate(page.blocks) if block.table and block.table.continues), None)
        part = page.blocks[at].table if at is not None else None
        if at is None or part is None or not held or not _fits(held[0], part):
            yield from _put_together(held, parts)
            held, parts = [page], []
            continue
        parts.append(part)
        held.append(page.model_copy(update={"blocks": page.blocks[:at] + page.blocks[at + 1 :]}))
        if _last_table(held[-1]) is not None:
            yield from _put_together(held[:-1], parts)
            held, parts = held[-1:], []
    yield from _put_together(held, parts)


def _fits(page: Page, part: Table) -> bool:
    last = _last_table(page)
    table = page.blocks[last].table if last is not None else None
    return table is not None and table.columns == part.columns


def _last_table(page: Page) -> int | None:
    return next((i for i, block in reversed(list(enumerate(page.blocks))) if block.table), None)


def _put_together(pages: Sequence[Page], parts: Sequence[Table]) -> Iterator[Page]:
    """The pages, the last table of the first with the rows of the parts."""
    last = _last_table(pages[0]) if parts else None
    whole = pages[0].blocks[last].table if last is not None else None
    if last is None or whole is None:
        yield from pages
        return
    rows, cells = whole.rows, list(whole.cells)
    for part in parts:
        repeated = header_rows(part)
        cells += [c.model_copy(update={"row": rows + c.row - repeated}) for c in part.cells if c.row >= repeated]
        rows += part.rows - repeated
    yield _with_table(pages[0], last, whole.model_copy(update={"rows": rows, "cells": tuple(cells)}))
    yield from pages[1:]


def _with_table(page: Page, at: int, table: Table) -> Page:
    text = "\n".join("\t".join(row) for row in table.grid())
    block = page.blocks[at].model_copy(update={"table": table, "text": text})
    return page.model_copy(update={"blocks": (*page.blocks[:at], block, *page.blocks[at + 1 :])})


def _continued(before: tuple[Page, Table], page: Page, block: Block) -> Table | None:
    """The block's table as one that goes on with the one before, in its columns; `None` where it is another."""
    sheet, first = before
    table = block.table
    if table is None or page.rotation or block.bbox[1] > HEAD * page.height:
        return None
    at = _columns_in(_extents(table, page), _extents(first, sheet))
    if not at:
        return None
    headers = header_rows(table)
    repeated = _repeated(table, first)
    if headers and not repeated and any(is_number(c.text) for c in table.cells if c.row >= headers):
        return None
    cells = []
    for cell in table.cells:
        start, end = at[cell.column], at[cell.column + cell.column_span - 1]
        # In a table of words without a repeated header its first row was taken for one.
        update = {"column": start, "column_span": end - start + 1, "header": cell.row < repeated}
        cells.append(cell.model_copy(update=update))
    return Table(rows=table.rows, columns=first.columns, cells=tuple(cells), continues=True)


def _extents(table: Table, page: Page) -> list[tuple[float, float] | None]:
    """Where each column begins and ends, in shares of the page's width; `None` where no cell of its own tells."""
    extents: list[tuple[float, float] | None] = []
    for column in range(table.columns):
        boxes = [c.bbox for c in table.cells if c.bbox and c.column == column and c.column_span == 1]
        if boxes:
            extents.append((min(b[0] for b in boxes) / page.width, max(b[2] for b in boxes) / page.width))
        else:
            extents.append(None)
    return extents


def _columns_in(part: Sequence[tuple[float, float] | None], whole: Sequence[tuple[float, float] | None]) -> list[int]:
    """For each column of the part that of the whole which stands above it; empty where they are not the same."""
    found: list[int] = []
    for own in part:
        common = [min(own[1], w[1]) - max(own[0], w[0]) if own and w else 0.0 for w in whole]
        best = max(range(len(whole)), key=lambda i: common[i])
        if common[best] <= 0 or (found and best <= found[-1]):
            return []
        found.append(best)
    return found if len(found) >= SHARED * len(whole) else []


def _repeated(table: Table, first: Table) -> int:
    """How many rows at the top of the table say the same as the header of the first; either may take in a row more."""
    most = min(header_rows(table), header_rows(first))
    return next((n for n in range(most, 0, -1) if _alike(_texts(table, n), _texts(first, n))), 0)


def _texts(table: Table, rows: int) -> str:
    return " ".join(cell.text for cell in table.cells if cell.row < rows).casefold()


def _alike(header: str, other: str) -> bool:
    return SequenceMatcher(None, header, other, autojunk=False).ratio() >= SAME


def _first_flowing(page: Page) -> int | None:
    """The block that the page's text begins with, if that is a table: running heads and a note left out."""
    for i, block in enumerate(page.blocks):
        if block.table is not None:
            return i
        note = len(block.text) <= MAX_NOTE and _CONTINUED.search(block.text)
        if block.kind not in FURNITURE and block.bbox[3] > MARGIN * page.height and not note:
            return None
    return None


def _last_flowing(page: Page) -> int | None:
    """The block that the page's text ends with, if that is a table: running feet and notes left out."""
    for i, block in reversed(list(enumerate(page.blocks))):
        if block.table is not None:
            return i if block.bbox[3] >= FOOT * page.height else None
        note = block.kind is BlockKind.FOOTNOTE or (len(block.text) <= MAX_NOTE and _CONTINUED.search(block.text))
        if block.kind not in FURNITURE and block.bbox[1] < (1 - MARGIN) * page.height and not note:
            return None
    return None

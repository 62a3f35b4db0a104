"""A document as running text: what every format with headings, lists and tables must know of it.

Knows no format: it says which blocks follow one another, what a list marker counts, and which rows are headers.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ocrkit.model import BlockKind, PageStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.model import Block, Cell, Page, Table

MarkerStyle = Literal["bullet", "decimal", "lower-alpha", "upper-alpha", "lower-roman", "upper-roman", "other"]

FURNITURE = frozenset({BlockKind.PAGE_HEADER, BlockKind.PAGE_FOOTER})
"""Kinds that belong to the sheet, not to what is written on it."""

_BULLETS = frozenset("-–—*+·•●○◦▪▫■□◆◇‣⁃∙►▶➢➤✓✔☐☑☒❑❒❖o")
_NUMBERED = re.compile(r"(?P<prefix>[(\[]?)(?P<value>\d{1,9}|[A-Za-z]|[ivxlcdm]+|[IVXLCDM]+)(?P<suffix>[.)\]:]?)")
_AMOUNT = re.compile(r"[-−–+(△▲]?\s?[$€£¥]?\s?\d[\d.,'’\s]*\s?[%€$£¥)]?")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_ROMAN_FORM = re.compile(r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")


@dataclass(frozen=True, slots=True)
class Marker:
    """What the printed marker of a list item counts.

    Attributes:
        style: how it counts; `other` for what no list numbering makes, such as `1.2.3` or `§`.
        number: what it counts to; 0 for bullets and `other`.
        prefix: printed before the number: empty, `(` or `[`.
        suffix: printed after it: empty, `.`, `)`, `]` or `:`.
    """

    style: MarkerStyle
    number: int = 0
    prefix: str = ""
    suffix: str = ""

    def follows(self, before: Marker) -> bool:
        """Whether this marker is the next of the list that `before` stands in."""
        if self.style in ("bullet", "other"):
            return self.style == before.style
        same = (self.style, self.prefix, self.suffix) == (before.style, before.prefix, before.suffix)
        return same and self.number == before.number + 1


def read_marker(text: str, before: Marker | None = None) -> Marker:
    """What the marker says. `before`, the marker of the item before, tells `i` the letter from `i` the numeral."""
    text = text.strip()
    if not text or text in _BULLETS:
        return Marker("bullet")
    found = _NUMBERED.fullmatch(text)
    if found is None:
        return Marker("other")
    prefix, value, suffix = found["prefix"], found["value"], found["suffix"]
    readings = [Marker(style, number, prefix, suffix) for style, number in _readings(value)]
    if not readings:
        return Marker("other")
    if before is not None:
        return next((reading for reading in readings if reading.follows(before)), readings[0])
    return readings[0]


def _readings(value: str) -> Iterator[tuple[MarkerStyle, int]]:
    """What a value may count, likelier first: a lone `i` begins a Roman list, a lone `c` or `v` does not."""
    if value.isdigit():
        yield "decimal", int(value)
        return
    lower = value.islower()
    roman = _roman(value.lower())
    if roman and (len(value) > 1 or value in "iI"):
        yield ("lower-roman" if lower else "upper-roman"), roman
    if len(value) == 1:
        yield ("lower-alpha" if lower else "upper-alpha"), ord(value.lower()) - ord("a") + 1
        if roman and value not in "iI":
            yield ("lower-roman" if lower else "upper-roman"), roman


def _roman(value: str) -> int:
    if not _ROMAN_FORM.fullmatch(value):
        return 0
    digits = [_ROMAN[sign] for sign in value]
    return sum(-d if d < after else d for d, after in zip(digits, [*digits[1:], 0], strict=True))


def body(page: Page, *, furniture: bool) -> Iterator[Block]:
    """The page's blocks in reading order that say something, with page headers and footers or without."""
    for block in page.blocks:
        if block.kind in FURNITURE and not furniture:
            continue
        if block.text.strip() or block.table is not None or block.latex or block.kind is BlockKind.PICTURE:
            yield block


def text_as_read(item: Block | Cell) -> str:
    """What stands on the page, where `text` may be a translation of it."""
    return item.text if item.source_text is None else item.source_text


def failure(page: Page) -> str | None:
    """The sentence that stands for a page that could not be read; `None` for one that was."""
    if page.status is not PageStatus.FAILED:
        return None
    reason = page.error.message if page.error else ""
    return f"Page {page.number} could not be read. {reason}".strip()


def heading_level(block: Block) -> int:
    """Depth of a title or section header: its level, else 1 for a title and 2 for a header."""
    return block.level or (1 if block.kind is BlockKind.TITLE else 2)


def header_rows(table: Table) -> int:
    """How many rows at the top are headers all across; a cell that spans down takes its rows along."""
    if not table.cells:
        return 0
    count = 0
    while count < table.rows:
        here = [c for c in table.cells if c.row <= count < c.row + c.row_span]
        if not here or not all(c.header for c in here):
            break
        count += 1
    return count


def numeric_columns(table: Table) -> list[bool]:
    """For each column whether all below its headers are numbers; such columns are set flush right."""
    texts: list[list[str]] = [[] for _ in range(table.columns)]
    first = max(header_rows(table), 1)
    for cell in table.cells:
        if cell.row >= first and cell.column_span == 1 and not cell.header and cell.text.strip():
            texts[cell.column].append(cell.text.strip())
    return [bool(column) and all(_AMOUNT.fullmatch(text) for text in column) for column in texts]


def rows(table: Table) -> list[list[Cell | None]]:
    """For each row its positions from left to right: the cell that starts there, `None` for an empty position.

    Positions that a spanning cell covers are left out.
    """
    starts = {(cell.row, cell.column): cell for cell in table.cells}
    covered = {
        (r, c)
        for cell in table.cells
        for r in range(cell.row, cell.row + cell.row_span)
        for c in range(cell.column, cell.column + cell.column_span)
    } - starts.keys()
    return [[starts.get((r, c)) for c in range(table.columns) if (r, c) not in covered] for r in range(table.rows)]


def is_rtl(text: str) -> bool:
    """Whether more letters of the text run from right to left than from left to right."""
    kinds = [unicodedata.bidirectional(sign) for sign in text]
    return sum(kind in ("R", "AL") for kind in kinds) > kinds.count("L")


def nests(items: list[Block]) -> list[int]:
    """Depth from 0 of each of the list items that follow one another: no item is more than one deeper than before."""
    depths: list[int] = []
    open_levels: list[int] = []
    for item in items:
        level = item.level or 1
        while open_levels and open_levels[-1] > level:
            open_levels.pop()
        if not open_levels or open_levels[-1] < level:
            open_levels.append(level)
        depths.append(len(open_levels) - 1)
    return depths

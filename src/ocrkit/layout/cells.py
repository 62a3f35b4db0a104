"""From pieces that are sorted into a grid to a table block: cell texts, header rows, spans.

Knows neither how the grid was found nor what surrounds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ocrkit.geometry import union
from ocrkit.layout.paragraphs import reflowed
from ocrkit.layout.rows import join_words, rows_of
from ocrkit.model import Block, BlockKind, Cell, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocrkit.layout.pieces import Piece
    from ocrkit.model import Line

_NUMBER = re.compile(
    r"[^\w\s]{0,3}\s*[\w$€£¥]{0,3}[$€£¥]?\s*[(+\-–−~<>±△▲]?\s*\d[\d\s.,:/'’%‰)*\-–]*(?:[^\W\d]{0,3}|[$€£¥₹])[.%)*]{0,2}"
)
_BLANK_VALUE = re.compile(r"[-–—−.·*]{1,3}|n/?a\.?", re.IGNORECASE)
_YEAR = re.compile(r"(19|20)\d\d")

MAX_HEADER_ROWS = 4
"""More rows than this are no header."""


FIGURED = 0.5
"""A table of figures has some in this share of its rows; in others they do not tell where the body begins."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell to be: where it stands in the grid and the pieces in it.

    Attributes:
        row: its first.
        column: its first.
        row_span: how many rows it covers.
        column_span: how many columns it covers.
        pieces: what stands in it.
        blocks: the same in reading order, where it stands in several blocks side by side.
    """

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    pieces: list[Piece] = field(default_factory=list)
    blocks: list[list[Piece]] = field(default_factory=list)

    @property
    def parts(self) -> list[list[Piece]]:
        """Its pieces, block by block."""
        return self.blocks or [self.pieces]


def is_number(text: str) -> bool:
    """Whether the text is a figure: an amount, a share, a date in digits, a dash for nothing."""
    text = text.strip()
    return bool(_NUMBER.fullmatch(text) or _BLANK_VALUE.fullmatch(text))


def cell_text(pieces: Sequence[Piece]) -> str:
    """The pieces of one cell as one text."""
    lines = []
    for row in rows_of(pieces):
        text = ""
        for piece in row:
            text = join_words(text, piece.text)
        lines.append(text)
    return reflowed(lines)


def table_block(slots: Sequence[Slot]) -> Block | None:
    """The slots as a table block, rows and columns without any text left out; `None` where there is no text."""
    filled = [slot for slot in slots if slot.pieces]
    if not filled:
        return None
    compact = _without_empty(_without_empty(filled, "row"), "column")
    compact.sort(key=lambda s: (s.row, s.column))
    rows = max(s.row + s.row_span for s in compact)
    columns = max(s.column + s.column_span for s in compact)
    texts = {(s.row, s.column): "\n".join(map(cell_text, s.parts)) for s in compact}
    header = _header_rows(compact, texts, rows)
    cells = tuple(
        Cell(
            row=s.row,
            column=s.column,
            row_span=s.row_span,
            column_span=s.column_span,
            text=texts[s.row, s.column],
            bbox=union(p.line.bbox for p in s.pieces),
            confidence=mean_confidence([p.line for p in s.pieces]),
            header=s.row < header,
        )
        for s in compact
    )
    table = Table(rows=rows, columns=columns, cells=cells)
    lines = tuple(p.line for s in compact for part in s.parts for row in rows_of(part) for p in row)
    return Block(
        kind=BlockKind.TABLE,
        text="\n".join("\t".join(row) for row in table.grid()),
        bbox=union(line.bbox for line in lines),
        confidence=mean_confidence(lines),
        lines=lines,
        table=table,
    )


def mean_confidence(lines: Sequence[Line]) -> float | None:
    """Mean confidence of the lines that have one; `None` where none has."""
    known = [line.confidence for line in lines if line.confidence is not None]
    return sum(known) / len(known) if known else None


def _without_empty(slots: Sequence[Slot], axis: str) -> list[Slot]:
    """The slots with rows (or columns) closed up in which no cell begins."""
    start: Callable[[Slot], int] = (lambda s: s.row) if axis == "row" else (lambda s: s.column)
    span: Callable[[Slot], int] = (lambda s: s.row_span) if axis == "row" else (lambda s: s.column_span)
    index = {old: new for new, old in enumerate(sorted({start(s) for s in slots}))}
    moved = []
    for slot in slots:
        length = sum(k in index for k in range(start(slot), start(slot) + span(slot)))
        new = index[start(slot)]
        moved.append(
            replace(slot, row=new, row_span=length) if axis == "row" else replace(slot, column=new, column_span=length)
        )
    return moved


def _header_rows(slots: Sequence[Slot], texts: dict[tuple[int, int], str], rows: int) -> int:
    """How many rows at the top name the columns: bold ones; else those without figures, if most others have some.

    One in a table of words.
    """
    if rows <= 1:
        return 0
    by_row: list[list[str]] = [[] for _ in range(rows)]
    for slot in slots:
        by_row[slot.row].append(texts[slot.row, slot.column])
    bold = _bold_rows(slots, rows)
    # A bold label below the names of the columns heads a group of rows.
    bold = next((n for n in range(bold, 1, -1) if len(by_row[n - 1]) > 1), min(bold, 1))
    if bold and all(p.line.font_size for s in slots for p in s.pieces):
        return bold
    # Weight that was measured may have been missed in one of several rows.
    return max(bold, _rows_without_figures(slots, by_row))


def _rows_without_figures(slots: Sequence[Slot], by_row: Sequence[Sequence[str]]) -> int:
    """How many rows at the top have no figures, where most others have some; one in a table of words."""
    rows, reach = len(by_row), 0
    figures = [any(_NUMBER.fullmatch(t.strip()) and not _YEAR.fullmatch(t) for t in row) for row in by_row]
    full = [has for has, row in zip(figures[1:], by_row[1:], strict=True) if len(row) > 1]
    if not any(figures) or sum(full) < FIGURED * len(full):
        columns = max(s.column + s.column_span for s in slots)
        return int(columns > 2 and not figures[0])  # noqa: PLR2004 - two columns of words: names and values
    first_figures = figures.index(True)
    # A label that heads a group of rows stands alone in its row and is no header, unless it spans the table.
    while reach < first_figures and (len(by_row[reach]) > 1 or reach + 1 < first_figures):
        reach += 1
    for slot in slots:
        if slot.row < reach < slot.row + slot.row_span:
            reach = min(slot.row + slot.row_span, rows)
    return reach if reach <= MAX_HEADER_ROWS else 1


def _bold_rows(slots: Sequence[Slot], rows: int) -> int:
    """How many rows at the top are bold all through, where the next is not; 0 where they are too many for a header."""
    light = min((s.row for s in slots if not all(p.line.bold for p in s.pieces)), default=rows)
    return light if light < rows and light <= MAX_HEADER_ROWS else 0

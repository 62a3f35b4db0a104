"""Page furniture: running heads, running feet and page numbers, which are no part of the text that flows.

What one page alone can tell; `document.py` adds what repeats from page to page. Works in the reading frame.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocrkit.layout.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.layout.pieces import Frame, Piece

MARGIN = 0.1
"""Share of the page's height, at the top and at the foot, in which furniture stands."""

APART = 0.9
"""Furniture is further from the text than this, in heights of a line."""

SMALL = 0.9
"""Type smaller than this share of the text's is a sign of furniture."""

MIN_ROWS = 6
"""A page of fewer rows has no furniture."""

MAX_ROWS = 2
"""Rows of furniture at either end of the page."""

_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:page|seite|pagina|página|p\.|pg\.?|s\.|第)?\s*(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|von|sur|de|di|\|)\s*\d{1,4})?\s*(?:页|頁|ページ)?[\W_]*",
    re.IGNORECASE,
)


def is_page_number(text: str) -> bool:
    """Whether the text is nothing but the number of a page."""
    return bool(_PAGE_NUMBER.fullmatch(text.strip()))


def furniture_of(
    pieces: Sequence[Piece], frame: Frame, *, em: float, body: float
) -> tuple[list[list[Piece]], list[list[Piece]]]:
    """The rows of the page's head and those of its foot."""
    rows = rows_of(pieces)
    if len(rows) < MIN_ROWS:
        return [], []
    top, bottom = frame.top, frame.top + frame.height
    edge = MARGIN * frame.height
    head = _rows_at_edge(rows, [max(p.box[3] for p in row) <= top + edge for row in rows], em=em, body=body)
    rows.reverse()
    foot = _rows_at_edge(rows, [min(p.box[1] for p in row) >= bottom - edge for row in rows], em=em, body=body)
    return head, foot[::-1]


def _rows_at_edge(rows: Sequence[list[Piece]], near: Sequence[bool], *, em: float, body: float) -> list[list[Piece]]:
    """The outermost rows, up to the last one that looks like furniture and is set apart from what follows."""
    found = 0
    for count in range(1, MAX_ROWS + 1):
        if not near[count - 1]:
            break
        gap = _distance(rows[count - 1], rows[count])
        if gap < APART * em:
            continue
        numbered = any(is_page_number(p.text) for row in rows[:count] for p in (row[0], row[-1]))
        small = all(p.size <= SMALL * body for row in rows[:count] for p in row) and gap > 2 * APART * em
        if numbered or small:
            found = count
    return list(rows[:found])


def _distance(row: Sequence[Piece], other: Sequence[Piece]) -> float:
    down = min(p.box[1] for p in other) - max(p.box[3] for p in row)
    up = min(p.box[1] for p in row) - max(p.box[3] for p in other)
    return max(down, up)

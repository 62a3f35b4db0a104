"""Values beside their labels: behind them in the same piece, right of them, or below."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Sequence

    from ocrkit.tools.receipts.sheet import Found, Piece, Row

    Reader: TypeAlias = Callable[[Piece, int, int], Found | None]
    """Reads a value that begins soon behind the first of two places in a piece, and ends before the second."""

_BEFORE = 14
"""Characters before a label that may make it another one."""

_BELOW = 2
"""Rows below a label in which its value is looked for."""


def beside(
    rows: Sequence[Row], label: re.Pattern[str], read: Reader, *, unless: re.Pattern[str] | None = None
) -> Iterator[Found]:
    """The values that stand beside the label, in the order of the labels; the label may be part of a longer text.

    Args:
        rows: the document.
        label: over folded text.
        read: reads a value.
        unless: what must not stand before the label, as `order` before `date`.
    """
    for index, row in enumerate(rows):
        for place, piece in enumerate(row):
            for match in label.finditer(piece.folded):
                if unless and unless.search(piece.folded[max(0, match.start() - _BEFORE) : match.start()]):
                    continue
                found = (
                    read(piece, match.end(), len(piece.text))
                    or _right(row[place + 1 :], read)
                    or _below(rows[index + 1 : index + 1 + _BELOW], piece, piece.span(*match.span()), read=read)
                )
                if found is not None:
                    yield found


def _right(pieces: Row, read: Reader) -> Found | None:
    """The value of the next piece that is more than a sign."""
    for piece in pieces:
        if any(map(str.isalnum, piece.text)):
            return read(piece, 0, len(piece.text))
    return None


def _below(rows: Sequence[Row], label: Piece, span: tuple[float, float], *, read: Reader) -> Found | None:
    """The value that stands under the label and begins or ends with it."""
    for row in rows:
        for piece in row:
            under = [part for part in piece.parts if part.left < span[1] and span[0] < part.right]
            if piece.page == label.page and under:
                found = read(piece, under[0].start, len(piece.text))
                if found is not None:
                    return found
    return None

"""Lines that an engine ran together across two columns, cut where the columns part.

Works in the reading frame; every length is in heights of an ordinary line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.layout.order import gutters_of
from ocrkit.layout.rows import split_at, word_gaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.layout.order import Gutter
    from ocrkit.layout.pieces import Frame, Piece

REACH = 2.0
"""A line further than this from the columns is none of theirs."""

ALIGNED = 0.7
"""So near to the edges of the columns the two parts of such a line end and begin."""

SIZE_STEP = 0.35
"""Type that differs by more than this share from that of the columns is none of theirs: a heading across both."""

WIDE = 1.3
"""The blank between the parts is this many times as wide as those between the words of the line."""


def parted(pieces: Sequence[Piece], frame: Frame, em: float) -> list[Piece]:
    """The pieces, those cut in two that run on across a gutter between columns of running text."""
    whole = list(pieces)
    for gutter in gutters_of(whole, em):
        whole = [part for piece in whole for part in _cut(piece, gutter, frame, em=em)]
    return whole


def _cut(piece: Piece, gutter: Gutter, frame: Frame, *, em: float) -> list[Piece]:
    near = gutter.top - REACH * em < piece.middle < gutter.bottom + REACH * em
    across = piece.box[0] < gutter.start - em and piece.box[2] > gutter.end + em
    if not (near and across) or abs(piece.size - gutter.size) > SIZE_STEP * gutter.size:
        return [piece]
    gaps = word_gaps(piece, frame)
    slack = ALIGNED * em
    fitting = [(a, b) for a, b in gaps if abs(b - gutter.end) < slack and a < gutter.end and b > gutter.start]
    if not fitting:
        return [piece]
    start, end = max(fitting, key=lambda gap: gap[1] - gap[0])
    widths = sorted(b - a for a, b in gaps)
    if end - start < WIDE * widths[len(widths) // 2]:
        return [piece]
    return split_at(piece, frame, [(start + end) / 2])

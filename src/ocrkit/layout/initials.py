"""Drop caps: a large first letter goes back to the line whose first word it begins.

Works in the reading frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.geometry import union
from ocrkit.layout.pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

TALL = 1.8
"""A drop cap is at least this many times as high as an ordinary line."""

BESIDE = 1.5
"""Its line begins within this many line heights of it."""


def with_initials(pieces: Sequence[Piece], em: float) -> list[Piece]:
    """The pieces, each drop cap joined to the line at its top right."""
    kept = list(pieces)
    for cap in [p for p in pieces if len(p.text) == 1 and p.text.isupper() and p.height >= TALL * em]:
        beside = [p for p in kept if p is not cap and p.text[:1].isalpha() and _beside(cap, p, em)]
        first = min(beside, key=lambda p: p.middle, default=None)
        if first is None or bool(first.line.words) != bool(cap.line.words):
            continue
        kept[kept.index(first)] = _joined(cap, first)
        kept.remove(cap)
    return kept


def _beside(cap: Piece, piece: Piece, em: float) -> bool:
    near = -em / 2 < piece.box[0] - cap.box[2] < BESIDE * em
    return near and cap.box[1] - em / 2 < piece.middle < cap.box[3] and piece.height < cap.height / TALL * 1.5


def _joined(cap: Piece, first: Piece) -> Piece:
    """The line with the letter in front; its place and size stay those of the line, from the letter's left edge."""
    line = first.line.model_copy(
        update={
            "text": cap.text + first.text,
            "words": (*cap.line.words, *first.line.words),
            "bbox": union([cap.line.bbox, first.line.bbox]),
            "quad": None,
        }
    )
    return Piece(line, (cap.box[0], first.box[1], first.box[2], first.box[3]), first.size)

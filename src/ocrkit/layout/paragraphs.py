"""Paragraphs: rows of a region into runs that belong together, and their lines into one text.

Works in the reading frame; knows nothing of tables and headings.
"""

from __future__ import annotations

import itertools
import re
from statistics import median
from typing import TYPE_CHECKING

from ocrkit.layout.rows import join_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.layout.pieces import Piece

_SOFT_HYPHEN = re.compile(r"[^\W\d_][-‐\u00ad¬]$")
"""A line that ends inside a word."""


def paragraphs_of(pieces: Sequence[Piece], em: float) -> list[list[Piece]]:
    """The pieces of one region, top to bottom, as paragraphs."""
    runs: list[list[Piece]] = []
    gaps = [b.box[1] - a.box[3] for a, b in itertools.pairwise(pieces)]
    usual = median(gaps) if gaps else 0.0
    for piece in pieces:
        if runs and not _starts_new(runs[-1], piece, usual=usual, em=em):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _starts_new(run: Sequence[Piece], piece: Piece, *, usual: float, em: float) -> bool:
    before = run[-1]
    gap = piece.box[1] - before.box[3]
    if gap > max(usual, 0.0) + 0.5 * em:
        return True
    return abs(piece.size - before.size) > 0.3 * max(piece.size, before.size)


def reflowed(lines: Sequence[str]) -> str:
    """The lines as one text: words broken at a line's end made whole, no space between full-width characters."""
    text = ""
    for line in lines:
        stripped = line.strip()
        if text and stripped and _SOFT_HYPHEN.search(text) and stripped[0].islower():
            text = text[:-1] + stripped
        else:
            text = join_words(text, stripped)
    return text

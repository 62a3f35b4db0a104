"""Parts the characters of a line into words, and finds where on the strip each word begins and ends.

The networks often miss a space between Latin words (RapidOCR issue 723), but seldom without a doubt: they give
it a few per cent, and the strip shows a gap. Both together are a space. Knows strips and glyphs, no pages.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ocrkit.engines.ppocr.recognize import Glyph, Reading
    from ocrkit.raster import Pixels

_CERTAIN = 0.5
"""Probability from which a space is one whatever the strip shows."""
_LIKELY = 0.25
"""Probability from which half the gap will do."""
_POSSIBLE = 0.02
"""Probability from which a space is one where the strip shows a gap."""
_GAP = 12
"""Pixels of such a gap: a quarter of the strip's height.

On receipts, typescript and print the two rules halve the wrong spaces of the small network and leave a third
of the tiny one's, against taking a space at even odds."""
_CONTRAST = 0.25
"""Share of a line's own contrast from which a column holds ink."""
_STRONG = 0.95
"""Share of the columns that have less contrast than the line is said to have."""
_FAINTEST = 12
"""Grey levels under which nothing is ink."""
_RIM = 1
"""Rows at top and bottom left out: the border of a scan or a rule shows there first."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word, or one character of a script that has no spaces.

    Attributes:
        text: its characters.
        start: where its ink begins, in pixels of the strip.
        end: where its ink ends.
        confidence: mean of its characters', 0 to 1.
        spaced: whether a space stands before it.
    """

    text: str
    start: float
    end: float
    confidence: float
    spaced: bool


class Gaps:
    """The runs of columns without ink on a strip."""

    def __init__(self, pixels: Pixels) -> None:
        self._width = pixels.shape[1]
        blank = np.concatenate([[False], ~_has_ink(pixels), [False]])
        edges = np.flatnonzero(blank[1:] != blank[:-1])
        self._starts: NDArray[np.intp] = edges[::2]
        self._ends: NDArray[np.intp] = edges[1::2]

    def widest(self, start: float, end: float) -> tuple[float, float]:
        """The widest run without ink between two places; empty and half-way where there is none."""
        starts = np.maximum(self._starts, start)
        ends = np.minimum(self._ends, end)
        if starts.size:
            widths = ends - starts
            at = int(widths.argmax())
            if widths[at] > 0:
                return (float(starts[at]), float(ends[at]))
        return ((start + end) / 2, (start + end) / 2)

    def ink_from(self, place: float) -> float:
        """Where the ink that reaches `place` begins."""
        before = self.widest(0, place)
        return before[1] if before[0] < before[1] else 0.0

    def ink_to(self, place: float) -> float:
        """Where the ink that begins before `place` ends."""
        after = self.widest(place, self._width)
        return after[0] if after[0] < after[1] else float(self._width)


def tokens(reading: Reading, pixels: Pixels) -> list[Token]:
    """The words of what was read on a strip, in reading direction."""
    glyphs = reading.glyphs
    if not glyphs:
        return []
    gaps = Gaps(pixels)
    cuts = list(_cuts(glyphs, gaps))
    firsts = [0, *(index for index, _, _, _ in cuts)]
    lasts = [*firsts[1:], len(glyphs)]
    starts = [gaps.ink_from(glyphs[0].start), *(right for _, _, right, _ in cuts)]
    ends = [*(left for _, left, _, _ in cuts), gaps.ink_to(glyphs[-1].end)]
    spaced = [False, *(space for _, _, _, space in cuts)]
    return [
        Token(
            text="".join(glyph.text for glyph in glyphs[first:last]),
            start=start,
            end=end,
            confidence=sum(glyph.confidence for glyph in glyphs[first:last]) / (last - first),
            spaced=space,
        )
        for first, last, start, end, space in zip(firsts, lasts, starts, ends, spaced, strict=True)
    ]


def line_text(words: list[Token]) -> str:
    """The line as a reader writes it."""
    return "".join(f" {word.text}" if word.spaced else word.text for word in words)


def is_wide(character: str) -> bool:
    """Whether the character is of a script set in squares, without spaces: Han, kana, full-width forms."""
    return unicodedata.east_asian_width(character[0]) in "WF"


def _cuts(glyphs: tuple[Glyph, ...], gaps: Gaps) -> Iterator[tuple[int, float, float, bool]]:
    """For each word but the first: its first glyph, where the word before ends, where it begins, if spaced."""
    for index in range(1, len(glyphs)):
        before, glyph = glyphs[index - 1], glyphs[index]
        wide = is_wide(before.text) or is_wide(glyph.text)
        if glyph.space < _POSSIBLE and not wide:
            continue
        left, right = gaps.widest(before.middle, glyph.middle)
        gap = _GAP if glyph.space < _LIKELY else _GAP / 2
        space = glyph.space >= _CERTAIN or (glyph.space >= _POSSIBLE and right - left >= gap and not wide)
        if space or wide:
            yield index, left, right, space


def _has_ink(pixels: Pixels) -> NDArray[np.bool_]:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[_RIM:-_RIM]
    contrast = grey.max(axis=0) - grey.min(axis=0)
    high = int(_STRONG * (contrast.size - 1))
    found: NDArray[np.bool_] = contrast > max(_FAINTEST, float(np.partition(contrast, high)[high]) * _CONTRAST)
    return found

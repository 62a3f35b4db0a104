"""Looks at a picture before Tesseract does: is there ink, how large is the type, is it a page, a block or a line.

Knows pixels, no characters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ocrkit.raster import Pixels

    Grey: TypeAlias = NDArray[np.uint8]
    Span: TypeAlias = tuple[int, int, int, int]

Shape = Literal["page", "block", "line"]

_TYPE_SIZE = 18.0
"""Pixels that the middle glyph should be high. Rendered text of 9 to 60 pixels an em, in six scripts, was read best
and no slower at an em of 30, whose middle glyph has this height; at half of it the page layout loses lines."""
_SMALL, _LARGE = 0.75, 2.5
"""Shares of that height from which a picture is scaled up or down."""
_MOST_SCALE = 4.0
"""More only blurs: no detail is left to gain."""
_CONTRAST = 25.0
"""Grey levels between ink and paper below which a picture is blank: paper grain and JPEG noise stay under 20."""
_SPECK = 3
"""Pixels: what is no higher is a dot or noise, and does not count for the size of the type."""


@dataclass(frozen=True, slots=True)
class Ink:
    """A picture made ready for Tesseract.

    Attributes:
        grey: height × width, 8-bit, at `scale` times the size of the picture.
        scale: how much larger it is than the picture given.
        mask: where it is ink.
        size: height of the middle glyph in pixels of `grey`: of a letter, or of a word where its letters join.
        box: the box around all ink, `(x0, y0, x1, y1)` in pixels of `grey`.
    """

    grey: Grey
    scale: float
    mask: NDArray[np.bool_]
    size: float
    box: Span

    @property
    def shape(self) -> Shape:
        """What the picture looks like: a line or a block is a cutting with little around it."""
        pitch = 2.2 * self.size
        if self.box[3] - self.box[1] <= _LINE_ROWS * pitch and self._bands() <= 1:
            return "line"
        return "block" if self.grey.shape[0] <= _BLOCK_ROWS * pitch else "page"

    def _bands(self) -> int:
        """How many rows of ink lie between empty ones, marks above and below a line not counted."""
        inked = np.concatenate([[0], self.mask.any(axis=1).astype(np.int8), [0]])
        edges = np.flatnonzero(np.diff(inked))
        heights = edges[1::2] - edges[::2]
        return int(np.count_nonzero(heights >= _BAND * heights.max()))

    @property
    def flat(self) -> bool:
        """Whether it is a line or so, and therefore not written from top to bottom."""
        return self.box[2] - self.box[0] > 2 * (self.box[3] - self.box[1])

    def cut(self, box: Span, margin: float = 0.08) -> tuple[Grey, Span]:
        """The pixels of the box, and where they are, with a margin as share of its height.

        Tesseract scales a raw line to a fixed height: a wide margin shrinks the letters (beyond 0.2 it costs words).
        """
        x0, y0, x1, y1 = box
        height, width = self.grey.shape
        edge = round(margin * (y1 - y0)) + 1
        x0, y0, x1, y1 = max(0, x0 - edge), max(0, y0 - edge), min(width, x1 + edge), min(height, y1 + edge)
        return self.grey[y0:y1, x0:x1], (x0, y0, x1, y1)

    def strips(self, covered: Iterable[Span] = ()) -> list[Span]:
        """Boxes of ink that lies like lines of text and outside the boxes `covered`, top to bottom."""
        rest = self.mask.astype(np.uint8)
        for x0, y0, x1, y1 in covered:
            rest[max(0, y0) : y1, max(0, x0) : x1] = 0
        gap = round(1.5 * self.size)  # wider than the space between words, narrower than that between columns
        joined = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((max(1, gap // 6), max(1, gap)), np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        boxes = [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:]]
        return sorted((box for box in boxes if self._is_strip(box)), key=lambda box: (box[1], box[0]))

    def _is_strip(self, box: Span) -> bool:
        width, height = box[2] - box[0], box[3] - box[1]
        return 0.7 * self.size <= height <= _STRIP_HEIGHT * self.size and width >= 1.5 * height


_LINE_ROWS = 2.2
"""Lines of usual spacing that a single one with marks above and below, as of Thaana, may be high."""
_BAND = 0.5
"""Share of the highest row of ink from which another one is text and no mark."""
_BLOCK_ROWS = 12
_STRIP_HEIGHT = 4.0
"""In middle glyphs: a line with marks above and below is up to this high; more is a picture or two lines."""


_RULE_LENGTH = 12.0
"""In middle glyphs: longer than any stroke, of Arabic and of a Devanagari word's head too."""
_RULE_THICKNESS = 0.35
"""In middle glyphs: what is thicker is a bar or a field."""


def look(pixels: Pixels) -> Ink | None:
    """The picture ready for Tesseract; `None` for a blank one."""
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    first = _measured(grey, scale=1.0)
    if first is None:
        return None
    cleared = _without_rules(first)
    if cleared is not grey:
        grey = cleared
        first = _measured(grey, scale=1.0)
        if first is None:
            return None
    share = first.size / _TYPE_SIZE
    if _SMALL <= share <= _LARGE:
        return first
    scale = min(_MOST_SCALE, 1 / share)
    method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    scaled = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=method)
    return _measured(np.asarray(scaled, np.uint8), scale=scale)


def _without_rules(ink: Ink) -> Grey:
    """The picture without the rules of its tables and frames, next to which the page layout drops whole cells."""
    mask = ink.mask.astype(np.uint8)
    long, thick = round(_RULE_LENGTH * ink.size), max(2, round(_RULE_THICKNESS * ink.size))
    rules = np.zeros_like(mask)
    for run, across in (((1, long), (thick + 1, 1)), ((long, 1), (1, thick + 1))):
        drawn = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(run, np.uint8)), np.uint8)
        bars = np.asarray(cv2.morphologyEx(drawn, cv2.MORPH_OPEN, np.ones(across, np.uint8)), np.uint8)
        rules |= drawn - bars
    if not rules.any():
        return ink.grey
    around = cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0
    return np.where(around, np.uint8(np.median(ink.grey[~ink.mask])), ink.grey)


def _measured(grey: Grey, *, scale: float) -> Ink | None:
    level, dark = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    mask: NDArray[np.bool_] = dark > 0 if dark.mean() <= 0.5 else dark == 0  # noqa: PLR2004 - ink is the lesser part
    if not mask.any() or _contrast(grey, level) < _CONTRAST:
        return None
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    heights, widths = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    glyphs = (
        (heights > _SPECK) & (heights < 20 * np.maximum(1, widths)) & (widths < 20 * heights)
    )  # no rules, no specks
    if not glyphs.any():
        return None
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return Ink(
        grey=grey,
        scale=scale,
        mask=mask,
        size=_middle(heights[glyphs].astype(np.int32), widths[glyphs].astype(np.int32)),
        box=box,
    )


def _middle(heights: NDArray[np.int32], widths: NDArray[np.int32]) -> float:
    """The height that half of all ink, by its width, does not exceed: dots and accents are many but narrow."""
    order = np.argsort(heights)
    reached = np.cumsum(widths[order])
    return float(heights[order][np.searchsorted(reached, reached[-1] / 2)])


def _contrast(grey: Grey, level: float) -> float:
    """Grey levels between the mean of the dark part and that of the light part."""
    counts = cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel()
    values, cut = np.arange(256), int(level) + 1
    dark, light = counts[:cut], counts[cut:]
    if dark.sum() == 0 or light.sum() == 0:
        return 0.0
    return float(light @ values[cut:] / light.sum() - dark @ values[:cut] / dark.sum())

"""Bold lines of a page picture: how thick their strokes are beside those of the page's text.

Imports OpenCV, so it is itself imported only when a picture is read. Knows nothing of headings. Only upright pages are
looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ocrkit.geometry import Affine
from ocrkit.layout.paragraphs import of_most_text
from ocrkit.layout.pieces import directional
from ocrkit.pipeline.grey import grey_at
from ocrkit.pipeline.pages import relined

if TYPE_CHECKING:
    from ocrkit.geometry import BBox
    from ocrkit.model import Line, Page
    from ocrkit.pipeline.grey import Grey
    from ocrkit.raster import PageImage

HEAVY = 1.25
"""Strokes this many times as thick as those of the text are bold. On 55 pages drawn from PDFs that name their fonts, 85
% of bold lines of about the text's size are, and 2 % of others; where those pages were blurred, shrunk or made black
and white, 74 to 89 % and 2 to 3 %."""

LETTERS = 4
"""Lines with fewer letters do not tell."""

LEAST_LINES = 5
"""So many lines show the weight of the page's text."""

SMALL = 0.85
"""Smaller type than this share of the text's has thinner strokes whatever its weight, and is not judged."""

FINE = 22.0
"""Pixels of a line's height in which thick strokes are told from thin ones."""

HIGH = 30.0
"""Pixels that a line is shrunk to; its strokes are two to three wide then, and more tell no more."""

CONTRAST = 40.0
"""Ink is darker than paper by so many of 255 levels."""

STAIN = 0.15
"""What is darker than the paper by less than this share of the ink is no part of a stroke."""

PAPER = 0.5
"""Less than this share of a line's box is ink; where it is more, light letters stand on dark."""

RULED = 0.7
"""A row of pixels that is ink for more than this share is of a ruling that the box of the line takes in."""

BLACKEST = 0.05
"""The share of the ink that shows how black it is; thin strokes are grey at their edges."""


@dataclass(frozen=True, slots=True)
class _Ink:
    """The ink of a line: how black it is, and how much of it, in pixels of that black, there is in a stroke's width."""

    black: float
    stroke: float


def with_weight(image: PageImage, page: Page) -> Page:
    """The page, its lines marked bold whose strokes are plainly thicker than those of most of its text.

    Args:
        image: the page in pixels.
        page: what was read there, each line a block.

    Raises:
        SourceError: the page cannot be decoded.
    """
    lines = page.lines
    told = {i: line for i, line in enumerate(lines) if sum(map(str.isalpha, line.text)) >= LETTERS and _lies(line)}
    if page.rotation or len(told) < LEAST_LINES:
        return page
    lengths = {i: len(line.text) for i, line in told.items()}
    usual_high = _usual({i: line.bbox[3] - line.bbox[1] for i, line in told.items()}, lengths)
    grey, zoom = grey_at(image, FINE / usual_high)
    shrunk = Affine.scale(zoom, zoom)
    boxes = {i: shrunk.box(line.bbox) for i, line in told.items()}
    inks = {i: ink for i, box in boxes.items() if (ink := _ink(_cut(grey, box)))}
    bold = _heavy(inks, boxes, lengths)
    return relined(page, {i: lines[i].model_copy(update={"bold": True}) for i in bold}) if bold else page


def _lies(line: Line) -> bool:
    return directional(line) != "ttb"


def _cut(grey: Grey, box: BBox) -> Grey:
    """The line's pixels, no higher than `HIGH`."""
    x0, y0, x1, y1 = (max(0, round(side)) for side in box)
    cut = grey[y0:y1, x0:x1]
    step = HIGH / max(1, y1 - y0)
    if step >= 1 or not cut.size:
        return cut
    size = (max(1, round(cut.shape[1] * step)), max(1, round(cut.shape[0] * step)))
    return np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_AREA), np.uint8)


def _ink(cut: Grey) -> _Ink | None:
    """The ink of a line; `None` where there is none to speak of."""
    if not cut.size:
        return None
    level, drawn = cv2.threshold(cut, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if drawn.mean() > PAPER:
        cut = np.asarray(255 - cut, np.uint8)
        level, drawn = cv2.threshold(cut, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    letters = drawn.mean(axis=1) <= RULED
    cut, drawn = cut[letters], drawn[letters]
    counts = np.bincount(cut.ravel(), minlength=256)
    shades = np.arange(256)
    dark = int(level) + 1
    inked, blank = int(counts[:dark].sum()), int(counts[dark:].sum())
    if not inked or not blank:
        return None
    paper = dark + int(np.searchsorted(np.cumsum(counts[dark:]), blank / 2))
    black = paper - int(np.searchsorted(np.cumsum(counts[:dark]), BLACKEST * inked))
    strokes = int((drawn[:, 1:] > drawn[:, :-1]).sum())
    if black < CONTRAST or not strokes:
        return None
    depth = paper - shades
    ink = float((counts * depth)[depth > STAIN * black].sum())
    return _Ink(black, ink / strokes)


def _heavy(inks: dict[int, _Ink], boxes: dict[int, BBox], lengths: dict[int, int]) -> set[int]:
    """The lines whose strokes are thicker than those of most of the text, allowing for larger type."""
    if len(inks) < LEAST_LINES:
        return set()
    high = {i: boxes[i][3] - boxes[i][1] for i in inks}
    wide = {i: (boxes[i][2] - boxes[i][0]) / lengths[i] for i in inks}
    usual_high, usual_wide = _usual(high, lengths), _usual(wide, lengths)
    black = _usual({i: ink.black for i, ink in inks.items()}, lengths)
    # Thin strokes are hardly black where a page is blurred, so black is the page's as much as the line's own.
    thick = {i: ink.stroke / (ink.black * black) ** 0.5 for i, ink in inks.items()}
    thick = {i: thick[i] * max(1.0, high[i] / HIGH) for i in thick}
    usual = _usual(thick, lengths)
    sizes = {i: min(high[i] / usual_high, wide[i] / usual_wide) for i in inks}
    return {i for i in inks if sizes[i] >= SMALL and thick[i] > HEAVY * max(1.0, sizes[i]) * usual}


def _usual(values: dict[int, float], lengths: dict[int, int]) -> float:
    """That of most of the text; never 0."""
    return max(of_most_text((value, lengths[i]) for i, value in values.items()), 1e-6)

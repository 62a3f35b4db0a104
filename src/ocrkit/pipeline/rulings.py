"""Ruling lines of a page picture, found in its pixels: thin, straight, level or upright, longer than any letter.

Imports OpenCV, so it is itself imported only when a picture is read. Knows nothing of tables.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ocrkit.geometry import Affine
from ocrkit.pipeline.pictures import mapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cv2.typing import MatLike
    from numpy.typing import NDArray

    from ocrkit.geometry import BBox
    from ocrkit.model import Line, Page
    from ocrkit.raster import PageImage

    Grey = NDArray[np.uint8]
    Boxes = NDArray[np.float64]

FINE = 12.0
"""Pixels that the height of an ordinary line shrinks to; a hairline is still to be seen then."""

CONTRAST = 20
"""A ruling is darker by so many of 255 levels, after shrinking, than the lighter of what lies on its two sides."""

REACHES = (0.17, 0.33)
"""How far from a ruling its two sides lie, in heights of a line: text may be near, and the ruling may be thick."""

LEVEL_LENGTH = 3.0
"""A ruling along the text is at least this long, in heights of a line; few strokes run together for so long."""

UPRIGHT_LENGTH = 1.8
"""A ruling across the text is at least this long; a letter is shorter."""

CROSSING = 3
"""Pixels after shrinking for which one ruling hides another that it crosses, less one."""

SLOPE = 0.04
"""No ruling rises by more than this share of its length."""

INSET = 0.15
"""What lies further inside a word than this share of its height is a stroke of it, not a line under or over it."""

COVERED = 0.5
"""A ruling that lies inside words for this share of its length is a stroke or strikes them out."""

UNDER = 0.4
"""A line nearer to the foot of a word than this, in heights of a line, may underline it."""

OVERHANG = 0.7
"""An underline ends within this of its words, in heights of a line."""

SEEN = 0.25
"""Share of a line across the text that is a ridge where text stands close beside the rest of it."""

FOLLOWED = 3
"""Pixels after shrinking that a ruling may be thick to be followed to where it ends."""

BRIDGED = 2
"""Pixels after shrinking that may be light in a ruling that goes on behind them."""

TELLING = 3
"""Lines of fewer characters do not tell the usual height."""


def find_rulings(image: PageImage, page: Page) -> list[BBox]:
    """The ruling lines as thin boxes in pixels of the page image; lines up to about 1.5 degrees askew count.

    Args:
        image: the page in pixels.
        page: what was read there; its lines give the measure, and tell strokes and underlines from rulings.

    Raises:
        SourceError: the page cannot be decoded.
    """
    turn = Affine.turn(page.rotation, page.width, page.height)
    lines = mapped(page.lines, turn)
    em = _line_height(lines)
    if em <= 0:
        return []
    grey = np.ascontiguousarray(np.rot90(_shrunk(image.at_scale(min(1.0, FINE / em)), page, em), -page.rotation // 90))
    width, height = (page.height, page.width) if page.rotation in (90, 270) else (page.width, page.height)
    zoom = Affine.scale(width / grey.shape[1], height / grey.shape[0])
    unit = em * grey.shape[1] / width
    turned = np.ascontiguousarray(grey.T)
    ridges = _ridges(turned, unit)
    closed = cv2.morphologyEx(ridges, cv2.MORPH_CLOSE, np.ones((1, CROSSING), np.uint8))
    upright = _runs(cv2.bitwise_or(closed, _beside_text(turned, ridges, unit)), UPRIGHT_LENGTH * unit)
    level = _runs(_ridges(grey, unit) | upright.T, LEVEL_LENGTH * unit)
    words = np.array([w.bbox for line in lines for w in line.words] or [line.bbox for line in lines], np.float64)
    posts = [zoom.box((y0, x0, y1, x1)) for x0, y0, x1, y1 in _followed(_boxes(upright), turned, unit)]
    posts = [post for post in posts if not _is_letter(post, words)]
    beams = [zoom.box(box) for box in _followed(_boxes(level), grey, unit)]
    beams = [beam for beam in beams if not _is_stroke(beam, words, em)]
    beams = [b for b in beams if any(_meet(b, p, em) for p in posts) or not _is_underline(b, words, em)]
    posts = _without_strokes(posts, beams, words, em=em)
    back = Affine.turn(360 - page.rotation, width, height)
    return [back.box(box) for box in (*beams, *posts)]


def _line_height(lines: Sequence[Line]) -> float:
    heights = [line.bbox[3] - line.bbox[1] for line in lines if len(line.text) >= TELLING]
    return median(heights) if heights else 0.0


def _shrunk(pixels: Grey, page: Page, em: float) -> Grey:
    """The page in grey, shrunk by a whole number, so that hairlines fade evenly and a line is about `FINE` high."""
    step = max(1, int(em * pixels.shape[1] / page.width / FINE))
    height, width = pixels.shape[0] // step, pixels.shape[1] // step
    grey = cv2.cvtColor(pixels[: height * step, : width * step], cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _ridges(grey: Grey, unit: float) -> Grey:
    """Where the picture is darker than above and below; `unit` is the height of an ordinary line in its pixels."""
    found = np.zeros_like(grey)
    for reach in (max(2, round(share * unit)) for share in REACHES):
        if grey.shape[0] <= 2 * reach:
            break
        above, here, below = grey[: -2 * reach], grey[reach:-reach], grey[2 * reach :]
        # A ruling may part a white row from a shaded one: it stands out less from the darker.
        lighter = cv2.threshold(cv2.subtract(cv2.max(above, below), here), CONTRAST, 255, cv2.THRESH_BINARY)[1]
        darker = cv2.threshold(cv2.subtract(cv2.min(above, below), here), CONTRAST // 2, 255, cv2.THRESH_BINARY)[1]
        found[reach:-reach] |= cv2.min(lighter, darker).astype(np.uint8)
    return found


def _beside_text(grey: Grey, ridges: Grey, unit: float) -> Grey:
    """Thin dark lines across the text that are ridges in part: text begins right beside them in row after row."""
    reach = max(2, round(REACHES[1] * unit))
    lightest = cv2.dilate(grey, np.ones((2 * reach + 1, 1), np.uint8))
    dark = cv2.threshold(cv2.subtract(lightest, grey), CONTRAST, 255, cv2.THRESH_BINARY)[1]
    dark = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, CROSSING), np.uint8))
    runs = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, max(3, round(UPRIGHT_LENGTH * unit))), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    seen = np.bincount(labels[ridges > 0], minlength=count)
    kept = (seen >= SEEN * stats[:, cv2.CC_STAT_AREA]) & (stats[:, cv2.CC_STAT_HEIGHT] <= FOLLOWED)
    kept[0] = False
    return np.where(kept[labels], np.uint8(255), np.uint8(0))


def _runs(ridges: MatLike, length: float) -> Grey:
    """What runs on along its row of pixels for that long; a line askew, which changes rows, does so too."""
    taller = cv2.dilate(ridges, np.ones((3, 1), np.uint8))
    return np.asarray(cv2.morphologyEx(taller, cv2.MORPH_OPEN, np.ones((1, max(3, round(length))), np.uint8)), np.uint8)


def _boxes(runs: Grey) -> list[BBox]:
    """A box around each line, as thick as the line was before it was made taller."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    boxes = [(float(x), y + 1.0, float(x + w), y + max(h - 1.0, 2.0)) for x, y, w, h, _ in stats[1:count].tolist()]
    return [box for box in boxes if box[3] - box[1] <= max(FINE / 2, SLOPE * (box[2] - box[0]))]


def _followed(boxes: Sequence[BBox], grey: Grey, unit: float) -> list[BBox]:
    """The lines, each as long as its pixels stay dark: where text stands close to both its sides it is no ridge."""
    reach = max(2, round(REACHES[1] * unit))
    kernel = np.ones((1, BRIDGED + 1), np.uint8)
    found = []
    for x0, y0, x1, y1 in boxes:
        start, end, top, bottom = int(x0), int(x1), int(y0), int(y1)
        if bottom - top > FOLLOWED or top < reach or bottom + reach > grey.shape[0]:
            found.append((x0, y0, x1, y1))
            continue
        row = grey[top:bottom].min(axis=0)
        beside = np.maximum(grey[top - reach, start:end], grey[bottom + reach - 1, start:end])
        dark = (row <= (np.median(row[start:end]) + np.median(beside)) / 2).astype(np.uint8)
        dark[start:end] = 1
        light = np.flatnonzero(cv2.morphologyEx(dark[None], cv2.MORPH_CLOSE, kernel)[0] == 0)
        before, after = light[light < start], light[light >= end]
        left, right = before[-1] + 1 if before.size else 0, after[0] if after.size else row.size
        found.append((float(left), y0, float(right), y1))
    return found


def _is_stroke(beam: BBox, words: Boxes, em: float) -> bool:
    """Whether the line runs through words for most of its length and nowhere from one cell to the next."""
    at = (beam[1] + beam[3]) / 2
    inset = INSET * (words[:, 3] - words[:, 1])
    inside = words[(words[:, 1] + inset < at) & (at < words[:, 3] - inset)]
    covered = np.minimum(beam[2], inside[:, 2]) - np.maximum(beam[0], inside[:, 0])
    return bool(covered.clip(0).sum() > COVERED * (beam[2] - beam[0])) and _widest_blank(beam, inside) < OVERHANG * em


def _is_letter(post: BBox, words: Boxes) -> bool:
    """Whether the line is a stroke of a letter, or such strokes above one another where text lines stand close."""
    at = (post[0] + post[2]) / 2
    inside = words[(words[:, 0] <= at) & (at <= words[:, 2])]
    covered = (np.minimum(post[3], inside[:, 3]) - np.maximum(post[1], inside[:, 1])).clip(0)
    inset = INSET * (inside[:, 3] - inside[:, 1])
    well = (inside[:, 0] + inset < at) & (at < inside[:, 2] - inset)
    return bool(max(covered.max(initial=0), covered[well].sum()) > COVERED * (post[3] - post[1]))


def _without_strokes(posts: Sequence[BBox], beams: Sequence[BBox], words: Boxes, *, em: float) -> list[BBox]:
    """The lines across the text without strokes of letters that they run into beyond the grid, or are, beside it."""
    found = []
    for post in posts:
        x0, y0, x1, y1 = post
        inset = INSET * (words[:, 3] - words[:, 1])
        near = words[(words[:, 0] - inset < (x0 + x1) / 2) & ((x0 + x1) / 2 < words[:, 2] + inset)]
        met = [beam for beam in beams if _meet(beam, post, em)]
        if not any(min(abs(y0 - beam[1]), abs(y1 - beam[3])) <= em / 4 for beam in met):
            covered = (np.minimum(y1, near[:, 3]) - np.maximum(y0, near[:, 1])).clip(0).sum()
            found += [post] if covered <= COVERED * (y1 - y0) else []
            continue
        top, bottom = min(beam[1] for beam in met), max(beam[3] for beam in met)
        above = ((near[:, 1] < top) & (near[:, 3] > y0)).any()
        below = ((near[:, 3] > bottom) & (near[:, 1] < y1)).any()
        found.append((x0, max(y0, top) if above else y0, x1, min(y1, bottom) if below else y1))
    return found


def _is_underline(beam: BBox, words: Boxes, em: float) -> bool:
    """Whether words stand right above the line from its beginning to its end, none as far from the next as cells."""
    return _widest_blank(beam, words[abs(words[:, 3] - beam[1]) < UNDER * em]) < OVERHANG * em


def _widest_blank(beam: BBox, words: Boxes) -> float:
    """The longest part of the line with none of the words above or below it."""
    along = words[(words[:, 2] > beam[0]) & (words[:, 0] < beam[2])]
    if not len(along):
        return beam[2] - beam[0]
    along = along[np.argsort(along[:, 0])]
    ends = np.maximum.accumulate(np.append(beam[0], along[:, 2]))
    return float((np.append(along[:, 0], beam[2]) - ends).max())


def _meet(beam: BBox, post: BBox, em: float) -> bool:
    x, y = (post[0] + post[2]) / 2, (beam[1] + beam[3]) / 2
    return beam[0] - em / 2 <= x <= beam[2] + em / 2 and post[1] - em / 2 <= y <= post[3] + em / 2

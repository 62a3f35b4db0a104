"""List markers of a page picture that its engine passed over: dots and boxes that stand alone before lines.

Imports OpenCV, so it is itself imported only when a picture is read. Knows nothing of lists: a line gets its marker
as its first word, and `layout` does the rest. Only upright pages are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from ocrkit.geometry import Affine, quad_of, union
from ocrkit.layout.lists import has_marker
from ocrkit.layout.pieces import directional
from ocrkit.model import Word
from ocrkit.pipeline.grey import grey_at
from ocrkit.pipeline.pages import relined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from ocrkit.geometry import BBox
    from ocrkit.model import Line, Page
    from ocrkit.pipeline.grey import Grey
    from ocrkit.raster import PageImage

FINE = 20.0
"""Pixels of a line's height in which a dot, an empty box and a letter are told apart."""

REACH = 3.0
"""A marker stands no further before its line than this, in heights of a line."""

GAP = 0.2
"""And no nearer than this."""

SIDES = (0.15, 0.8)
"""Least and most of its width and its height."""

OBLONG = 1.6
"""It is no more than this many times as wide as high, or as high as wide; a one or a dash is."""

ALONE = 0.4
"""Nothing stands nearer to it on the other side."""

CONTRAST = 40
"""It differs from the paper by so many of 255 levels."""

FILLED = 0.66
"""It fills its box at least so far: a round dot does so by 0.79, a letter hardly by half."""

RING = 0.85
"""Or so much of the edge of its box is drawn, as that of an empty one is."""

HOLLOW = 0.3
"""And no more of its middle is."""

BOX = 0.35
"""An empty or light marker at least so wide, in heights of a line, is a box to tick."""

STEPS = (0.35, 0.25)
"""Markers of one list stand above one another within this, in heights of a line, and differ by this share in size."""

NEAR = 8.0
"""Two are a list where they are no further apart than this, in heights of a line; else it takes `MANY`."""

MANY = 3

TELLING = 3
"""Lines of fewer characters tell neither the usual height nor a list."""

ALIGNED = 0.5
"""What was misread stands this near to a marker above or below it, in heights of a line, by their middles."""

_MISREAD = frozenset("eoO0°·.*c¢©®@¤1lIiDLU")
"""What engines make of a dot or a box that they do see."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """Something that may be a marker, and the number of the line that it stands before."""

    line: int
    box: BBox
    sign: str


def with_bullets(image: PageImage, page: Page) -> Page:
    """The page, lines of lists beginning with the markers that stand before them in the picture.

    Args:
        image: the page in pixels.
        page: what was read there, each line a block.

    Raises:
        SourceError: the page cannot be decoded.
    """
    lines = page.lines
    heights = [line.bbox[3] - line.bbox[1] for line in lines if len(line.text) >= TELLING]
    em = median(heights) if heights else 0.0
    if em <= 0 or page.rotation:
        return page
    grey, zoom = grey_at(image, FINE / em)
    boxes = np.array([line.bbox for line in lines], np.float64) * zoom
    back = Affine.scale(1 / zoom, 1 / zoom)
    spots = [_before(grey, line, number, boxes=boxes, em=em * zoom) for number, line in enumerate(lines)]
    marks = [_Mark(number, back.box(spot[0]), spot[1]) for number, spot in enumerate(spots) if spot]
    listed = {mark.line: mark for mark in marks if _is_of_list(mark, marks, em)}
    if not listed:
        return page
    found = list(listed.values())
    marked = [_with_marker(line, listed.get(number), found, em=em) for number, line in enumerate(lines)]
    return relined(page, dict(enumerate(marked)))


def _before(grey: Grey, line: Line, number: int, *, boxes: NDArray[np.float64], em: float) -> tuple[BBox, str] | None:
    """What stands alone before the line of that number, if it could be a marker; in pixels of `grey`, as all here."""
    x0, y0, x1, y1 = boxes[number].tolist()
    if len(line.text) < TELLING or y1 - y0 > 2 * em or x1 <= x0 or has_marker(line.text) or directional(line) != "ltr":
        return None
    left, right = x0 - REACH * em, x0
    level = boxes[(boxes[:, 1] < y1) & (boxes[:, 3] > y0) & (boxes[:, 0] < x0) & (boxes[:, 2] > left)]
    level = level[level[:, 2] < x0 + em]  # not the line itself, nor what stands above it and reaches down
    left = max(0.0, left, *(level[:, 2] + 1).tolist())
    top, strip = round(y0), grey[max(0, round(y0)) : round(y1), round(left) : round(right)]
    if strip.shape[1] < GAP * em or strip.shape[0] < SIDES[0] * em:
        return None
    paper = np.median(strip)
    drawn = np.abs(strip.astype(np.int16) - paper) > CONTRAST
    spot = _nearest(drawn, em)
    if spot is None:
        return None
    a, b, c, d = spot
    sign = _sign(drawn[b:d, a:c], light=bool(strip[b:d, a:c].mean() > paper), wide=c - a >= BOX * em)
    x, y = float(round(left)), float(max(0, top))
    return ((x + a, y + b, x + c, y + d), sign) if sign else None


def _nearest(drawn: NDArray[np.bool_], em: float) -> tuple[int, int, int, int] | None:
    """The box in the strip of what is drawn nearest to its right end, if it has a marker's size and stands alone."""
    columns = np.flatnonzero(drawn[:, : max(0, drawn.shape[1] - 1)].any(axis=0))
    columns = columns[columns < drawn.shape[1] - GAP * em]
    if not columns.size:
        return None
    parts = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    start, end = int(parts[-1][0]), int(parts[-1][-1]) + 1
    before = int(parts[-2][-1]) + 1 if len(parts) > 1 else -round(ALONE * em)
    rows = np.flatnonzero(drawn[:, start:end].any(axis=1))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    sides = (end - start, bottom - top)
    if not all(SIDES[0] * em <= side <= SIDES[1] * em for side in sides) or max(sides) > OBLONG * min(sides):
        return None
    beyond = drawn[:, end : drawn.shape[1] - round(GAP * em / 2)].any()
    if beyond or start - before < ALONE * em or start == 0 or top == 0 or bottom == drawn.shape[0]:
        return None
    return start, top, end, bottom


def _sign(drawn: NDArray[np.bool_], *, light: bool, wide: bool) -> str:
    """The marker that this is; empty for anything else."""
    filled = drawn.mean() >= FILLED
    height, width = drawn.shape
    edge = np.concatenate([drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]]).mean()
    hollow = drawn[height // 3 : -(height // 3), width // 3 : -(width // 3)].mean() < HOLLOW
    if wide and ((edge >= RING and hollow) or (filled and light)):
        return "☐"
    return "•" if filled else ""


def _is_of_list(mark: _Mark, marks: Iterable[_Mark], em: float) -> bool:
    """Whether others like it stand above or below it."""
    alike = [m for m in marks if m is not mark and m.sign == mark.sign and _same(m.box, mark.box, em)]
    near = any(abs(m.box[1] - mark.box[1]) <= NEAR * em for m in alike)
    return len(alike) >= MANY - 1 or near


def _same(box: BBox, other: BBox, em: float) -> bool:
    step, share = STEPS
    sizes = (box[2] - box[0], other[2] - other[0])
    return abs(box[0] - other[0]) <= step * em and max(sizes) - min(sizes) <= max(2.0, share * max(sizes))


def _with_marker(line: Line, mark: _Mark | None, marks: Sequence[_Mark], *, em: float) -> Line:
    """The line with its marker in front; with a right one where the engine misread it."""
    words = line.words
    if mark is None:
        first = words[0] if words else None
        if first is None or len(words) == 1 or first.text not in _MISREAD:
            return line
        middle = first.bbox[0] + first.bbox[2]
        alike = [m for m in marks if abs(m.box[0] + m.box[2] - middle) <= 2 * ALIGNED * em]
        if not alike or not line.text.startswith(f"{first.text} "):
            return line
        sign = alike[0].sign
        return line.model_copy(
            update={"text": sign + line.text[1:], "words": (first.model_copy(update={"text": sign}), *words[1:])}
        )
    bbox = union([mark.box, line.bbox])
    update = {
        "text": f"{mark.sign} {line.text}",
        "words": (Word(text=mark.sign, bbox=mark.box), *words) if words else (),
        "bbox": bbox,
        "quad": quad_of(bbox) if line.quad else None,
    }
    return line.model_copy(update=update)

"""A picture of a few lines in doubt, one below the other, by which an engine tells the script of a page or region.

What a page holds beside its text (rules, drawings, coloured fields) misleads that search; the lines alone do not.
Knows boxes and pixels, no characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ocrkit import geometry
from ocrkit.raster import PageImage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ocrkit.geometry import BBox

MOST_LINES = 6
_ALIKE = 1.5
"""Lines count if they are higher and lower than the usual one by no more than this factor."""
_LONGEST = 40
"""A line is cut to this many times its height: some forty letters tell the script."""
_PAPER = 255


def sample(image: PageImage, boxes: Sequence[BBox]) -> PageImage | None:
    """The longest of the lines in `boxes`, dark on white; `None` where there is none wider than high."""
    level = [box for box in boxes if geometry.width(box) > geometry.height(box) >= 1]
    if not level:
        return None
    usual = float(np.median([geometry.height(box) for box in level]))
    alike = [box for box in level if usual / _ALIKE <= geometry.height(box) <= usual * _ALIKE]
    chosen = sorted(alike, key=geometry.width, reverse=True)[:MOST_LINES]
    margin = round(usual / 2)
    rows = [_dark_on_white(_cut(image, box)) for box in sorted(chosen, key=lambda box: box[1])]
    width = max(row.shape[1] for row in rows) + 2 * margin
    sheet = np.full((sum(row.shape[0] + margin for row in rows) + margin, width), _PAPER, np.uint8)
    top = margin
    for row in rows:
        sheet[top : top + row.shape[0], margin : margin + row.shape[1]] = row
        top += row.shape[0] + margin
    return PageImage.from_array(np.repeat(sheet[:, :, None], 3, axis=2), number=image.number, dpi=image.dpi)


def _cut(image: PageImage, box: BBox) -> NDArray[np.uint8]:
    edge = geometry.height(box) / 8
    x0, y0, x1, y1 = geometry.clamp(
        (box[0] - edge, box[1] - edge, min(box[2], box[0] + _LONGEST * 8 * edge) + edge, box[3] + edge),
        image.width,
        image.height,
    )
    return image.pixels[round(y0) : max(round(y0) + 1, round(y1)), round(x0) : max(round(x0) + 1, round(x1))]


def _dark_on_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The cutting in grey, its most usual brightness white, whichever of ink and paper was the darker."""
    grey = pixels.mean(axis=2)
    paper = float(np.median(grey))
    far = np.abs(grey - paper)
    return np.asarray(_PAPER - far * (_PAPER / max(1.0, float(far.max()))), np.uint8)

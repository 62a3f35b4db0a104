"""A picture of a few lines in doubt, one below the other, by which an engine tells the script of a page or region.

What a page holds beside its text (rules, drawings, coloured fields) misleads that search; the lines alone do not.
Knows boxes and pixels, no characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ocrkit import geometry
from ocrkit.pipeline.strips import strip
from ocrkit.raster import PageImage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ocrkit.model import Line

MOST_LINES = 6
_ALIKE = 1.5
"""Lines count if they are higher and lower than the usual one by no more than this factor."""
_LONGEST = 40
"""A line is cut to this many times its height: some forty letters tell the script."""
_MARGIN = 1 / 8
"""Of its height, around a line."""
_PAPER = 255


def sample(image: PageImage, lines: Iterable[Line]) -> PageImage | None:
    """The longest of the lines, level and dark on white; `None` where there is none wider than high."""
    level = [line for line in lines if geometry.width(line.bbox) > geometry.height(line.bbox) >= 1]
    widest = sorted(level, key=lambda line: geometry.width(line.bbox), reverse=True)
    strips = [strip(image, line, margin=_MARGIN, longest=_LONGEST) for line in widest]
    rows = [each.image.pixels for each in strips if each]
    if not rows:
        return None
    # The height of one of them, never between two: a mean may be like neither.
    usual = sorted(len(row) for row in rows)[len(rows) // 2]
    alike = [row for row in rows if usual / _ALIKE <= len(row) <= usual * _ALIKE]
    chosen = [_dark_on_white(row) for row in alike[:MOST_LINES]]
    margin = round(usual / 2)
    width = max(row.shape[1] for row in chosen) + 2 * margin
    sheet = np.full((sum(row.shape[0] + margin for row in chosen) + margin, width), _PAPER, np.uint8)
    top = margin
    for row in chosen:
        sheet[top : top + row.shape[0], margin : margin + row.shape[1]] = row
        top += row.shape[0] + margin
    return PageImage.from_array(np.repeat(sheet[:, :, None], 3, axis=2), number=image.number, dpi=image.dpi)


def _dark_on_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The cutting in grey, its most usual brightness white, whichever of ink and paper was the darker."""
    grey = pixels.mean(axis=2)
    paper = float(np.median(grey))
    far = np.abs(grey - paper)
    return np.asarray(_PAPER - far * (_PAPER / max(1.0, float(far.max()))), np.uint8)

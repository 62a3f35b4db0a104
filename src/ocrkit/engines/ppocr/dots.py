"""Tells a row of dots or dashes on a strip, which detection takes for text, from text that could not be read.

Knows pixels, no characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from ocrkit.raster import Pixels

_LEAST = 3
"""Dots that make a row."""
_HIGH = 0.27
"""Share of the strip's height up to which a dot is high; of text in ten scripts the higher parts have 0.4 and more."""
_SPREAD = 0.19
"""Share of the strip's height by which the middles of dots vary, two rows of dashes included; three lines of print that
came as one varied by 0.23."""
_SPECK = 4
"""Pixels of ink under which a part is dirt."""


def is_row_of_dots(pixels: Pixels) -> bool:
    """Whether all that is drawn on the strip is low and stands in a row or two."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    _, drawn = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if 2 * np.count_nonzero(drawn) > drawn.size:
        drawn = 1 - drawn
    _, _, stats, middles = cv2.connectedComponentsWithStats(drawn)
    parts = stats[1:, cv2.CC_STAT_AREA] >= _SPECK
    heights = stats[1:, cv2.CC_STAT_HEIGHT][parts]
    if len(heights) < _LEAST:
        return False
    high, spread = len(pixels), middles[1:, 1][parts].std()
    return bool(np.percentile(heights, 90) <= _HIGH * high and spread <= _SPREAD * high)

"""The page in grey, as small as what is looked for allows.

Imports OpenCV, so it is itself imported only when a picture is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ocrkit.raster import PageImage

    Grey = NDArray[np.uint8]


def grey_at(image: PageImage, scale: float) -> tuple[Grey, float]:
    """The page at the scale, never above 1, or larger where that is cheaper; and the scale that it came in.

    Raises:
        SourceError: the page cannot be decoded.
    """
    pixels = image.at_scale(min(1.0, scale))
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8), pixels.shape[1] / image.width

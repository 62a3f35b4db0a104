"""Cuts regions out of a page image as level strips of one height, as the recognition networks want them.

Knows geometry and pixels, no characters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ocrkit.engines.ppocr.detect import Region
    from ocrkit.raster import Pixels

HEIGHT = 48
"""Pixels of a strip from top to bottom; the recognition networks know no other height."""
_LEVEL = 0.7
"""Degrees of tilt up to which a strip is cut straight: 0.7° lifts a line of 20 times its height by a quarter of it."""
_TALL = 1.5
"""A region this many times as high as wide holds text that runs downwards (as PP-OCR has it)."""
NARROWEST = 8
"""Pixels; the recognition networks see no column narrower than this."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of text laid level.

    Attributes:
        pixels: 48 × width × 3, RGB.
        corners: 4 × 2, where on the image it comes from: start-top, end-top, end-bottom, start-bottom of the text.
        tall: whether the region was higher than wide, so that its text runs downwards.
    """

    pixels: Pixels
    corners: NDArray[np.float32]
    tall: bool = False

    @property
    def width(self) -> int:
        """Pixels from start to end."""
        return int(self.pixels.shape[1])

    def between(self, spans: Sequence[tuple[float, float]]) -> NDArray[np.float32]:
        """Corners on the image (n × 4 × 2) of n parts, each from a start to an end in pixels of the strip."""
        shares = np.asarray(spans, np.float32).reshape(-1, 2) / np.float32(self.width)
        first, last = shares[:, :1], shares[:, 1:]
        start_top, end_top, end_bottom, start_bottom = self.corners
        top, bottom = end_top - start_top, end_bottom - start_bottom
        return np.stack(
            [
                start_top + top * first,
                start_top + top * last,
                start_bottom + bottom * last,
                start_bottom + bottom * first,
            ],
            axis=1,
        )

    def upside_down(self) -> Strip:
        """The same strip read from the other end."""
        return Strip(np.ascontiguousarray(self.pixels[::-1, ::-1]), self.corners[[2, 3, 0, 1]], self.tall)


def is_tall(region: Region) -> bool:
    """Whether the region is so much higher than wide that its text must run downwards."""
    return region.height >= _TALL * region.width


def cut(pixels: Pixels, region: Region) -> Strip | None:
    """The region of the image as a strip; `None` where it has no pixels.

    A tall region is laid on its left side, so that text running downwards runs to the right.
    """
    tall = is_tall(region)
    corners = region.corners[[1, 2, 3, 0]] if tall else region.corners
    if not tall and abs(region.angle) <= _LEVEL:
        return _cut_straight(pixels, corners)
    return _cut_tilted(pixels, corners, tall=tall)


def _cut_straight(pixels: Pixels, corners: NDArray[np.float32]) -> Strip | None:
    height, width = pixels.shape[:2]
    x0, x1 = max(0, round(float(corners[[0, 3], 0].min()))), min(width, round(float(corners[[1, 2], 0].max())))
    y0, y1 = max(0, round(float(corners[:2, 1].mean()))), min(height, round(float(corners[2:, 1].mean())))
    if x1 <= x0 or y1 <= y0:
        return None
    straight = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)
    return Strip(_to_height(pixels[y0:y1, x0:x1]), straight)


def _cut_tilted(pixels: Pixels, corners: NDArray[np.float32], *, tall: bool) -> Strip | None:
    wide = math.ceil(float(np.hypot(*(corners[1] - corners[0]))))
    high = math.ceil(float(np.hypot(*(corners[3] - corners[0]))))
    if wide < 1 or high < 1:
        return None
    level = np.array([[0, 0], [wide, 0], [wide, high]], np.float32)
    matrix = cv2.getAffineTransform(corners[:3].astype(np.float32), level)
    warped = cv2.warpAffine(pixels, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Strip(_to_height(np.asarray(warped, np.uint8)), corners, tall)


def _to_height(pixels: Pixels) -> Pixels:
    high, wide = pixels.shape[:2]
    width = max(NARROWEST, math.ceil(wide * HEIGHT / high))
    method = cv2.INTER_AREA if high > HEIGHT else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (width, HEIGHT), interpolation=method), np.uint8)

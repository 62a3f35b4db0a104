"""A line cut out of its page and turned level: its box alone also holds parts of its neighbours where a page is tilted.

Knows corners and pixels, no characters.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from ocrkit import geometry
from ocrkit.geometry import Affine
from ocrkit.raster import PageImage

if TYPE_CHECKING:
    from ocrkit.geometry import Quad
    from ocrkit.model import Line


class Strip(NamedTuple):
    """A line as a picture of its own, and the map from its pixels to those of the page."""

    image: PageImage
    to_page: Affine


def strip(image: PageImage, line: Line, *, margin: float, longest: float = math.inf) -> Strip | None:
    """The line with `margin` times its height around, cut to `longest` times its height; `None` for an empty one."""
    start, end, _, below = _level(line.quad or geometry.quad_of(line.bbox))
    width, height = math.dist(start, end), math.dist(start, below)
    if width < 1 or height < 1:
        return None
    along = ((end[0] - start[0]) / width, (end[1] - start[1]) / width)
    edge = margin * height
    # From the corner outwards by the edge along the line and across it.
    x = start[0] - edge * (along[0] - along[1])
    y = start[1] - edge * (along[1] + along[0])
    to_page = Affine(along[0], -along[1], x, along[1], along[0], y)
    size = (round(min(width, longest * height) + 2 * edge), round(height + 2 * edge))
    pixels = cv2.warpAffine(
        image.pixels,
        np.array([[along[0], -along[1], x], [along[1], along[0], y]]),
        (max(1, size[0]), max(1, size[1])),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    cutting = PageImage.from_array(np.asarray(pixels, np.uint8), number=image.number, dpi=image.dpi)
    return Strip(cutting, to_page)


def _level(quad: Quad) -> Quad:
    """The corners from the one at the top left on, whichever the text begins at: its head may be taken for its foot."""
    a, b, c, d = quad
    return (c, d, a, b) if abs(geometry.angle_of(quad)) > 90 else quad  # noqa: PLR2004 - half a half turn

"""Finds the lines of text on a page image: the detection network and what is read off its map.

The network (DB, Liao et al. 2020, "Real-time Scene Text Detection with Differentiable Binarization") marks the
shrunken core of every line; a region is the smallest rectangle around a core, grown back. Knows no characters.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np

from ocrkit.geometry import box_of, overlap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ocrkit.engines.ppocr.runtime import Network
    from ocrkit.raster import Pixels

_STRIDE = 32
"""The network halves its input five times."""
_CORE = 0.2
"""Probability from which a pixel belongs to a core; as the model's own configuration has it."""
_SURE = 0.4
"""Mean probability from which a core is a line; as the model's own configuration has it."""
_GROWTH = 1.4
"""How far a core is grown, in units of its area over its perimeter; as the model's own configuration has it."""
_THIN = 3.0
"""Pixels of the map under which a core is a speck."""


@dataclass(frozen=True, slots=True)
class Region:
    """A tilted rectangle that holds a line of text.

    Attributes:
        corners: 4 × 2 array in pixels: start-top, end-top, end-bottom, start-bottom, for text that runs to the right.
        score: mean probability of being text, 0 to 1.
    """

    corners: NDArray[np.float32]
    score: float

    @property
    def width(self) -> float:
        """Length along the text, in pixels."""
        return float(np.hypot(*(self.corners[1] - self.corners[0])))

    @property
    def height(self) -> float:
        """Length across the text, in pixels."""
        return float(np.hypot(*(self.corners[3] - self.corners[0])))

    @property
    def angle(self) -> float:
        """Degrees clockwise that the text is tilted, in (-45, 45]."""
        along = self.corners[1] - self.corners[0]
        return math.degrees(math.atan2(float(along[1]), float(along[0])))

    @property
    def middle(self) -> float:
        """Pixels from the top of the image to its middle."""
        return float(self.corners[:, 1].mean())

    def moved(self, x: float, y: float) -> Region:
        """The region that much to the right and down."""
        return Region(self.corners + np.array([x, y], np.float32), self.score)

    def scaled(self, growth: float) -> Region:
        """The region on the image made `growth` times as wide and high."""
        return Region(self.corners * np.float32(growth), self.score)


class Detector:
    """Finds lines with one network."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def regions(self, pixels: Pixels, *, scale: float) -> list[Region]:
        """The lines on an image (height × width × 3, RGB), looked for at `scale` of its size.

        Corners are in pixels of the image as given and may lie a little outside it.
        """
        height, width = pixels.shape[:2]
        wide, high = max(1, round(width * scale)), max(1, round(height * scale))
        small = pixels if (high, wide) == (height, width) else _resized(pixels, wide, high)
        stretch = np.array([width / wide, height / high], np.float32)
        return [Region(region.corners * stretch, region.score) for region in self._in_bands(small)]

    def _in_bands(self, pixels: Pixels) -> list[Region]:
        """The regions of the image, looked for in bands of it that overlap."""
        found: list[Region] = []
        for band in bands_of(*pixels.shape[:2]):
            known = [region for region in found if region.middle > band.first - 2 * _SEAM]
            here = (region.moved(0, band.top) for region in self._looked_for(pixels[band.top : band.bottom]))
            mine = [region for region in here if band.first - _SEAM <= region.middle < band.last + _SEAM]
            found += [region for region in mine if not any(_is_same(region, other) for other in known)]
        return found

    def _looked_for(self, pixels: Pixels) -> list[Region]:
        tensor = cv2.dnn.blobFromImage(_padded(pixels), 1 / 127.5, mean=(127.5, 127.5, 127.5), swapRB=True)
        found = regions_in(self._network(np.asarray(tensor, np.float32))[0, 0])
        return [region.moved(-_MARGIN, -_MARGIN) for region in found]


_MOST_AT_ONCE = 1_000_000
"""Pixels that the network is given at once: each million takes 100 MB, which OpenVINO keeps."""
_OVERLAP = 64
"""Rows that a band is given beside its own, so that the network sees what surrounds a line."""
_SEAM = 8
"""Rows at the edge of a band where a line may be its neighbour's: its middle is not found quite the same in both."""


class Band(NamedTuple):
    """Rows of an image from `top` to `bottom`, its own ones among them from `first` to `last`."""

    top: int
    bottom: int
    first: int
    last: int


def bands_of(height: int, width: int) -> list[Band]:
    """The bands of an image, of about the same height; one for an image that the network can be given at once."""
    count = max(1, min(math.ceil(height * width / _MOST_AT_ONCE), height // (2 * _OVERLAP)))
    seams = [round(height * n / count) for n in range(count + 1)]
    return [
        Band(max(0, first - _OVERLAP), min(height, last + _OVERLAP), first, last)
        for first, last in itertools.pairwise(seams)
    ]


def _is_same(region: Region, other: Region) -> bool:
    return overlap(box_of(region.corners.tolist()), box_of(other.corners.tolist())) > _SAME


_SAME = 0.5
"""Share of a region that another covers which is the same line."""


_MARGIN = 16
"""Pixels of border given to the network: it misses text that touches the edge."""
_STEP = 64
"""Sizes are rounded up to this, so that few different shapes ever reach the network."""


def _resized(pixels: Pixels, wide: int, high: int) -> Pixels:
    """The image in another size; averaged over whole pixels first, which is ten times as fast as over parts of them."""
    step = min(pixels.shape[0] // high, pixels.shape[1] // wide)
    if step > 1:
        across, down = pixels.shape[1] // step, pixels.shape[0] // step
        whole = pixels[: down * step, : across * step]
        pixels = np.asarray(cv2.resize(whole, (across, down), interpolation=cv2.INTER_AREA), np.uint8)
    method = cv2.INTER_LINEAR if wide < pixels.shape[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, (wide, high), interpolation=method), np.uint8)


def _padded(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    high, wide = (-(-(size + 2 * _MARGIN) // _STEP) * _STEP for size in (height, width))
    bottom, right = high - height - _MARGIN, wide - width - _MARGIN
    return np.asarray(cv2.copyMakeBorder(pixels, _MARGIN, bottom, _MARGIN, right, cv2.BORDER_REPLICATE), np.uint8)


def regions_in(probability: NDArray[np.float32]) -> list[Region]:
    """The regions of a text probability map, in its pixels."""
    cores = (probability > _CORE).astype(np.uint8)
    contours, _ = cv2.findContours(cores, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = (_region(contour, probability) for contour in contours)
    return [region for region in found if region is not None]


def _region(contour: Any, probability: NDArray[np.float32]) -> Region | None:
    (x, y), (width, height), angle = cv2.minAreaRect(contour)
    # A rectangle looks the same after a quarter turn; OpenCV's angle has had several ranges.
    quarters = round(angle / 90)
    angle -= 90 * quarters
    if quarters % 2:
        width, height = height, width
    width, height = width + 1, height + 1
    if min(width, height) < _THIN:
        return None
    score = _mean_within(contour, probability)
    if score < _SURE:
        return None
    grow = 2 * _GROWTH * width * height / (2 * (width + height))
    return Region(_corners((x, y), (width + grow, height + grow), angle), score)


def _mean_within(contour: Any, probability: NDArray[np.float32]) -> float:
    x, y, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [contour - (x, y)], 1)
    return float(cv2.mean(probability[y : y + height, x : x + width], mask)[0])


def _corners(center: tuple[float, float], size: tuple[float, float], angle: float) -> NDArray[np.float32]:
    turn = math.radians(angle)
    along = np.array([math.cos(turn), math.sin(turn)]) * (size[0] / 2)
    across = np.array([-math.sin(turn), math.cos(turn)]) * (size[1] / 2)
    middle = np.array(center) + 0.5
    return np.array(
        [middle - along - across, middle + along - across, middle + along + across, middle - along + across], np.float32
    )

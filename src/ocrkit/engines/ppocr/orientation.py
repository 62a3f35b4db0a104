"""Tells which way up a page is and how far its text is tilted, as cheaply as its own text allows.

Upright pages are most pages, so nothing is computed for them that reading would not compute anyway: the shape of
the regions tells lying from standing, and the confidence of a few lines tells head from foot. The page orientation
network is asked only where those leave a doubt. Turns are degrees clockwise that make the page upright.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import cv2
import numpy as np

from ocrkit.engines.ppocr.spacing import is_wide
from ocrkit.geometry import Affine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocrkit.engines.ppocr.crops import Strip
    from ocrkit.engines.ppocr.detect import Region
    from ocrkit.engines.ppocr.recognize import Reading
    from ocrkit.engines.ppocr.runtime import Network, Tensor
    from ocrkit.raster import Pixels

Turn: TypeAlias = Literal[0, 90, 180, 270]

_WELL_READ = 0.85
"""Mean confidence from which lines are the right way up; upside-down Latin text is read at 0.4 to 0.75."""
_CLEARLY = 0.1
"""How much better the other way round must be read to be believed."""
_VOTE = 0.8
"""Probability from which the orientation network is believed where reading does not tell."""
_LIKELY = 0.5
"""The same where reading points the same way."""
_VOTED_ON = 5
"""Regions from which an image is a page to it; it was trained on pages, and on a line or two it guesses."""
_LONG = 3.0
"""A line this many times as long as high shows how it runs."""
_LEAST_TILT = 1.0
"""Degrees of tilt from which a page is straightened; smaller ones are left to the strips."""
_MOST_TILT = 20.0
"""Degrees of tilt up to which it is the page that is tilted; beyond, it is single lines."""
_TILTED_LINES = 3
"""Long lines from which it is the page that is tilted."""
_ANALYSED = 224
_RESIZED = 256
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)


def lies(regions: Sequence[Region]) -> bool:
    """Whether most of the text in long lines, by length, runs up or down the image."""
    lying = sum(region.height for region in regions if region.height >= _LONG * region.width)
    standing = sum(region.width for region in regions if region.width >= _LONG * region.height)
    return lying > standing


def standing_turn(strips: Sequence[Strip], readings: Sequence[Reading], *, page: PageSense) -> Turn:
    """0 or 180, for a page whose lines run across, by some of its lines and what they read as they are."""
    upright = mean_confidence(readings)
    if upright >= _WELL_READ or not strips:
        return 0
    turned = mean_confidence(page.read([strip.upside_down() for strip in strips]))
    if abs(turned - upright) > _CLEARLY and max(turned, upright) >= _VOTE:
        return 180 if turned > upright else 0
    return 180 if page.vote(180) >= _VOTE else 0


def lying_turn(strips: Sequence[Strip], readings: Sequence[Reading], *, page: PageSense) -> Turn:
    """0, 90 or 270, for a page whose text runs up or down, by some of its lines and what they read downwards.

    Text that runs down an upright page is Chinese or Japanese: it is told from a page lying on its side by the
    orientation network.
    """
    down = mean_confidence(readings)
    above = page.read([strip.upside_down() for strip in strips]) if down < _WELL_READ else []
    up = mean_confidence(above)
    turn: Turn = 270 if down >= up else 90
    columns = is_mostly_wide(above if up > down else readings)
    if max(up, down) >= _WELL_READ and not columns:
        return turn
    needed = _LIKELY if abs(up - down) > _CLEARLY and not columns else _VOTE
    return turn if page.vote(turn) >= needed else 0


def mean_confidence(readings: Sequence[Reading]) -> float:
    """Mean confidence of all characters read; 0 where there are none."""
    glyphs = [glyph.confidence for reading in readings for glyph in reading.glyphs]
    return sum(glyphs) / len(glyphs) if glyphs else 0.0


def is_mostly_wide(readings: Sequence[Reading]) -> bool:
    """Whether most characters are Han, kana or full-width."""
    wide = [is_wide(glyph.text) for reading in readings for glyph in reading.glyphs]
    return sum(wide) * 2 > len(wide)


def tilt_of(regions: Sequence[Region]) -> float:
    """Degrees clockwise that the long lines are tilted, their median by length; 0 where it is too small to matter."""
    tilts = sorted(
        (region.angle, region.width)
        for region in regions
        if region.width >= _LONG * region.height and abs(region.angle) <= _MOST_TILT
    )
    if len(tilts) < _TILTED_LINES:
        return 0.0
    half = sum(length for _, length in tilts) / 2
    for angle, length in tilts:
        half -= length
        if half <= 0:
            return angle if abs(angle) >= _LEAST_TILT else 0.0
    return 0.0


def turned(pixels: Pixels, turn: Turn) -> tuple[Pixels, Affine]:
    """The image turned clockwise, and the map from the turned image back to the image as it was."""
    height, width = pixels.shape[:2]
    high, wide = (width, height) if turn in {90, 270} else (height, width)
    return np.ascontiguousarray(np.rot90(pixels, -turn // 90)), Affine.turn((360 - turn) % 360, wide, high)


def straightened(pixels: Pixels, tilt: float) -> tuple[Pixels, Affine]:
    """The image turned counter-clockwise by `tilt` degrees, nothing cut off, and the map back."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    wide, high = round(height * sine + width * cosine), round(height * cosine + width * sine)
    matrix[:, 2] += (wide - width) / 2, (high - height) / 2
    level = cv2.warpAffine(pixels, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    back = cv2.invertAffineTransform(matrix)
    return np.asarray(level, np.uint8), Affine(*(float(value) for value in back.ravel()))


class PageSense:
    """What the orientation of a page can be told by: its lines read again, and the orientation network.

    Args:
        pixels: the page, RGB.
        regions: how many there are on it.
        read: reads strips quickly.
        network: gives the orientation network.
    """

    def __init__(
        self,
        pixels: Pixels,
        *,
        regions: int,
        read: Callable[[Sequence[Strip]], list[Reading]],
        network: Callable[[], Network],
    ) -> None:
        self.read = read
        self._regions = regions
        self._pixels = pixels
        self._network = network
        self._votes: dict[int, float] | None = None

    def vote(self, turn: Turn) -> float:
        """Probability, by the orientation network, that the page must be turned so; 0 where it cannot know."""
        if self._regions < _VOTED_ON:
            return 0.0
        if self._votes is None:
            lying = self._network()(_analysed(self._pixels))[0]
            # Its classes say how far the page has been turned clockwise, not how far it must be.
            self._votes = {(360 - 90 * index) % 360: float(chance) for index, chance in enumerate(lying)}
        return self._votes[turn]


def _analysed(pixels: Pixels) -> Tensor:
    height, width = pixels.shape[:2]
    scale = _RESIZED / min(height, width)
    size = (max(_ANALYSED, round(width * scale)), max(_ANALYSED, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    y, x = (small.shape[0] - _ANALYSED) // 2, (small.shape[1] - _ANALYSED) // 2
    middle = np.asarray(small[y : y + _ANALYSED, x : x + _ANALYSED], np.float32) / np.float32(255)
    return np.ascontiguousarray(((middle - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None])

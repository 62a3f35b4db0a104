"""Turns samples of any depth and picture of any mode into 8-bit RGB. Knows numpy and Pillow, no files.

Arrays that come out may be read-only views: engines share them, and copy what they want to draw on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from ocrkit.errors import EmptySourceError, UnsupportedFormatError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ocrkit.raster import Pixels

ORIENTATION = 0x0112
"""The EXIF tag that says how the camera was held; the TIFF tag has the same number."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = 5
_DEPTHS = (8, 10, 12, 14, 16, 24, 32)
_HALF = 127
"""Opacity above which a pixel is seen for what it is."""
_LIGHT = 192
"""Level of its darkest channel from which a pixel can hardly be told from white."""
_MOST_DARK = 0.01
"""Share of darker pixels under which a picture cannot be seen on white: text is more of any page."""
_SHAPE_HINT = "Pass height × width, or height × width × 1 to 4 channels: grey or RGB, with or without alpha."


def is_sideways(orientation: int) -> bool:
    """Whether a picture of this EXIF orientation changes width with height when it is turned upright."""
    return _SIDEWAYS <= orientation <= max(_TURNS)


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """The picture as its EXIF orientation (1 to 8) wants it seen; any other number leaves it as it is."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def rgb_of_image(image: Image.Image) -> Pixels:
    """The picture as height × width × 3; what is transparent lies on white, or on black where all else is light."""
    if image.mode.startswith(("I", "F")):
        return rgb_of_array(np.asarray(image))
    if image.has_transparency_data:
        return _on_paper(np.asarray(image.convert("RGBA")))
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def rgb_of_array(array: NDArray[Any]) -> Pixels:
    """An array of height × width, or × 1 to 4 channels, as height × width × 3; transparency as in pictures.

    Booleans are black and white. Integers deeper than 8 bits are taken for as many bits as the largest needs
    (12-bit scans come in 16-bit samples, and nothing says so). Floats up to 1 are shares of white, others integers.

    Raises:
        EmptySourceError: it has no pixels.
        UnsupportedFormatError: it has another shape, or holds no numbers.
    """
    samples = array[..., np.newaxis] if array.ndim == 2 else array  # noqa: PLR2004 - height × width
    if samples.ndim != 3 or samples.shape[2] not in (1, 2, 3, 4):  # noqa: PLR2004 - height × width × channels
        raise UnsupportedFormatError(f"An array of shape {array.shape} is no picture.", hint=_SHAPE_HINT)
    if samples.size == 0:
        raise EmptySourceError(f"An array of shape {array.shape} has no pixels.", hint=_SHAPE_HINT)
    octets = _octets(samples)
    channels = octets.shape[2]
    if channels in (2, 4):
        octets = _on_paper(octets)
    return octets if octets.shape[2] == 3 else np.repeat(octets, 3, axis=2)  # noqa: PLR2004 - red, green, blue


def _octets(samples: NDArray[Any]) -> NDArray[np.uint8]:
    if samples.dtype == np.uint8:
        return samples
    if samples.dtype == np.bool_:
        return samples.astype(np.uint8) * np.uint8(255)
    if not np.issubdtype(samples.dtype, np.integer) and not np.issubdtype(samples.dtype, np.floating):
        raise UnsupportedFormatError(f"An array of {samples.dtype} is no picture.", hint="Pass numbers or booleans.")
    values = samples.astype(np.float32)
    top = float(values.max(initial=0.0, where=np.isfinite(values)))
    shares = np.issubdtype(samples.dtype, np.floating) and top <= 1.0
    white = 1.0 if shares else next((float(2**bits - 1) for bits in _DEPTHS if top < 2**bits), top)
    # Missing samples (NaN) are paper.
    np.nan_to_num(values, copy=False, nan=white)
    octets: NDArray[np.uint8] = (np.clip(values, 0.0, white) * (255.0 / white) + 0.5).astype(np.uint8)
    return octets


def _on_paper(octets: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture without its last channel, the opacity: on white, or on black if on white it could not be seen."""
    colours, opacity = octets[..., :-1], octets[..., -1:]
    seen = colours[opacity[..., 0] > _HALF]
    paper = 0 if seen.size and np.mean(seen.min(axis=1) < _LIGHT) < _MOST_DARK else 255
    alpha = opacity.astype(np.uint16)
    mixed = colours * alpha + np.uint16(paper) * (np.uint16(255) - alpha)
    blended: NDArray[np.uint8] = (mixed // np.uint16(255)).astype(np.uint8)
    return blended

"""Inputs that are pixels already: numpy arrays and PIL images. One page each."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from PIL import Image

from ocrkit.raster import PageImage
from ocrkit.sources.images import decoding, orientation_of, plausible_dpi
from ocrkit.sources.inputs import Content
from ocrkit.sources.pixels import rgb_of_array, rgb_of_image, upright
from ocrkit.sources.source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ocrkit.raster import Pixels
    from ocrkit.sources.limits import Limits


class MemorySource(Source):
    """One page of pixels; `read` gives it as PNG."""

    def __init__(self, pixels: Pixels, *, name: str | None, dpi: float | None) -> None:
        super().__init__(Content(name or "image"), media_type="image/png")
        self.page_count = 1
        self._pixels = pixels
        self._dpi = dpi

    def read(self) -> bytes:
        """The page as a PNG file."""
        out = io.BytesIO()
        dpi = {} if self._dpi is None else {"dpi": (self._dpi, self._dpi)}
        Image.fromarray(self._pixels).save(out, "PNG", **dpi)
        return out.getvalue()

    def _page(self, number: int) -> PageImage:
        return PageImage.from_array(self._pixels, number=number, dpi=self._dpi)

    def close(self) -> None:
        """The pixels are the caller's."""


def open_array(array: NDArray[Any], *, name: str | None, limits: Limits) -> MemorySource:
    """A numpy array as a source.

    Raises:
        EmptySourceError: it has no pixels.
        UnsupportedFormatError: its shape or type is not that of a picture.
        PageTooLargeError: it has more pixels than `limits` allow.
    """
    if array.ndim > 1:
        limits.check_pixels(array.shape[1], array.shape[0], what="The array")
    return MemorySource(rgb_of_array(array), name=name, dpi=None)


def open_pil(image: Image.Image, *, name: str | None, limits: Limits) -> MemorySource:
    """A PIL image as a source: its current frame, upright. The image stays the caller's, and open.

    Raises:
        CorruptSourceError: it cannot be decoded.
        PageTooLargeError: it has more pixels than `limits` allow.
    """
    limits.check_pixels(image.width, image.height, what="The image")
    name = name or str(getattr(image, "filename", "")).rpartition("/")[2] or None
    with decoding("The image"):
        pixels = rgb_of_image(upright(image, orientation_of(image)))
    return MemorySource(pixels, name=name, dpi=plausible_dpi(image))

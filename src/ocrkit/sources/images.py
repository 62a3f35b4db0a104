"""Reads picture files through Pillow. A page is a picture: every frame of a TIFF, the first of an animation.

The frames of a GIF, WebP or PNG animation are one picture in motion, so the first stands for all; a TIFF is how
scanners and fax machines bind pages. Pillow's plugins are called by type, not through `Image.open`: the content
has been told already, no other decoder gets to see hostile bytes, and the limits here replace Pillow's warnings.
"""

from __future__ import annotations

import io
import math
import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from ocrkit.errors import CorruptSourceError, OcrkitError, PageTooLargeError, TooManyPagesError
from ocrkit.raster import PageImage
from ocrkit.sources.pixels import ORIENTATION, is_sideways, rgb_of_image, upright
from ocrkit.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.ImageFile import ImageFile

    from ocrkit.raster import Pixels
    from ocrkit.sources.inputs import Content
    from ocrkit.sources.limits import Limits

_PLUGINS: dict[str, type[ImageFile]] = {
    "image/bmp": BmpImageFile,
    "image/gif": GifImageFile,
    "image/jpeg": JpegImageFile,
    "image/png": PngImageFile,
    "image/tiff": TiffImageFile,
    "image/webp": WebPImageFile,
}

_DPI_RANGE = (50.0, 2400.0)
_LONGEST_PAGE = 48.0
"""Inches: A0 and a bit. A camera writes 72 dpi over 4,000 pixels, which no page is."""


class ImageSource(Source):
    """A picture file."""

    def __init__(self, content: Content, *, media_type: str, limits: Limits) -> None:
        super().__init__(content, media_type=media_type)
        self._limits = limits
        # Frames of one file share its position, so one thread at a time.
        self._lock = threading.Lock()
        self._tiff: ImageFile | None = None
        if media_type == "image/webp":
            limits.check_pixels(*_webp_size(content.head(30)), what="The picture")
        with self._frame(1) as image:
            self.page_count = self._counted(image)

    def close(self) -> None:
        """Closes the file; a second call does nothing."""
        with self._lock:
            if self._tiff is not None:
                self._tiff.close()
                self._tiff = None

    def _page(self, number: int) -> PageImage:
        with self._frame(number) as image:
            # Pillow turns TIFF frames itself, and gives the size they then have.
            orientation = 1 if isinstance(image, TiffImageFile) else orientation_of(image)
            width, height = image.size[::-1] if is_sideways(orientation) else image.size
            dpi = plausible_dpi(image)
        return PageImage(
            number=number,
            width=width,
            height=height,
            dpi=dpi,
            load=lambda scale: self._decoded(number, scale, orientation),
        )

    def _decoded(self, number: int, scale: float, orientation: int) -> Pixels:
        with self._frame(number) as image:
            if scale < 1.0:
                # Only JPEG can: it decodes at a half, a quarter or an eighth, never smaller than asked.
                image.draft(None, (math.ceil(image.width * scale), math.ceil(image.height * scale)))
            return rgb_of_image(upright(image, orientation))

    @contextmanager
    def _frame(self, number: int) -> Iterator[ImageFile]:
        """The picture at its frame `number`, its header read and its size allowed, its pixels not decoded."""
        with self._lock, decoding(f"{self.name!r}"):
            image = self._tiff or self._opened()
            try:
                if image is self._tiff:
                    image.seek(number - 1)
                self._limits.check_pixels(image.width, image.height, what=f"Page {number}")
                yield image
            finally:
                if image is not self._tiff:
                    image.close()

    def _opened(self) -> ImageFile:
        plugin = _PLUGINS[self.media_type]
        return plugin(self._content.path or io.BytesIO(self._content.data))

    def _counted(self, image: ImageFile) -> int:
        if not isinstance(image, TiffImageFile):
            return 1
        try:
            image.seek(self._limits.max_pages)
        except EOFError:
            # The usual case: fewer frames than the limit. Pillow 13 now takes the limit for their number, so `n_frames`
            # is of no use; it stands at the last one.
            count = image.tell() + 1
            image.seek(0)
            if count > 1:
                # Kept open: finding a frame means walking all before it.
                self._tiff = image
            return count
        raise TooManyPagesError(
            f"The input has more than {self._limits.max_pages} pages.",
            hint="Split it, or raise max_pages if you trust the file.",
        )


@contextmanager
def decoding(what: str) -> Iterator[None]:
    """Runs Pillow's code: whatever it raises over broken bytes is a `CorruptSourceError`, and it warns nobody.

    Raises:
        CorruptSourceError: the bytes cannot be decoded.
        PageTooLargeError: Pillow's own bound is lower, or memory ran out.
    """
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"PIL\b")
            yield
    except OcrkitError:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        raise PageTooLargeError(f"{what} is too large to decode.", hint="Scale it down.") from error
    except Exception as error:
        reason = str(error).strip().rstrip(".") or type(error).__name__
        raise CorruptSourceError(
            f"{what} cannot be decoded: {reason}.", hint="Check that the file is complete; open and save it anew."
        ) from error


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation of a picture, 1 (upright) where it has none that makes sense."""
    try:
        # Not image.getexif(): that of PNG decodes the whole picture in search of a late EXIF chunk.
        value = Image.Image.getexif(image).get(ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, ArithmeticError):
        # Broken EXIF is common and says nothing of the pixels.
        return 1
    return value if isinstance(value, int) else 1


def plausible_dpi(image: Image.Image) -> float | None:
    """Pixels an inch as the file says, where a page of that size can exist."""
    pair = image.info.get("dpi")
    if not isinstance(pair, tuple) or len(pair) != 2:  # noqa: PLR2004 - across and down
        return None
    across, down = float(pair[0]), float(pair[1])
    low, high = _DPI_RANGE
    # Fax pages have twice the dots across as down; the pixels are then not square, and no one number is right.
    if not (low <= across <= high and math.isclose(across, down, rel_tol=0.1)):
        return None
    return round(across, 2) if max(image.size) / across <= _LONGEST_PAGE else None


def _webp_size(head: bytes) -> tuple[int, int]:
    """Width and height by the header (RFC 9649): Pillow allocates the canvas before it tells the size."""
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF

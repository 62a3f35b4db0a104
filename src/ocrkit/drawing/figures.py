"""Pictures cut out of the page images, for formats that show them. Knows no format."""

from __future__ import annotations

import base64
import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from ocrkit.errors import SourceRequiredError
from ocrkit.geometry import clamp

if TYPE_CHECKING:
    from ocrkit.contracts import SourceFile
    from ocrkit.model import Block, Page
    from ocrkit.raster import PageImage

_QUALITY = 85
"""Of JPEG: a photograph shows no loss at the size it is printed."""

_SMALLEST = 8
"""Pixels: what is narrower shows nothing."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as a file.

    Attributes:
        data: the bytes of a PNG or JPEG file.
        media_type: which of them.
        width: pixels across.
        height: pixels down.
    """

    data: bytes
    media_type: str
    width: int
    height: int

    @property
    def address(self) -> str:
        """The picture as a `data:` address."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode()}"


class Figures:
    """Cuts the pictures of a document out of its page images, page by page.

    Args:
        source: the original file.

    Raises:
        SourceRequiredError: there is none.
    """

    def __init__(self, source: SourceFile | None) -> None:
        if source is None:
            raise SourceRequiredError("The original file is needed to show its pictures.", hint="Pass the source.")
        self._source = source
        self._image: PageImage | None = None

    def cut(self, page: Page, block: Block) -> Figure | None:
        """What stands in the block's box, turned upright, as PNG or JPEG, whichever is smaller.

        `None` for a box too small to show anything.

        Raises:
            SourceError: the page cannot be decoded.
        """
        if self._image is None or self._image.number != page.number:
            self._image = self._source.page(page.number)
        pixels = self._image.pixels
        # The source may have been opened at another resolution than it was read at.
        scale_x, scale_y = pixels.shape[1] / page.width, pixels.shape[0] / page.height
        x0, y0, x1, y1 = clamp(block.bbox, page.width, page.height)
        left, right = math.floor(x0 * scale_x), math.ceil(x1 * scale_x)
        top, bottom = math.floor(y0 * scale_y), math.ceil(y1 * scale_y)
        if min(right - left, bottom - top) < _SMALLEST:
            return None
        upright = np.rot90(pixels[top:bottom, left:right], -(page.rotation // 90))
        picture = Image.fromarray(np.ascontiguousarray(upright))
        data, media_type = min(_png(picture), _jpeg(picture), key=lambda one: len(one[0]))
        return Figure(data=data, media_type=media_type, width=picture.width, height=picture.height)


def _png(picture: Image.Image) -> tuple[bytes, str]:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue(), "image/png"


def _jpeg(picture: Image.Image) -> tuple[bytes, str]:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue(), "image/jpeg"

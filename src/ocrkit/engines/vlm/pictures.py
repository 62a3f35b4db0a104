"""A page as a picture that a model takes: fitted, turned, encoded. Also tells a page without ink."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from ocrkit.model import Rotation
    from ocrkit.raster import PageImage, Pixels

_INK = 40
"""Levels of grey from the paper at which a pixel is ink."""
_BLANK_SHARE = 2e-5
"""Share of ink below which a page is blank: less than a full stop on a page of A4."""
_QUALITY = 90
_TURNS = {
    90: Image.Transpose.ROTATE_270,  # Pillow turns the other way round
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Fit:
    """The sizes that a model takes.

    Attributes:
        longest: pixels of the longer side at most; 0 for any.
        max_pixels: in all.
        min_pixels: in all; smaller pages are enlarged.
        multiple: both sides are multiples of it.
    """

    longest: int = 0
    max_pixels: int = 6_291_456
    min_pixels: int = 50_176
    multiple: int = 1

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of the picture of a page of this size."""
        scale = min(1.0, math.sqrt(self.max_pixels / (width * height)))
        scale = max(scale, math.sqrt(self.min_pixels / (width * height)))
        if self.longest:
            scale = min(scale, self.longest / max(width, height))
        sides = (self.multiple * max(1, round(side * scale / self.multiple)) for side in (width, height))
        return next(sides), next(sides)


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture of a page, and its size in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def picture_of(image: PageImage, fit: Fit, *, turn: Rotation = 0, kind: Literal["png", "jpeg"] = "png") -> Picture:
    """The page, turned clockwise, as a picture that fits."""
    drawn = Image.fromarray(image.pixels, "RGB") if turn == 0 else _turned(image.pixels, turn)
    size = fit.size(*drawn.size)
    if size != drawn.size:
        drawn = drawn.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    drawn.save(out, kind.upper(), quality=_QUALITY)
    return Picture(out.getvalue(), f"image/{kind}", *size)


def is_blank(image: PageImage) -> bool:
    """Whether the page has no ink: every pixel about as light as the paper."""
    grey = image.pixels[::2, ::2].mean(axis=2)
    return bool((np.abs(grey - np.median(grey)) > _INK).mean() < _BLANK_SHARE)


def _turned(pixels: Pixels, turn: Rotation) -> Image.Image:
    return Image.fromarray(pixels, "RGB").transpose(_TURNS[turn])

"""A page to warm up on: black words on white, so that every network of an engine has something to do."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ocrkit.raster import PageImage

_SIZE = (640, 160)
_TEXT = "Ready to read\nOne line, and a second"


def warming_page() -> PageImage:
    """A small picture with two lines of text."""
    image = Image.new("RGB", _SIZE, "white")
    ImageDraw.Draw(image).multiline_text((20, 20), _TEXT, fill="black", font=ImageFont.load_default(size=36))
    return PageImage.from_array(np.asarray(image))

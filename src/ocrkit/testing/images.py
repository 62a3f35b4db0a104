"""Page images to try an engine on, drawn with the typeface that Pillow brings; knows no engine."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ocrkit import geometry
from ocrkit.model import Line, Word
from ocrkit.raster import PageImage, TextLayer
from ocrkit.sources import open_source

if TYPE_CHECKING:
    from ocrkit.model import Document, Page
    from ocrkit.sources import Source

MARGIN = 60
"""Pixels of white around the text of `text_image`."""

SAMPLE_TEXT = "The quick brown fox\njumps over 12 lazy dogs"


def blank_image(*, number: int = 1, width: int = 400, height: int = 300, shade: int = 255) -> PageImage:
    """A page of one grey, 0 (black) to 255 (white)."""
    return PageImage.from_array(np.full((height, width, 3), shade, np.uint8), number=number)


def text_image(
    text: str,
    *,
    number: int = 1,
    width: int | None = None,
    height: int | None = None,
    size: int = 32,
    dpi: float | None = 150.0,
    layer: bool = False,
) -> PageImage:
    """A white page with lines of black print, as large as they need.

    Args:
        text: the lines, parted by line breaks; Latin only, the typeface has no more.
        number: of the page.
        width: of the page in pixels; text that does not fit is cut off.
        height: likewise.
        size: of the type in pixels; 32 is 15 pt at 150 pixels an inch.
        dpi: what the page says of itself.
        layer: whether the page carries its text as a PDF page does.
    """
    font = ImageFont.load_default(size)
    lines = [_set(line, MARGIN + index * size * 1.5, font) for index, line in enumerate(text.split("\n"))]
    right, bottom = (max(line.bbox[side] for line in lines) for side in (2, 3))
    frame = (width or round(right) + MARGIN, height or round(bottom) + MARGIN)
    picture = Image.new("RGB", frame, "white")
    draw = ImageDraw.Draw(picture)
    for line in lines:
        draw.text(line.bbox[:2], line.text, fill="black", font=font)
    pixels = np.asarray(picture)
    own = TextLayer(lines=tuple(lines), characters=len("".join(text.split())))
    return PageImage(
        number=number,
        width=frame[0],
        height=frame[1],
        load=lambda _scale: pixels,
        dpi=dpi,
        text_layer=(lambda: own) if layer else None,
    )


def page_image(page: Page) -> PageImage:
    """A drawing of the page's lines at their places; a hollow box stands for a character the typeface lacks."""
    return PageImage.from_array(np.asarray(_drawn(page)), number=page.number, dpi=page.dpi)


def sample_images() -> list[PageImage]:
    """Pages that differ in number, size and content: print, more print, a blank one; their numbers have gaps."""
    return [
        text_image(SAMPLE_TEXT, number=2, layer=True),
        text_image("Second page", number=3, width=500, height=700, dpi=None, layer=True),
        blank_image(number=5),
        text_image("Total 1,234.50", number=9, size=48, layer=True),
    ]


def sample_source(document: Document) -> Source:
    """A TIFF file that a document could have come from: a drawing of each of its pages.

    Raises:
        EmptySourceError: the document has no pages.
    """
    frames = [_drawn(page) for page in document.pages]
    out = io.BytesIO()
    if frames:
        dpi = document.pages[0].dpi or 72.0
        frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:], compression="tiff_deflate", dpi=(dpi, dpi))
    return open_source(out.getvalue(), name=document.source)


def _set(text: str, top: float, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> Line:
    """A line as it will be drawn at the left margin, with the boxes of its words."""
    words, x = [], float(MARGIN)
    low, high = font.getbbox(text)[1::2]
    for word in text.split():
        right = x + font.getlength(word)
        words.append(Word(text=word, bbox=geometry.normalized((x, top + low, right, top + high))))
        x = right + font.getlength(" ")
    return Line(text=text, bbox=(float(MARGIN), top, x - font.getlength(" "), top + high), words=tuple(words))


def _drawn(page: Page) -> Image.Image:
    picture = Image.new("RGB", (page.width, page.height), "white")
    draw = ImageDraw.Draw(picture)
    for line in page.lines:
        text = "".join(character for character in line.text if character.isprintable())
        size = min(0.7 * geometry.height(line.bbox), 32.0)
        if text and size >= 1:
            draw.text(line.bbox[:2], text, fill="black", font=ImageFont.load_default(size))
    return picture

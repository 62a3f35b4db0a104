"""One page as a PNG picture with its marks drawn on it. Knows no file."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import TYPE_CHECKING

from PIL import Image, ImageColor, ImageDraw, ImageFont

from ocrkit.drawing.marks import badge_at, confidence_colour, kind_colour, kind_name, label_size, marks

if TYPE_CHECKING:
    from collections.abc import Collection

    from ocrkit.drawing.marks import Layer, Mark
    from ocrkit.geometry import Point
    from ocrkit.model import Page
    from ocrkit.raster import Pixels

_FILLED = 110
"""Opacity of a fill that shows confidence, of 255: the print below stays legible."""

_WIDTHS = {"blocks": 3, "cells": 2, "lines": 2, "words": 1}
"""Strokes in thousandths of the page's longer side."""


def page_png(page: Page, pixels: Pixels, *, layers: Collection[Layer]) -> bytes:
    """The page image with these layers on it, as the bytes of a PNG file of its size."""
    picture = Image.fromarray(pixels).convert("RGB")
    draw = ImageDraw.Draw(picture, "RGBA")
    drawn = list(marks(page))
    unit = max(page.width, page.height) / 1000
    for mark in drawn:
        if mark.layer == "words" and "confidence" in layers:
            draw.polygon(mark.quad, fill=(*ImageColor.getrgb(confidence_colour(mark.confidence)), _FILLED))
        if mark.layer in layers:
            stroke = max(round(_WIDTHS[mark.layer] * unit), 1)
            draw.polygon(mark.quad, outline=kind_colour(mark.kind), width=stroke)
    blocks = [mark for mark in drawn if mark.layer == "blocks"]
    size = label_size(page)
    if "order" in layers:
        _draw_order(draw, [(mark, badge_at(mark, page)) for mark in blocks], size)
    if "blocks" in layers:
        _draw_kinds(draw, blocks, size)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _draw_order(draw: ImageDraw.ImageDraw, badges: list[tuple[Mark, tuple[float, float, float]]], size: float) -> None:
    """A numbered disc at each block, and a line from each to the next."""
    for (_, before), (_, after) in pairwise(badges):
        draw.line([before[:2], after[:2]], fill=(200, 0, 60, 150), width=max(round(size / 8), 1))
    font = ImageFont.load_default(size)
    for mark, (x, y, radius) in badges:
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=kind_colour(mark.kind))
        draw.text((x, y), str(mark.block), fill="white", font=font, anchor="mm")


def _draw_kinds(draw: ImageDraw.ImageDraw, blocks: list[Mark], size: float) -> None:
    """The name of its kind on a tag at each block's upper edge."""
    font = ImageFont.load_default(size * 0.8)
    for mark in blocks:
        at: Point = (mark.quad[0][0] + size / 2, mark.quad[0][1] - 2)
        left, top, right, bottom = draw.textbbox(at, kind_name(mark.kind), font=font, anchor="ls")
        draw.rectangle([left - 2, top - 2, right + 2, bottom + 2], fill=(255, 255, 255, 210))
        draw.text(at, kind_name(mark.kind), fill=kind_colour(mark.kind), font=font, anchor="ls")

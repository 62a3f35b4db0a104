"""What an engine promised, checked on what it gave: one page for an image, of its frame, with boxes on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.model import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrkit.geometry import BBox
    from ocrkit.raster import PageImage

SLACK = 1.0
"""Pixels by which a box may leave its page: rounding, on images that an engine scales for itself."""


def breach(given: Sequence[object], image: PageImage) -> str | None:
    """How what an engine gave for one image breaks its promise; `None` where it keeps it."""
    if len(given) != 1:
        return f"it gave {'no page' if not given else 'more than one page'} for one image"
    page = given[0]
    if not isinstance(page, Page):
        return f"it gave {type(page).__name__} where a Page is due"
    if page.number != image.number:
        return f"its page says number {page.number}"
    if (page.width, page.height) != (image.width, image.height):
        return f"its page is {page.width} × {page.height} pixels, the image {image.width} × {image.height}"
    for text, box in boxes(page):
        x0, y0, x1, y1 = box
        if min(x0, y0) < -SLACK or x1 > page.width + SLACK or y1 > page.height + SLACK:
            place = ", ".join(f"{side:g}" for side in box)
            return f"the box ({place}) of {text[:40]!r} leaves the page of {page.width} × {page.height}"
    return None


def boxes(page: Page) -> Iterator[tuple[str, BBox]]:
    """Every box of the page, with the text it belongs to."""
    for block in page.blocks:
        yield block.text, block.bbox
        for cell in block.table.cells if block.table else ():
            if cell.bbox is not None:
                yield cell.text, cell.bbox
    for line in page.lines:
        yield line.text, line.bbox
        for word in line.words:
            yield word.text, word.bbox

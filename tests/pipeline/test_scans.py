"""A page that is the same as a picture and as a scan in a PDF, read with the real engine."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import pymupdf
import pytest
from PIL import Image, ImageDraw, ImageFont

import ocrkit
from ocrkit.model import BlockKind

if TYPE_CHECKING:
    from pathlib import Path

    from ocrkit.model import Page

ROWS = (
    ("Town of the post", "Letters that went", "Weight of all"),
    ("Bristol in the west", "Twelve hundred", "Seven pounds"),
    ("Exeter", "Eighty seven and more", "Two pounds and a half"),
)
LEFT, TOP, HIGH, PAD = 150, 300, 80, 14


def picture() -> Image.Image:
    """A table below a line of text, its columns so near to one another that only rulings part them."""
    page = Image.new("RGB", (1700, 900), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(40)
    draw.text((LEFT, 120), "The post of the western towns in the year of the great frost", font=font, fill="black")
    widths = [2 * PAD + max(round(font.getlength(row[column])) for row in ROWS) for column in range(3)]
    edges = list(accumulate(widths, initial=LEFT))
    for row, cells in enumerate((*ROWS, ())):
        draw.line((edges[0], TOP + row * HIGH, edges[-1], TOP + row * HIGH), fill="black", width=3)
        for edge, text in zip(edges, cells, strict=False):
            draw.text((edge + PAD, TOP + row * HIGH + 15), text, font=font, fill="black")
    for edge in edges:
        draw.line((edge, TOP, edge, TOP + len(ROWS) * HIGH), fill="black", width=3)
    return page


@pytest.mark.parametrize("name", ["page.png", "page.pdf"])
def test_rulings_are_seen_in_pictures_and_in_scans_alike(tmp_path: Path, name: str) -> None:
    picture().save(tmp_path / name, resolution=150)

    (page,) = ocrkit.recognize(tmp_path / name, engine="ppocr").pages
    assert_has_the_table(page)


def test_rulings_are_seen_in_pictures_on_pages_with_text_of_their_own(tmp_path: Path) -> None:
    picture().save(tmp_path / "page.png")
    with pymupdf.open() as pdf:
        sheet = pdf.new_page(width=900, height=700)
        sheet.insert_text((72, 40), "Received and filed", fontsize=14)
        sheet.insert_image(pymupdf.Rect(25, 100, 875, 550), filename=str(tmp_path / "page.png"))
        pdf.save(tmp_path / "page.pdf")

    (page,) = ocrkit.recognize(tmp_path / "page.pdf", engine="ppocr").pages
    assert "Received and filed" in page.text
    assert_has_the_table(page)


def assert_has_the_table(page: Page) -> None:
    kinds = [block.kind for block in page.blocks]
    assert kinds.count(BlockKind.TABLE) == 1, kinds
    (table,) = (block.table for block in page.blocks if block.table)
    assert [tuple(row) for row in table.grid()] == list(ROWS)

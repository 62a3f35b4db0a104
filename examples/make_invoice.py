"""Draws examples/invoice.png: an invoice with a table, made to look printed and scanned.

Run: python examples/make_invoice.py [OUT.png]. The result is the same on every run.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT, DPI = 1654, 2339, 200  # A4
INK = 40

ITEMS = [
    ("Scanner glass, A3", "2", "118.50", "237.00"),
    ("Feed roller kit", "4", "31.25", "125.00"),
    ("Paper tray, 500 sheets", "1", "89.90", "89.90"),
    ("Lamp unit with mount", "3", "64.00", "192.00"),
    ("On-site service, per hour", "6", "95.00", "570.00"),
]
COLUMNS = [(150, "Item"), (820, "Qty"), (1060, "Unit price"), (1320, "Amount")]


class Pen:
    """Writes and rules on the page."""

    def __init__(self, page: Image.Image) -> None:
        self.draw = ImageDraw.Draw(page)

    def write(self, at: tuple[int, int], text: str, *, size: int = 30, bold: bool = False) -> None:
        """Writes one line of text, its top left corner at `at`."""
        font = ImageFont.load_default(size)
        self.draw.text(at, text, fill=INK, font=font)
        if bold:
            # Struck twice, as a typewriter does it: the font that comes with Pillow has no bold.
            self.draw.text((at[0] + 1, at[1]), text, fill=INK, font=font)

    def rule(self, *ends: int) -> None:
        """Draws a thin line between two points."""
        self.draw.line(ends, fill=INK, width=2)


def draw_head(pen: Pen) -> None:
    """Sender, dates and recipient."""
    pen.write((150, 150), "INVOICE", size=76, bold=True)
    pen.write((150, 290), "Northlight Imaging Ltd", size=38, bold=True)
    for row, text in enumerate(["14 Harbour Street", "Bristol BS1 4QA", "accounts@northlight.example"]):
        pen.write((150, 345 + 44 * row), text)
    for row, (name, value) in enumerate(
        [("Invoice no.", "NL-20417"), ("Date", "12 March 2026"), ("Due", "11 April 2026")]
    ):
        pen.write((1000, 290 + 50 * row), name, bold=True)
        pen.write((1240, 290 + 50 * row), value)

    pen.write((150, 560), "Bill to", size=38, bold=True)
    pen.write((150, 620), "Wrenfield County Archive, 3 Mill Lane, Wrenfield WR2 8HT")
    pen.write((150, 720), "Thank you for your order of 2 March. The goods below were delivered complete and in")
    pen.write((150, 764), "working order; service hours are those signed for by your technician.")


def draw_table(pen: Pen) -> None:
    """The ruled table of items and the sums below it."""
    top, height = 880, 66
    for x, name in COLUMNS:
        pen.write((x, top + 14), name, bold=True)
    for row, item in enumerate(ITEMS, start=1):
        for (x, _), text in zip(COLUMNS, item, strict=True):
            pen.write((x, top + 14 + height * row), text)
    for row in range(len(ITEMS) + 2):
        pen.rule(130, top + height * row, 1524, top + height * row)
    for x in (130, 795, 1035, 1295, 1524):
        pen.rule(x, top, x, top + height * (len(ITEMS) + 1))

    for row, (name, value) in enumerate([("Subtotal", "1,213.90"), ("VAT 20 %", "242.78"), ("Total GBP", "1,456.68")]):
        pen.write((1060, 1320 + 54 * row), name, bold=True)
        pen.write((1320, 1320 + 54 * row), value, bold=name.startswith("Total"))


def draw_foot(pen: Pen) -> None:
    """Payment terms and page number."""
    pen.write((150, 1560), "Payment terms", size=38, bold=True)
    for row, text in enumerate(
        [
            "1. Pay within 30 days by bank transfer to account 20-41-77 83920156.",
            "2. Name the invoice number in the reference.",
            "3. Goods stay our property until they are paid for in full.",
        ]
    ):
        pen.write((150, 1625 + 50 * row), text)
    pen.write((760, 2240), "Page 1 of 1", size=24)


def main(out: Path) -> None:
    """Draws the page, tilts it a little, adds blur and grain, and saves it."""
    page = Image.new("L", (WIDTH, HEIGHT), 246)
    pen = Pen(page)
    draw_head(pen)
    draw_table(pen)
    draw_foot(pen)
    scan = page.rotate(0.4, resample=Image.Resampling.BICUBIC, fillcolor=246).filter(ImageFilter.GaussianBlur(0.8))
    grain = np.random.default_rng(7).normal(0, 5, (HEIGHT, WIDTH))
    shade = np.linspace(4, -6, WIDTH)[None, :]
    pixels = np.clip(np.asarray(scan, dtype=np.float64) + grain + shade, 0, 255).astype(np.uint8)
    # 32 grey levels keep the grain visible and the file in the repository small.
    Image.fromarray(pixels // 8 * 8).save(out, dpi=(DPI, DPI), optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("invoice.png"))

"""PDF files to measure on: scans made of given pictures, and drawn pages in any number; and a PDF's text."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw, ImageFont, ImageOps

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SCAN_DPI = 300
ASSUMED_DPI = 200
"""Taken for a picture that does not say its resolution, or cannot be meant by what it says."""
PLAUSIBLE_DPI = range(75, 1201)
LONGEST_SHEET = 14
"""Inches: a legal sheet; nothing longer goes through a feeder."""
JPEG_QUALITY = 85
POINTS = 72
A4 = (595, 842)
A4_SCAN = (2480, 3508)

_ORIENTATION = 0x0112  # EXIF tag
_LINES_A_TEXT_PAGE = 40
_LINES_A_DRAWN_SCAN = 4
_FILL = "Pages of plain words let a reader be measured without any document of yours"


def jpeg_scan(path: Path) -> tuple[bytes, tuple[int, int], str]:
    """The first picture of a file as a 300-dpi JPEG, its size in pixels, and its mode (`L` or `RGB`).

    A JPEG that is such a scan already is passed on byte by byte; any other is resampled as if its sheet had
    been laid on a scanner.
    """
    with Image.open(path) as picture:
        stated = round(float(picture.info.get("dpi", (0, 0))[0]))
        upright = picture.getexif().get(_ORIENTATION, 1) == 1
        if picture.format == "JPEG" and stated == SCAN_DPI and upright and picture.mode in {"L", "RGB"}:
            return path.read_bytes(), picture.size, picture.mode
        grey = picture.mode in {"1", "L", "I;16"}
        scan = ImageOps.exif_transpose(picture).convert("L" if grey else "RGB")
    dpi = max(stated if stated in PLAUSIBLE_DPI else ASSUMED_DPI, max(scan.size) / LONGEST_SHEET)
    factor = SCAN_DPI / dpi
    scan = scan.resize((round(scan.width * factor), round(scan.height * factor)), Image.Resampling.LANCZOS)
    return _jpeg(scan), scan.size, scan.mode


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _add_scan(pdf: pikepdf.Pdf, jpeg: bytes, *, size: tuple[int, int], mode: str) -> None:
    width, height = size
    across, down = width * POINTS / SCAN_DPI, height * POINTS / SCAN_DPI
    image = pikepdf.Stream(
        pdf,
        jpeg,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ColorSpace=Name.DeviceGray if mode == "L" else Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    page = pdf.add_blank_page(page_size=(across, down))
    page.Resources = Dictionary(XObject=Dictionary(Scan=pdf.make_indirect(image)))
    page.Contents = pdf.make_stream(f"q {across:.3f} 0 0 {down:.3f} 0 0 cm /Scan Do Q".encode())


def scanned_pdf(pictures: Iterable[Path], out: Path) -> None:
    """Writes a PDF of one 300-dpi scan a page, as an office scanner does."""
    with pikepdf.new() as pdf:
        for path in pictures:
            jpeg, size, mode = jpeg_scan(path)
            _add_scan(pdf, jpeg, size=size, mode=mode)
        pdf.save(out)


def page_lines(number: int, count: int) -> list[str]:
    """The `count` lines that stand on drawn page `number`, no page's the same as another's."""
    return [f"Page {number} line {line}. {_FILL}" for line in range(1, count + 1)]


def drawn_scan(lines: Iterable[str], *, size: tuple[int, int] = A4_SCAN) -> Image.Image:
    """A white grey-scale page of `size` pixels with `lines` in 11-point type at 300 dpi."""
    page = Image.new("L", size, 255)
    type_size = 11 * SCAN_DPI // POINTS
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(type_size)
    for line, text in enumerate(lines):
        draw.text((size[0] // 12, size[1] // 12 + 2 * type_size * line), text, font=font, fill=0)
    return page


def drawn_scan_pdf(pages: int, out: Path) -> None:
    """Writes a PDF of `pages` A4 scans with a few drawn lines each."""
    with pikepdf.new() as pdf:
        for number in range(1, pages + 1):
            page = drawn_scan(page_lines(number, _LINES_A_DRAWN_SCAN))
            _add_scan(pdf, _jpeg(page), size=page.size, mode=page.mode)
        pdf.save(out)


def text_pdf(pages: int, out: Path) -> None:
    """Writes a born-digital PDF of `pages` A4 pages full of text."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        for number in range(1, pages + 1):
            shown = " ".join(f"({line}) Tj T*" for line in page_lines(number, _LINES_A_TEXT_PAGE))
            page = pdf.add_blank_page(page_size=A4)
            page.Resources = Dictionary(Font=Dictionary(F=font))
            page.Contents = pdf.make_stream(f"BT /F 11 Tf 16 TL 50 780 Td {shown} ET".encode())
        pdf.save(out)


def pdf_texts(path: Path) -> list[str]:
    """The text that each page of a PDF carries, as PDFium extracts it."""
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()

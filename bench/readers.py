"""The text of a PDF and where it lies, by three programs that share no code: Poppler, PDFium and MuPDF.

Boxes are shares of the page as it is shown, so that they can be compared whatever the frame of the page.
"""

from __future__ import annotations

import ctypes
import html
import re
import subprocess
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pymupdf
import pypdfium2
import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

BBox: TypeAlias = tuple[float, float, float, float]

_BIDI_CONTROLS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FINE = 100_000
"""PDFium gives whole device pixels; so many a page side make them fine enough."""

_SOFT_HYPHEN = "\ufffe"
"""What PDFium gives for a hyphen at a line's end whose word it joins with the next line."""

_BROKEN = 0x10000
"""Characters from here on are two units of PDFium's text, which is counted in UTF-16."""


class Glyph(NamedTuple):
    """One character and its box; a break between words has none."""

    sign: str
    box: BBox | None


BREAK = Glyph(" ", None)


@dataclass(frozen=True)
class Reader:
    """One program.

    Attributes:
        name: what reports call it.
        text: the text of a page of a PDF, pages counted from 1.
        glyphs: the characters of that page in their order.
        tells_words: whether it tells boxes of whole words only, so that those of characters are even shares of them.
    """

    name: str
    text: Callable[[bytes, int], str]
    glyphs: Callable[[bytes, int], list[Glyph]]
    tells_words: bool = False

    def words(self, data: bytes, number: int) -> list[tuple[str, BBox]]:
        """What stands between breaks, each with the box around its characters."""
        made: list[tuple[str, BBox]] = []
        run: list[Glyph] = []
        for glyph in [*self.glyphs(data, number), BREAK]:
            if glyph.box is not None:
                run.append(glyph)
            elif run:
                made.append((_clean("".join(one.sign for one in run)), around(one.box for one in run if one.box)))
                run = []
        return made


def around(boxes: Iterable[BBox]) -> BBox:
    """The box around all of them."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return (min(x0), min(y0), max(x1), max(y1))


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", _BIDI_CONTROLS.sub("", text)).strip()


def _pdftotext(data: bytes, number: int, *flags: str) -> str:
    command = ["pdftotext", *flags, "-f", str(number), "-l", str(number), "-", "-"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()


def _poppler_glyphs(data: bytes, number: int) -> list[Glyph]:
    """Poppler tells boxes of words; each character gets its share."""
    # It reads the crop box of a page only where it is told to, and gives the page's size as if it had no frame.
    page = _pdftotext(data, number, "-bbox", "-cropbox")
    with pymupdf.open(stream=data, filetype="pdf") as document:
        shown = document[number - 1]
        unit = float(document.xref_get_key(shown.xref, "UserUnit")[1].replace("null", "1"))
        width, height = shown.rect.width / unit, shown.rect.height / unit
    word = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')
    made: list[Glyph] = []
    for x0, y0, x1, y1, text in word.findall(page):
        box = (float(x0) / width, float(y0) / height, float(x1) / width, float(y1) / height)
        signs = _logical(html.unescape(text))
        tall = (box[3] - box[1]) * height > (box[2] - box[0]) * width
        made += [Glyph(sign, _share(box, place, len(signs), down=tall)) for place, sign in enumerate(signs)]
        made.append(BREAK)
    return made


def _share(box: BBox, place: int, count: int, *, down: bool) -> BBox:
    x0, y0, x1, y1 = box
    if down:
        return (x0, y0 + (y1 - y0) * place / count, x1, y0 + (y1 - y0) * (place + 1) / count)
    return (x0 + (x1 - x0) * place / count, y0, x0 + (x1 - x0) * (place + 1) / count, y1)


def _logical(text: str) -> str:
    """With `-bbox`, and only there, Poppler gives right-to-left words as they are drawn."""
    text = _clean(text)
    if not any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text):
        return text
    return "".join(part[::-1] if part[0].isdigit() else part for part in re.findall(r"[\d%.,]+|.", text[::-1]))


def _poppler_text(data: bytes, number: int) -> str:
    return _clean(_pdftotext(data, number))


def _mupdf_glyphs(data: bytes, number: int) -> list[Glyph]:
    with pymupdf.open(stream=data, filetype="pdf") as document:
        page = document[number - 1]
        width, height = page.rect.width, page.rect.height
        # Its own rotation_matrix forgets UserUnit.
        turn = {
            0: pymupdf.Matrix(1, 0, 0, 1, 0, 0),
            90: pymupdf.Matrix(0, 1, -1, 0, width, 0),
            180: pymupdf.Matrix(-1, 0, 0, -1, width, height),
            270: pymupdf.Matrix(0, -1, 1, 0, 0, height),
        }[page.rotation]
        made: list[Glyph] = []
        lines = [line for block in page.get_text("rawdict")["blocks"] for line in block.get("lines", ())]
        for line in lines:
            for char in (char for span in line["spans"] for char in span["chars"]):
                box = pymupdf.Rect(char["bbox"]) * turn
                place = (box.x0 / width, box.y0 / height, box.x1 / width, box.y1 / height)
                made.append(BREAK if char["c"].isspace() else Glyph(char["c"], place))
            made.append(BREAK)
        return made


def _mupdf_text(data: bytes, number: int) -> str:
    with pymupdf.open(stream=data, filetype="pdf") as document:
        return _clean(document[number - 1].get_text())


def _pdfium_glyphs(data: bytes, number: int) -> list[Glyph]:
    document = pypdfium2.PdfDocument(data)
    try:
        page = document[number - 1]
        text_page = page.get_textpage()
        made: list[Glyph] = []
        place = 0
        for sign in text_page.get_text_range():
            units = 1 + (ord(sign) >= _BROKEN)
            if sign.isspace():
                made.append(BREAK)
            else:
                boxes = (text_page.get_charbox(at, loose=False) for at in range(place, place + units))
                made.append(Glyph("-" if sign == _SOFT_HYPHEN else sign, around(_on_page(page, box) for box in boxes)))
            if sign == _SOFT_HYPHEN:
                made.append(BREAK)
            place += units
        return made
    finally:
        document.close()


def _on_page(page: pypdfium2.PdfPage, box: BBox) -> BBox:
    left, bottom, right, top = box
    corners = []
    for x, y in ((left, bottom), (right, top)):
        dx, dy = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, x, y, dx, dy)
        corners.append((dx.value / _FINE, dy.value / _FINE))
    (ax, ay), (bx, by) = corners
    return (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _pdfium_text(data: bytes, number: int) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return _clean(document[number - 1].get_textpage().get_text_range())
    finally:
        document.close()


READERS = (
    Reader("poppler", _poppler_text, _poppler_glyphs, tells_words=True),
    Reader("pdfium", _pdfium_text, _pdfium_glyphs),
    Reader("mupdf", _mupdf_text, _mupdf_glyphs),
)

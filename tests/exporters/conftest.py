"""Reads PDF text back through three programs that share no code."""

from __future__ import annotations

import ctypes
import html
import re
import subprocess
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pymupdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BBox: TypeAlias = tuple[float, float, float, float]
Found: TypeAlias = list[tuple[str, BBox]]

_BIDI_CONTROLS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FINE = 1000
"""PDFium gives whole device pixels; so many a page side make them fine enough."""


@dataclass(frozen=True)
class Reader:
    """One program: `words` gives words with boxes as shares of the page shown, `text` the page's text."""

    name: str
    words: Callable[[bytes, int], Found]
    text: Callable[[bytes, int], str]


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", _BIDI_CONTROLS.sub("", text)).strip()


def _poppler_words(data: bytes, number: int) -> Found:
    # Poppler reads the crop box of a page only where it is told to, and gives the page's size as if it had no frame.
    command = ["pdftotext", "-bbox", "-cropbox", "-f", str(number), "-l", str(number), "-", "-"]
    page = subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()
    with pymupdf.open(stream=data, filetype="pdf") as document:
        shown = document[number - 1]
        unit = float(document.xref_get_key(shown.xref, "UserUnit")[1].replace("null", "1"))
        width, height = shown.rect.width / unit, shown.rect.height / unit
    word = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')
    return [
        (_logical(html.unescape(text)), (float(x0) / width, float(y0) / height, float(x1) / width, float(y1) / height))
        for x0, y0, x1, y1, text in word.findall(page)
    ]


def _logical(text: str) -> str:
    """With `-bbox`, and only there, Poppler gives right-to-left words as they are drawn."""
    text = _clean(text)
    if not any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text):
        return text
    return "".join(part[::-1] if part[0].isdigit() else part for part in re.findall(r"[\d%.,]+|.", text[::-1]))


def _poppler_text(data: bytes, number: int) -> str:
    command = ["pdftotext", "-f", str(number), "-l", str(number), "-", "-"]
    return _clean(subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode())


def _mupdf_words(data: bytes, number: int) -> Found:
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
        boxes = [(pymupdf.Rect(*entry[:4]) * turn, entry[4]) for entry in page.get_text("words")]
        return [(_clean(text), (b.x0 / width, b.y0 / height, b.x1 / width, b.y1 / height)) for b, text in boxes]


def _mupdf_text(data: bytes, number: int) -> str:
    with pymupdf.open(stream=data, filetype="pdf") as document:
        return _clean(document[number - 1].get_text())


def _pdfium_words(data: bytes, number: int) -> Found:
    document = pypdfium2.PdfDocument(data)
    try:
        page = document[number - 1]
        text_page = page.get_textpage()
        text = text_page.get_text_range()
        boxes = [_on_page(page, text_page.get_charbox(i, loose=False)) for i in range(text_page.count_chars())]
        return list(_words_of(text, boxes))
    finally:
        document.close()


def _words_of(text: str, boxes: list[BBox]) -> Iterator[tuple[str, BBox]]:
    # PDFium counts in UTF-16 units.
    text = "".join(sign if ord(sign) < 0x10000 else f"{sign}\0" for sign in text)
    for found in re.finditer(r"\S+", text):
        part = boxes[found.start() : found.end()]
        xs, ys = [v for b in part for v in (b[0], b[2])], [v for b in part for v in (b[1], b[3])]
        yield _clean(found[0].replace("\0", "")), (min(xs), min(ys), max(xs), max(ys))


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


READERS = [
    Reader("poppler", _poppler_words, _poppler_text),
    Reader("pdfium", _pdfium_words, _pdfium_text),
    Reader("mupdf", _mupdf_words, _mupdf_text),
]


@pytest.fixture(params=READERS, ids=lambda reader: reader.name)
def reader(request: pytest.FixtureRequest) -> Reader:
    made: Reader = request.param
    return made


@pytest.fixture
def check_pdf(tmp_path: Path) -> Callable[[bytes], None]:
    """Fails where `qpdf --check` finds anything to say."""

    def check(data: bytes) -> None:
        path = tmp_path / "checked.pdf"
        path.write_bytes(data)
        done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "WARNING" not in done.stdout + done.stderr

    return check

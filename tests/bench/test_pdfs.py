"""The documents that `bench` makes to measure on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf
import pytest
from PIL import Image

from bench.pdfs import drawn_scan, drawn_scan_pdf, page_lines, pdf_texts, scanned_pdf, text_pdf

if TYPE_CHECKING:
    from pathlib import Path


def scans(path: Path) -> list[tuple[int, int, str, bytes]]:
    with pikepdf.open(path) as pdf:
        found = [page.Resources.XObject.Scan for page in pdf.pages]
        return [(int(one.Width), int(one.Height), str(one.ColorSpace), one.read_raw_bytes()) for one in found]


def test_a_300_dpi_jpeg_is_embedded_byte_by_byte(tmp_path: Path) -> None:
    picture = tmp_path / "scan.jpg"
    drawn_scan(["Hello"], size=(600, 300)).save(picture, dpi=(300, 300))
    scanned_pdf([picture], tmp_path / "out.pdf")
    assert scans(tmp_path / "out.pdf") == [(600, 300, "/DeviceGray", picture.read_bytes())]
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert [float(edge) for edge in pdf.pages[0].mediabox] == [0, 0, 144, 72]


def test_a_jpeg_of_another_resolution_is_no_300_dpi_scan(tmp_path: Path) -> None:
    picture = tmp_path / "page.jpg"
    drawn_scan(["Hello"], size=(600, 300)).save(picture, dpi=(200, 200))
    scanned_pdf([picture], tmp_path / "out.pdf")
    assert scans(tmp_path / "out.pdf")[0][:2] == (900, 450)


@pytest.mark.parametrize(
    ("size", "dpi", "expected"),
    [
        ((400, 200), 150, (800, 400)),
        ((400, 200), 72, (600, 300)),  # said by cameras of no sheet at all: taken for 200 dpi
        ((4200, 100), 100, (4200, 100)),  # 42 inches: no such sheet, so shrunk to 14
    ],
)
def test_other_pictures_are_scanned_again_at_300_dpi(
    tmp_path: Path, size: tuple[int, int], dpi: int, expected: tuple[int, int]
) -> None:
    picture = tmp_path / "page.png"
    Image.new("RGB", size, "white").save(picture, dpi=(dpi, dpi))
    scanned_pdf([picture], tmp_path / "out.pdf")
    ((width, height, space, _),) = scans(tmp_path / "out.pdf")
    assert (width, height, space) == (*expected, "/DeviceRGB")


def test_a_photo_lying_on_its_side_is_turned_before_it_is_scanned(tmp_path: Path) -> None:
    photo = Image.new("RGB", (300, 100), "white")
    exif = photo.getexif()
    exif[0x0112] = 6
    photo.save(tmp_path / "photo.jpg", exif=exif, dpi=(300, 300))
    scanned_pdf([tmp_path / "photo.jpg"], tmp_path / "out.pdf")
    assert scans(tmp_path / "out.pdf")[0][:2] == (100, 300)


def test_a_scan_carries_no_text_and_every_page_is_another(tmp_path: Path) -> None:
    drawn_scan_pdf(3, tmp_path / "out.pdf")
    assert pdf_texts(tmp_path / "out.pdf") == ["", "", ""]
    assert len({content for *_, content in scans(tmp_path / "out.pdf")}) == 3


def test_a_text_pdf_carries_the_lines_of_every_page(tmp_path: Path) -> None:
    text_pdf(3, tmp_path / "out.pdf")
    texts = pdf_texts(tmp_path / "out.pdf")
    assert [text.splitlines() for text in texts] == [page_lines(number, 40) for number in (1, 2, 3)]

"""A scanned page decodes its JPEG; anything else on the page sends it to the renderer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pikepdf import Array, Name
from PIL import Image
from tests.sources.samples import UPRIGHT, corners, encoded, picture_pdf, quarters

from ocrkit.sources import open_source

SIZE = (1200, 800)
FULL = "q 300 0 0 200 0 0 cm /Im Do Q"


def scan_pdf(contents: str = FULL, **options: Any) -> bytes:
    return picture_pdf(encoded(corners(*SIZE), "JPEG", quality=90), SIZE, contents=contents, **options)


def is_decoded(data: bytes, dpi: float = 144.0) -> bool:
    """Whether the JPEG itself was decoded: it comes in 1200, 600, 300, …, a renderer makes 240 pixels of 0.4 × 600."""
    with open_source(data, dpi=dpi) as source:
        page = source.page(1)
        longest: int = max(page.at_scale(0.4).shape)
        assert longest in (240, 241, 300)
        assert page.pixels.shape == (page.height, page.width, 3)
        return longest == 300


def test_a_scan_is_decoded_to_the_frame_a_renderer_would_give() -> None:
    data = scan_pdf()
    assert is_decoded(data)
    with open_source(data, dpi=144) as source:
        page = source.page(1)
        assert quarters(page.at_scale(0.1)) == UPRIGHT
        assert quarters(page.pixels) == UPRIGHT
    # A speck of colour keeps the page from being a scan, and changes next to nothing.
    with open_source(scan_pdf(FULL + " 1 1 0 rg 0 0 0.1 0.1 re f"), dpi=144) as source:
        rendered = source.page(1).pixels
    assert np.abs(page.pixels.astype(int) - rendered).mean() < 1.0


@pytest.mark.parametrize(
    ("rotate", "expected"),
    [
        (90, ("white", "red", "blue", "white")),
        (180, ("blue", "white", "white", "red")),
        (270, ("white", "blue", "red", "white")),
    ],
)
def test_a_rotated_scan_is_turned(rotate: int, expected: tuple[str, ...]) -> None:
    data = scan_pdf(Rotate=rotate)
    assert is_decoded(data)
    with open_source(data) as source:
        page = source.page(1)
        assert quarters(page.at_scale(0.3)) == expected
        assert page.at_scale(0.3).flags.c_contiguous
        assert quarters(page.pixels) == expected


def test_a_hidden_text_layer_leaves_a_scan_a_scan() -> None:
    assert is_decoded(scan_pdf(f"{FULL} BT 3 Tr /F 12 Tf 20 100 Td (hidden) Tj ET"))


def test_a_grey_scan_of_less_resolution_still_has_the_size_asked_for() -> None:
    grey = encoded(corners(150, 100).convert("L"), "JPEG")
    data = picture_pdf(grey, (150, 100), picture={"ColorSpace": Name.DeviceGray})
    with open_source(data, dpi=144) as source:
        page = source.page(1)
        assert page.at_scale(0.25).shape == (100, 150, 3)
        assert page.at_scale(0.5).shape == (200, 300, 3)
        assert page.pixels.shape == (400, 600, 3)


@pytest.mark.parametrize(
    "contents",
    [
        f"{FULL} BT /F 12 Tf 20 100 Td (stamp) Tj ET",
        f"{FULL} 0 0 1 rg 10 10 100 50 re f",
        f"{FULL} 0 0 m 300 200 l S",
        f"{FULL} q 30 0 0 20 0 0 cm /Im Do Q",
        f"10 10 100 100 re W n {FULL}",
        "q 299 5 -5 199 0 0 cm /Im Do Q",
        "q -300 0 0 200 300 0 cm /Im Do Q",
        "q 300 0 0 -200 0 200 cm /Im Do Q",
        "q 200 0 0 200 0 0 cm /Im Do Q",
        "q 0 200 -300 0 300 0 cm /Im Do Q",
    ],
)
def test_anything_beside_the_picture_sends_the_page_to_the_renderer(contents: str) -> None:
    assert not is_decoded(scan_pdf(contents))


def test_a_decode_array_is_respected() -> None:
    data = scan_pdf(picture={"Decode": Array([1, 0, 1, 0, 1, 0])})
    assert not is_decoded(data)
    with open_source(data) as source:
        assert quarters(source.page(1).pixels)[1] == "black"


def test_a_cmyk_jpeg_is_rendered() -> None:
    jpeg = encoded(corners(*SIZE).convert("CMYK"), "JPEG")
    data = picture_pdf(jpeg, SIZE, picture={"ColorSpace": Name.DeviceCMYK, "Decode": Array([1, 0] * 4)})
    assert not is_decoded(data)


def test_a_jpeg_of_other_size_or_colours_than_the_pdf_says_is_rendered() -> None:
    jpeg = encoded(corners(*SIZE), "JPEG")
    assert not is_decoded(picture_pdf(jpeg, (600, 400)))
    assert not is_decoded(picture_pdf(encoded(Image.new("L", SIZE), "JPEG"), SIZE))


def test_a_truncated_jpeg_gives_what_there_is_of_it() -> None:
    jpeg = encoded(corners(*SIZE), "JPEG", quality=95)
    with open_source(picture_pdf(jpeg[: len(jpeg) // 2], SIZE)) as source:
        assert quarters(source.page(1).pixels)[0] == "red"

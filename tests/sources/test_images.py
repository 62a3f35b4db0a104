from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.sources.samples import BLUE, RED, UPRIGHT, WHITE, corners, encoded, quarters

from ocrkit.errors import (
    CorruptSourceError,
    EmptySourceError,
    LimitError,
    PageTooLargeError,
    TooManyPagesError,
    UnsupportedFormatError,
)
from ocrkit.sources import Limits, open_source


def pixels_of(data: Any, **options: Any) -> np.ndarray[Any, np.dtype[np.uint8]]:
    with open_source(data, **options) as source:
        page = source.page(1)
        assert page.pixels.shape == (page.height, page.width, 3)
        assert page.pixels.dtype == np.uint8
        assert page.text_layer is None
        return page.pixels


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF"])
def test_every_format_gives_its_colours(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    assert quarters(pixels_of(encoded(corners(), kind, **options))) == UPRIGHT


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "CMYK"), ("TIFF", "CMYK"), ("PNG", "P"), ("GIF", "P")])
def test_cmyk_and_palettes_become_rgb(kind: str, mode: str) -> None:
    assert quarters(pixels_of(encoded(corners().convert(mode), kind))) == UPRIGHT


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "1"), ("TIFF", "1"), ("PNG", "L"), ("BMP", "1"), ("JPEG", "L")])
def test_bilevel_and_grey_become_rgb(kind: str, mode: str) -> None:
    image = corners().convert("L").point(lambda value: 255 if value > 200 else 0).convert(mode)
    assert quarters(pixels_of(encoded(image, kind))) == ("black", "white", "white", "black")


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_what_is_transparent_lies_on_white(kind: str) -> None:
    image = corners().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 30, 40, 60))
    options = {"lossless": True} if kind == "WEBP" else {}
    assert quarters(pixels_of(encoded(image, kind, **options))) == UPRIGHT


def test_a_transparent_palette_entry_lies_on_white() -> None:
    image = Image.new("P", (40, 40), 0)
    image.putpalette([0, 0, 0, 220, 20, 20])
    image.paste(1, (0, 0, 20, 20))
    assert quarters(pixels_of(encoded(image, "PNG", transparency=0))) == ("red", "white", "white", "white")


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_white_beside_transparency_lies_on_black(mode: str) -> None:
    image = Image.new(mode, (40, 40))
    image.paste(Image.new(mode, (20, 20), "white"), (20, 0))
    assert quarters(pixels_of(encoded(image, "PNG"))) == ("black", "white", "black", "black")


def test_a_light_picture_with_something_dark_lies_on_white() -> None:
    image = Image.new("RGBA", (40, 40))
    image.paste((255, 255, 255, 255), (0, 0, 40, 20))
    image.paste((0, 0, 0, 255), (0, 2, 20, 4))
    assert quarters(pixels_of(encoded(image, "PNG"))) == ("white", "white", "white", "white")


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("bits", [10, 12, 16])
def test_deep_grey_keeps_its_range(kind: str, bits: int) -> None:
    deep = np.full((40, 40), 2**bits - 1, np.uint16)
    deep[:20, :20] = 0
    deep[20:, 20:] = 2 ** (bits - 1)
    pixels = pixels_of(encoded(Image.fromarray(deep), kind))
    assert [int(pixels[y, x, 0]) for y, x in ((5, 5), (5, 30), (30, 30))] == [0, 255, 128]


def test_a_tiff_of_floats_keeps_its_range() -> None:
    pixels = pixels_of(encoded(Image.fromarray(np.array([[0.0, 0.5, 1.0]], np.float32)), "TIFF"))
    assert pixels[0, :, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone(kind: str, orientation: int) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    image = corners()
    # The transposition that takes the upright picture to the one the camera stored.
    stored = image if orientation == 1 else image.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    with open_source(encoded(stored, kind, exif=exif)) as source:
        page = source.page(1)
        assert (page.width, page.height) == image.size
        assert quarters(page.pixels) == UPRIGHT


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "group4", "jpeg"])
def test_every_frame_of_a_tiff_is_a_page(compression: str) -> None:
    mode = "1" if compression == "group4" else "RGB"
    frames = [Image.new("RGB", (40 + 10 * n, 30), WHITE if n % 2 else (0, 0, 0)).convert(mode) for n in range(5)]
    data = encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:], compression=compression)
    with open_source(data) as source:
        assert source.page_count == 5
        for number in (5, 1, 3, 2, 4, 1):
            page = source.page(number)
            assert page.width == 30 + 10 * number
            assert (int(page.pixels.mean()) > 128) is (number % 2 == 0)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_one_page_its_first_frame(kind: str) -> None:
    frames = [corners(), Image.new("RGB", (80, 60), BLUE), Image.new("RGB", (80, 60), RED)]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    with open_source(data) as source:
        assert source.page_count == 1
        assert quarters(source.page(1).pixels) == UPRIGHT


@pytest.mark.parametrize(
    ("size", "dpi", "expected"),
    [
        ((800, 600), (200, 200), 200),
        ((800, 600), (200, 100), None),
        ((4000, 3000), (72, 72), None),
        ((80, 60), (1, 1), None),
    ],
)
def test_dpi_is_taken_where_a_page_of_that_size_can_exist(
    size: tuple[int, int], dpi: tuple[int, int], expected: int | None
) -> None:
    with open_source(encoded(Image.new("L", size), "JPEG", dpi=dpi)) as source:
        assert source.page(1).dpi == expected


def test_a_jpeg_decodes_smaller_for_a_smaller_scale_and_never_smaller_than_asked() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with open_source(encoded(corners(800, 600), "JPEG", exif=exif)) as source:
        page = source.page(1)
        assert (page.width, page.height) == (600, 800)
        assert page.at_scale(0.1).shape == (100, 75, 3)
        assert page.at_scale(0.3).shape == (400, 300, 3)
        assert page.at_scale(0.5).shape == (400, 300, 3)
        assert quarters(page.at_scale(0.5)) == quarters(page.pixels)
        assert page.pixels.shape == (800, 600, 3)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_truncated_picture_is_a_corrupt_source(kind: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 80, 3), np.uint8))
    data = encoded(noise, kind)
    for size in (20, len(data) // 3, len(data) * 2 // 3):
        with pytest.raises(CorruptSourceError) as caught:
            pixels_of(data[:size])
        assert caught.value.hint


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_the_pixel_limit_holds_for_every_format(kind: str) -> None:
    data = encoded(corners(100, 100), kind)
    with pytest.raises(PageTooLargeError, match="max_pixels"):
        pixels_of(data, limits=Limits(max_pixels=9_999))
    assert pixels_of(data, limits=Limits(max_pixels=10_000)).shape == (100, 100, 3)


def png_bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_decompression_bomb_is_refused_by_its_header() -> None:
    with pytest.raises(PageTooLargeError):
        pixels_of(png_bomb(100_000, 100_000))


@pytest.mark.parametrize(
    "header",
    [
        b"VP8X" + struct.pack("<II", 10, 0) + (11_999).to_bytes(3, "little") * 2,
        b"VP8L" + struct.pack("<IBI", 10, 0x2F, 11_999 | 11_999 << 14),
        b"VP8 " + struct.pack("<I", 10) + b"\x10\x02\0\x9d\x01\x2a" + struct.pack("<HH", 12_000, 12_000),
    ],
)
def test_a_webp_is_refused_by_its_header_before_its_canvas_is_made(header: bytes) -> None:
    with pytest.raises(PageTooLargeError, match="12000 × 12000"):
        open_source(b"RIFF" + struct.pack("<I", len(header) + 4) + b"WEBP" + header)


def test_the_page_limit_holds_for_tiff() -> None:
    frames = [Image.new("1", (8, 8)) for _ in range(6)]
    data = encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    with pytest.raises(TooManyPagesError, match="max_pages"):
        open_source(data, limits=Limits(max_pages=5))
    open_source(data, limits=Limits(max_pages=6)).close()


def test_a_pil_image_is_a_page_and_stays_open() -> None:
    exif = Image.Exif()
    exif[0x0112] = 3
    image = Image.open(io.BytesIO(encoded(corners().transpose(Image.Transpose.ROTATE_180), "PNG", exif=exif)))
    with open_source(image, name="mine") as source:
        assert (source.name, source.page_count) == ("mine", 1)
        assert quarters(source.page(1).pixels) == UPRIGHT
        assert quarters(pixels_of(source.read())) == UPRIGHT
    assert image.getpixel((0, 0)) == BLUE


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.array([[0, 255]], np.uint8), [[0, 0, 0], [255, 255, 255]]),
        (np.array([[False, True]]), [[0, 0, 0], [255, 255, 255]]),
        (np.array([[0, 65535]], np.uint16), [[0, 0, 0], [255, 255, 255]]),
        (np.array([[0, 255]], np.int64), [[0, 0, 0], [255, 255, 255]]),
        (np.array([[0.0, 0.5]], np.float64), [[0, 0, 0], [128, 128, 128]]),
        (np.array([[0.0, 255.0]], np.float32), [[0, 0, 0], [255, 255, 255]]),
        (np.array([[-1.0, np.nan, np.inf]], np.float32), [[0, 0, 0], [255, 255, 255], [255, 255, 255]]),
        (np.array([[[7], [9]]], np.uint8), [[7, 7, 7], [9, 9, 9]]),
        (np.array([[[7, 255], [9, 0]]], np.uint8), [[7, 7, 7], [255, 255, 255]]),
        (np.array([[[1, 2, 3]]], np.uint8), [[1, 2, 3]]),
        (np.array([[[1, 2, 3, 255], [1, 2, 3, 0]]], np.uint8), [[1, 2, 3], [255, 255, 255]]),
    ],
)
def test_arrays_of_many_kinds_become_rgb(array: Any, expected: list[list[int]]) -> None:
    assert pixels_of(array)[0].tolist() == expected


def test_arrays_that_are_no_picture_are_refused() -> None:
    for shape in ((5,), (2, 2, 5), (2, 2, 2, 2)):
        with pytest.raises(UnsupportedFormatError):
            open_source(np.zeros(shape, np.uint8))
    with pytest.raises(UnsupportedFormatError):
        open_source(np.array([["a"]]))
    with pytest.raises(EmptySourceError):
        open_source(np.zeros((0, 5, 3), np.uint8))


def test_the_pixel_limit_holds_for_arrays_and_pil_images() -> None:
    for source in (np.zeros((100, 101), np.uint8), Image.new("L", (101, 100))):
        with pytest.raises(LimitError):
            open_source(source, limits=Limits(max_pixels=10_000))

from __future__ import annotations

import io
import math
import subprocess
import sys
import threading
import zlib
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pikepdf
import pymupdf
import pytest
from pikepdf import Name
from PIL import Image
from tests.sources.samples import UPRIGHT, corners, drawn_pdf, encoded, picture_pdf, quarters, text_pdf

from ocrkit.errors import (
    CorruptSourceError,
    EmptySourceError,
    PageTooLargeError,
    PasswordRequiredError,
    SourceError,
    TooManyPagesError,
    WrongPasswordError,
)
from ocrkit.sources import Limits, Source, open_source

if TYPE_CHECKING:
    from pathlib import Path

QUARTERS = "0.86 0.08 0.08 rg 0 100 150 100 re f 0.08 0.08 0.86 rg 150 0 150 100 re f"


def text_of(source: Source, number: int = 1) -> str:
    layer = source.page(number).text_layer
    assert layer is not None
    return "\n".join(line.text for line in layer.lines)


def test_a_page_renders_at_the_dpi_asked_for() -> None:
    for dpi in (72.0, 200.0):
        with open_source(drawn_pdf(QUARTERS), dpi=dpi) as source:
            page = source.page(1)
            assert (page.width, page.height) == (math.ceil(300 * dpi / 72), math.ceil(200 * dpi / 72))
            assert page.dpi == pytest.approx(dpi)
            assert page.pixels.shape == (page.height, page.width, 3)
            assert quarters(page.pixels) == UPRIGHT


@pytest.mark.parametrize(
    "media_box", [[0, 0, 300, 200], [0, 0, 299.7, 200.4], [-0.3, 0, 612.001, 791.999], [0, 0, 3, 999]]
)
@pytest.mark.parametrize("dpi", [72, 100, 137, 200])
def test_the_frame_is_known_before_rendering(media_box: list[float], dpi: float) -> None:
    with open_source(drawn_pdf("", MediaBox=media_box), dpi=dpi) as source:
        page = source.page(1)
        assert page.pixels.shape == (page.height, page.width, 3)


def test_a_smaller_scale_renders_smaller() -> None:
    with open_source(drawn_pdf(QUARTERS)) as source:
        page = source.page(1)
        small = page.at_scale(0.25)
        assert small.shape[1] == pytest.approx(page.width / 4, abs=1)
        assert quarters(small) == UPRIGHT


def test_user_unit_and_crop_box_make_the_frame() -> None:
    contents = "1 0 0 1 50 60 cm " + QUARTERS
    page: dict[str, Any] = {"MediaBox": [0, 0, 500, 500], "CropBox": [50, 60, 350, 260], "UserUnit": 2}
    with open_source(drawn_pdf(contents, **page), dpi=72) as source:
        image = source.page(1)
        assert (image.width, image.height) == (600, 400)
        assert quarters(image.pixels) == UPRIGHT


@pytest.mark.parametrize(
    ("rotate", "expected"),
    [
        (0, UPRIGHT),
        (90, ("white", "red", "blue", "white")),
        (180, ("blue", "white", "white", "red")),
        (270, ("white", "blue", "red", "white")),
    ],
)
def test_a_rotated_page_is_seen_as_its_viewer_shows_it(rotate: int, expected: tuple[str, ...]) -> None:
    with open_source(drawn_pdf(QUARTERS, Rotate=rotate), dpi=72) as source:
        page = source.page(1)
        assert (page.width, page.height) == ((300, 200) if rotate % 180 == 0 else (200, 300))
        assert quarters(page.pixels) == expected


def test_a_giant_media_box_is_rendered_at_less_dpi() -> None:
    limits = Limits(max_pixels=1_000_000)
    with open_source(drawn_pdf(QUARTERS, MediaBox=[0, 0, 90000, 60000]), limits=limits) as source:
        page = source.page(1)
        assert 900_000 < page.width * page.height <= 1_000_000
        assert page.dpi is not None
        assert page.dpi < 2
        assert page.pixels.shape == (page.height, page.width, 3)


def test_a_giant_picture_is_refused_before_it_is_decoded_and_leaves_the_text() -> None:
    contents = "q 300 0 0 200 0 0 cm /Im Do Q BT /F 12 Tf 20 100 Td (caption) Tj ET"
    data = picture_pdf(b"x", (30_000, 30_000), contents=contents, picture={"Filter": Name.FlateDecode})
    with open_source(data) as source:
        assert text_of(source) == "caption"
        with pytest.raises(PageTooLargeError, match="30000 × 30000"):
            _ = source.page(1).pixels


def test_a_bilevel_picture_may_have_more_pixels() -> None:
    size = (3000, 3000)
    data = zlib.compress(b"\0" * (3000 // 8 * 3000))
    flate = {"Filter": Name.FlateDecode, "ColorSpace": Name.DeviceGray}
    limits = Limits(max_pixels=2_000_000)
    with open_source(picture_pdf(data, size, picture={**flate, "BitsPerComponent": 1}), limits=limits) as source:
        assert source.page(1).pixels.max() == 0
    with (
        open_source(picture_pdf(data, size, picture=flate), limits=limits) as source,
        pytest.raises(PageTooLargeError),
    ):
        _ = source.page(1).pixels


def test_jpeg_2000_inside_a_pdf_is_read_and_its_own_header_counts() -> None:
    data = encoded(corners(1200, 800), "JPEG2000")
    jpx = {"Filter": Name.JPXDecode}
    with open_source(picture_pdf(data, (1200, 800), picture=jpx)) as source:
        assert quarters(source.page(1).pixels) == UPRIGHT
    # The PDF says 10 × 10, the stream says 1200 × 800: the stream is what would be decoded.
    limits = Limits(max_pixels=1_500_000)
    with (
        open_source(picture_pdf(data, (10, 10), picture=jpx), limits=limits) as source,
        pytest.raises(PageTooLargeError, match="1200 × 800"),
    ):
        _ = source.page(1).pixels


def test_the_page_limit_counts_all_pages() -> None:
    data = text_pdf("a", "b", "c")
    with pytest.raises(TooManyPagesError, match="max_pages"):
        open_source(data, limits=Limits(max_pages=2))
    open_source(data, limits=Limits(max_pages=3)).close()


def page_tree_bomb(*, depth: int, width: int) -> bytes:
    """A small PDF whose page tree names the same nodes again and again: width ** depth pages."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    node: Any = pdf.Root.Pages.Kids[0]
    count = 1
    for _ in range(depth):
        count *= width
        node = pdf.make_indirect(pikepdf.Dictionary(Type=Name.Pages, Kids=[node] * width, Count=count))
    pdf.Root.Pages = node
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_a_page_tree_bomb_is_refused_without_walking_it() -> None:
    with pytest.raises(SourceError):
        open_source(page_tree_bomb(depth=7, width=20))


def test_a_page_tree_that_lies_about_its_count_ends_in_pages_or_errors() -> None:
    pdf = pikepdf.open(io.BytesIO(text_pdf("one", "two")))
    pdf.Root.Pages.Count = 500
    out = io.BytesIO()
    pdf.save(out)
    with open_source(out.getvalue()) as source:
        assert text_of(source, 2) == "two"
        for number in range(3, source.page_count + 1):
            with pytest.raises(CorruptSourceError):
                source.page(number)


def encrypted(data: bytes, *, revision: Literal[4, 6], user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=user, R=revision))
    return out.getvalue()


@pytest.mark.parametrize("revision", [4, 6])
def test_an_encrypted_pdf_wants_its_password(revision: Literal[4, 6]) -> None:
    data = encrypted(text_pdf("secret"), revision=revision, user="user")
    with pytest.raises(PasswordRequiredError, match="password"):
        open_source(data)
    with pytest.raises(WrongPasswordError):
        open_source(data, password="guess")  # noqa: S106 - a made-up password
    for password in ("user", "owner"):
        with open_source(data, password=password) as source:
            assert text_of(source) == "secret"
            assert source.password == password


def test_a_pdf_that_opens_by_itself_needs_no_password() -> None:
    with open_source(text_pdf("open"), password="unused") as source:  # noqa: S106 - a made-up password
        assert source.password is None
    with open_source(encrypted(text_pdf("open"), revision=6, user="")) as source:
        assert text_of(source) == "open"


def test_metadata_says_what_the_file_says_of_itself() -> None:
    document = pymupdf.open()
    document.new_page()
    document.set_metadata({"title": "A\nTitle ", "author": "Ann", "subject": ""})
    with open_source(document.tobytes()) as source:
        assert source.metadata["title"] == "A Title"
        assert source.metadata["author"] == "Ann"
        assert "subject" not in source.metadata


def test_a_broken_pdf_is_a_corrupt_or_empty_source() -> None:
    whole = text_pdf("some text")
    for data in (b"%PDF-1.7\n", b"%PDF-1.7\nrubbish " * 50, whole[:200]):
        with pytest.raises((CorruptSourceError, EmptySourceError)) as caught:
            open_source(data)
        assert caught.value.hint


def test_a_pdf_without_its_end_is_repaired() -> None:
    whole = text_pdf("some text")
    with open_source(whole[: whole.rindex(b"xref")]) as source:
        assert text_of(source) == "some text"


def test_what_mupdf_mutters_stays_off_standard_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    whole = text_pdf("some text")
    path.write_bytes(whole[: whole.rindex(b"xref")].replace(b"/Font", b"/Fnot"))
    code = (
        "import sys; from ocrkit.sources import open_source\n"
        "s = open_source(sys.argv[1]); p = s.page(1); p.pixels; p.text_layer"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_closed_source_says_so_and_closes_twice() -> None:
    source = open_source(text_pdf("x"))
    page = source.page(1)
    source.close()
    source.close()
    with pytest.raises(CorruptSourceError, match="closed"):
        _ = page.pixels


def test_pages_survive_the_opening_anew_of_the_document() -> None:
    with open_source(text_pdf(*(f"page {n}" for n in range(1, 251))), dpi=30) as source:
        first = source.page(1)
        for number in range(1, 251):
            assert text_of(source, number) == f"page {number}"
        assert first.text_layer is not None
        assert first.text_layer.lines[0].text == "page 1"


def test_threads_may_share_sources_and_each_gets_its_own_pages() -> None:
    found: dict[tuple[int, int], str] = {}

    def read(which: int, source: Source) -> None:
        for number in range(1, 21):
            page = source.page(number)
            assert page.at_scale(0.2).size
            assert page.text_layer is not None
            found[which, number] = page.text_layer.lines[0].text

    sources = [open_source(text_pdf(*(f"{kind} {n}" for n in range(1, 21)))) for kind in ("a", "b")]
    threads = [threading.Thread(target=read, args=(n, sources[n % 2])) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {(n, k): f"{'ab'[n % 2]} {k}" for n in range(4) for k in range(1, 21)}


MEASURE = """
import re, sys
from pathlib import Path
from ocrkit.sources import open_source
with open_source(sys.argv[1], dpi=50) as source:
    for number in range(1, source.page_count + 1):
        page = source.page(number)
        page.pixels, page.text_layer
# Not ru_maxrss: a child inherits that of the process that started it.
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def peak_kib(path: Path) -> int:
    done = subprocess.run([sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["text", "scan", "rendered scan"])
def test_memory_does_not_grow_with_the_page_count(tmp_path: Path, kind: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (700, 500, 3), np.uint8)
    placed = {"scan": "q 300 0 0 200 0 0 cm /Im Do Q", "rendered scan": "q 299 2 -2 199 0 0 cm /Im Do Q"}
    peaks = []
    for count in (10, 1000):
        path = tmp_path / f"{count}.pdf"
        if kind == "text":
            path.write_bytes(text_pdf(*("\n".join(f"line {k} of page {n}" for k in range(9)) for n in range(count))))
        else:
            whole = pikepdf.new()
            for n in range(count):
                # Every page has a picture of its own, so that none can be shared in a cache.
                jpeg = encoded(Image.fromarray(np.roll(noise, n, axis=1)), "JPEG", quality=30)
                with pikepdf.open(io.BytesIO(picture_pdf(jpeg, (500, 700), contents=placed[kind]))) as one:
                    whole.pages.extend(one.pages)
            whole.save(path)
        peaks.append(peak_kib(path))
    assert peaks[1] <= 1.2 * peaks[0]

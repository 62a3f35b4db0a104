from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, cast

import pytest
from tests.sources.samples import UPRIGHT, corners, encoded, quarters, text_pdf

from ocrkit.errors import (
    EmptySourceError,
    FileTooLargeError,
    PageRangeError,
    SourceNotFoundError,
    UnsupportedFormatError,
)
from ocrkit.sources import Limits, open_source

if TYPE_CHECKING:
    from pathlib import Path

    from ocrkit.sources import SourceInput


def test_the_same_file_opens_from_path_bytes_and_stream(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    path.write_bytes(encoded(corners(), "PNG"))
    with path.open("rb") as stream:
        inputs: list[SourceInput] = [path, str(path), path.read_bytes(), bytearray(path.read_bytes()), stream]
        for source in inputs:
            with open_source(source) as opened:
                assert opened.media_type == "image/png"
                assert opened.page_count == 1
                assert opened.read() == path.read_bytes()
                assert quarters(opened.page(1).pixels) == UPRIGHT
                assert opened.name == ("input" if isinstance(source, bytes | bytearray) else "page.png")


def test_a_dash_reads_standard_input() -> None:
    code = "from ocrkit.sources import open_source; s = open_source('-'); print(s.name, s.media_type, s.page_count)"
    done = subprocess.run([sys.executable, "-c", code], input=text_pdf("a", "b"), capture_output=True, check=True)
    assert done.stdout.split() == [b"stdin", b"application/pdf", b"2"]


def test_a_pipe_is_read_as_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(encoded(corners(), "PNG"),))
    writer.start()
    with open_source(path) as source:
        assert quarters(source.page(1).pixels) == UPRIGHT
    writer.join()


def test_content_tells_the_kind_and_the_name_does_not(tmp_path: Path) -> None:
    path = tmp_path / "scan.jpg"
    path.write_bytes(text_pdf("hello"))
    with open_source(path, name="given.txt") as source:
        assert (source.media_type, source.name) == ("application/pdf", "given.txt")


def test_junk_before_a_pdf_header_does_no_harm() -> None:
    with open_source(b"\r\nHTTP junk\r\n" * 20 + text_pdf("after junk")) as source:
        layer = source.page(1).text_layer
    assert layer is not None
    assert [line.text for line in layer.lines] == ["after junk"]


@pytest.mark.parametrize("path", ["missing.pdf", ".", "a\0b", "x" * 5000])
def test_a_path_that_cannot_be_read_is_not_found(path: str, tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError) as caught:
        open_source(f"{tmp_path}/{path}")
    assert caught.value.hint


@pytest.mark.parametrize(
    "data",
    [
        b"plain words",
        b"PK\x03\x04....",
        b"\0\0\0\x18ftypheic",
        b"<html>",
        b"%!PS-Adobe-3.0",
        b"BM and friends, all of them",
    ],
)
def test_other_kinds_are_refused_with_the_kinds_that_are_read(data: bytes) -> None:
    with pytest.raises(UnsupportedFormatError, match="ocrkit reads PDF, PNG"):
        open_source(data)


def test_no_bytes_are_an_empty_source() -> None:
    with pytest.raises(EmptySourceError):
        open_source(b"")


def test_other_objects_and_text_streams_are_refused() -> None:
    for source in (3, io.StringIO("text")):
        with pytest.raises(UnsupportedFormatError):
            open_source(cast("SourceInput", source))


def test_the_byte_limit_holds_for_path_bytes_and_stream(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    path.write_bytes(encoded(corners(), "PNG"))
    limits = Limits(max_bytes=path.stat().st_size - 1)
    with path.open("rb") as stream:
        inputs: list[SourceInput] = [path, path.read_bytes(), stream]
        for source in inputs:
            with pytest.raises(FileTooLargeError, match="max_bytes"):
                open_source(source, limits=limits)
    open_source(path, limits=Limits(max_bytes=path.stat().st_size)).close()


def test_an_endless_stream_is_read_no_further_than_the_limit() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            self.taken += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(FileTooLargeError):
        open_source(cast("SourceInput", stream), limits=Limits(max_bytes=5_000_000))
    assert stream.taken < 7_000_000


def test_a_page_outside_the_source_is_a_page_range_error() -> None:
    with open_source(encoded(corners(), "PNG")) as source:
        for number in (0, 2, -1):
            with pytest.raises(PageRangeError):
                source.page(number)


def test_opening_nothing_loads_nothing_heavy() -> None:
    code = (
        "import sys, ocrkit.sources\n"
        "try: ocrkit.sources.open_source(b'words')\n"
        "except Exception: pass\n"
        "print([m for m in ('numpy', 'PIL', 'pymupdf') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

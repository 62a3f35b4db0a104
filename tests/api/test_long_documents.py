"""Long documents: their pages lie on disk, and whoever holds the document need not know."""

from __future__ import annotations

import copy
import gc
import io
import json
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pymupdf
import pytest

import ocrkit
from ocrkit.errors import StorageError
from ocrkit.layout import arrange_document
from ocrkit.model import Block, BlockKind, Document, Line, Page, PageStatus, Table
from ocrkit.spool import IN_MEMORY, PageSpool, kept
from ocrkit.testing import sample_document

if TYPE_CHECKING:
    from collections.abc import Iterator

OPEN_FILES = Path("/proc/self/fd")

PEAK = """
import resource, sys
import ocrkit
with ocrkit.Recognizer(workers=0) as recognizer:
    document = recognizer.recognize(sys.argv[1])
    for name in sys.argv[3:]:
        with open(sys.argv[2], "wb") as out:
            ocrkit.api.export_to(out, document, name)
print(len(document.pages), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def heading(text: str, number: int, *, size: float, top: float = 300.0) -> Block:
    box = (100.0, top, 100.0 + 8 * size, top + size)
    return Block(
        kind=BlockKind.SECTION_HEADER, text=text, bbox=box, id=f"p{number}-{top}", lines=(Line(text=text, bbox=box),)
    )


def pages(count: int) -> Iterator[Page]:
    """Pages with a running head, headings of two sizes in turns, and a table on the last."""
    for number in range(1, count + 1):
        running = Block(text=f"Report, page {number}", bbox=(100.0, 20.0, 900.0, 50.0), confidence=0.1 + 0.2)
        found = [heading(f"Part of {number}", number, size=60.0 if number % 2 else 40.0), running]
        if number == count:
            found.append(
                Block(kind=BlockKind.TABLE, text="", bbox=(0, 900, 9, 909), table=Table(rows=1, columns=1), level=None)
            )
        yield Page(number=number, width=1000, height=1400, dpi=150 + number % 3, blocks=tuple(found), skew=1 / 3)


def open_files() -> int:
    gc.collect()
    return len(list(OPEN_FILES.iterdir()))


@pytest.fixture(scope="module")
def spooled() -> Document:
    return Document(source="long.pdf", pages=PageSpool(pages(100)))


@pytest.fixture(scope="module")
def held() -> Document:
    return Document(source="long.pdf", pages=tuple(pages(100)))


def written_pdf(path: Path, count: int) -> Path:
    """A PDF of dense text, each page as many words as a book's."""
    with pymupdf.open() as pdf:
        for number in range(1, count + 1):
            page = pdf.new_page(width=595, height=842)
            for line in range(45):
                page.insert_text((60, 60 + 16 * line), f"Page {number} line {line} " + "holds words of text " * 3)
        pdf.save(path)
    return path


def test_pages_come_back_from_disk_as_they_were_and_in_order() -> None:
    every_kind = sample_document().pages
    assert tuple(PageSpool(every_kind)) == tuple(every_kind)
    assert [page.number for page in PageSpool(pages(100))] == list(range(1, 101))


def test_a_page_is_found_by_place_as_in_a_tuple(spooled: Document, held: Document) -> None:
    on_disk, in_memory = spooled.pages, held.pages
    assert len(on_disk) == 100
    assert [on_disk[0], on_disk[99], on_disk[-1], on_disk[-100]] == [in_memory[i] for i in (0, 99, -1, -100)]
    assert on_disk[10:90:7] == in_memory[10:90:7]
    assert on_disk[::-1] == in_memory[::-1]
    assert in_memory[41] in on_disk
    assert on_disk.index(in_memory[41]) == 41
    for outside in (100, -101):
        with pytest.raises(IndexError):
            on_disk[outside]


def test_documents_are_equal_by_content_wherever_their_pages_are(spooled: Document, held: Document) -> None:
    again = Document(source="long.pdf", pages=PageSpool(pages(100)))
    shorter = held.model_copy(update={"pages": held.pages[:99]})
    other = held.model_copy(update={"pages": (*held.pages[:99], held.pages[0])})
    assert spooled == held
    assert held == spooled
    assert spooled == again
    assert spooled != shorter
    assert shorter != spooled
    assert spooled != other
    assert hash(spooled.pages) == hash(held.pages)


def test_short_documents_stay_in_memory() -> None:
    assert isinstance(kept(pages(IN_MEMORY), IN_MEMORY), tuple)
    assert isinstance(kept(pages(IN_MEMORY + 1), IN_MEMORY + 1), PageSpool)


def test_json_and_plain_values_are_the_same_wherever_pages_are(spooled: Document, held: Document) -> None:
    assert spooled.to_json() == held.to_json()
    assert spooled.model_dump() == held.model_dump()
    assert spooled.model_dump(exclude={"pages"}) == held.model_dump(exclude={"pages"})
    assert Document.from_json(spooled.to_json()) == spooled
    assert Document.model_json_schema()["properties"]["pages"]["items"] == {"$ref": "#/$defs/Page"}


def test_copies_and_pickles_hold_the_same_pages(spooled: Document) -> None:
    assert spooled.model_copy(update={"source": "other"}).pages is spooled.pages
    assert spooled.model_copy(deep=True) == spooled
    assert copy.copy(spooled) == spooled
    assert pickle.loads(pickle.dumps(spooled)) == spooled  # noqa: S301 - our own bytes


def test_a_document_takes_pages_from_elsewhere_only_when_they_are_pages() -> None:
    page = next(pages(1))
    assert isinstance(Document.model_validate({"pages": [page]}).pages, tuple)
    for wrong in (["text"], "text", 3, [page, None]):
        with pytest.raises(ValueError, match="pages"):
            Document.model_validate({"pages": wrong})


def test_threads_read_the_same_pages_at_once(spooled: Document, held: Document) -> None:
    places = list(range(100)) * 5
    with ThreadPoolExecutor(8) as threads:
        read = list(threads.map(spooled.pages.__getitem__, places))
    assert read == [held.pages[place] for place in places]


def test_the_file_has_no_name_and_goes_with_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = open_files()
    document = Document(pages=PageSpool(pages(100)))
    twin = document.model_copy()
    assert open_files() == before + 1
    assert list(tmp_path.iterdir()) == []
    del document
    assert twin.pages[99].number == 100
    del twin
    assert open_files() == before


def test_the_file_goes_when_reading_is_broken_off() -> None:
    def broken() -> Iterator[Page]:
        yield from pages(80)
        raise KeyboardInterrupt

    before = open_files()
    with pytest.raises(KeyboardInterrupt):
        PageSpool(broken())
    assert open_files() == before


def test_a_disk_without_room_is_told_with_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(StorageError, match="TMPDIR"):
        PageSpool(pages(1))
    # The system's own full disk.
    monkeypatch.setattr(
        "tempfile.TemporaryFile", lambda **_: Path(os.devnull).with_name("full").open("wb", buffering=0)
    )
    with pytest.raises(StorageError, match="No space left"):
        PageSpool(pages(1))


def test_a_document_on_disk_is_arranged_like_one_in_memory(spooled: Document, held: Document) -> None:
    arranged = arrange_document(held)
    on_disk = arrange_document(spooled)
    assert isinstance(on_disk.pages, PageSpool)
    assert on_disk == arranged
    kinds = {tuple(block.kind for block in page.blocks) for page in on_disk.pages[:99]}
    assert kinds == {(BlockKind.PAGE_HEADER, BlockKind.SECTION_HEADER)}
    assert [page.blocks[1].level for page in on_disk.pages[:4]] == [1, 2, 1, 2]


def test_furniture_does_not_count_among_the_headings() -> None:
    def titled(number: int) -> Page:
        running = heading("Annual report", number, size=90.0, top=20.0)
        return Page(number=number, width=1000, height=1400, blocks=(running, heading("Part", number, size=40.0)))

    document = arrange_document(Document(pages=tuple(map(titled, range(1, 5)))))
    assert {page.blocks[0].kind for page in document.pages} == {BlockKind.PAGE_HEADER}
    assert {page.blocks[1].level for page in document.pages} == {1}


@pytest.mark.parametrize("format_name", ["txt", "md", "csv", "json", "html", "hocr", "alto"])
def test_a_document_on_disk_is_written_like_one_in_memory(format_name: str, spooled: Document, held: Document) -> None:
    assert ocrkit.export(spooled, format_name) == ocrkit.export(held, format_name)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_json_written_page_by_page_is_the_whole_documents_own(count: int) -> None:
    hostile = Block(text='line\nline\u2028\x85\t"}]', bbox=(0, 0, 1, 1))
    document = Document(pages=tuple(page.model_copy(update={"blocks": (hostile,)}) for page in pages(count)))
    written = ocrkit.export(document, "json").decode()
    assert written == document.model_dump_json(indent=1) + "\n"
    assert json.loads(written)["pages"] == json.loads(document.to_json())["pages"]


def test_formats_that_are_written_page_by_page_hold_few_pages_at_a_time(spooled: Document) -> None:
    class Counting(io.BytesIO):
        calls = 0

        def write(self, data: object, /) -> int:
            self.calls += 1
            return super().write(data)  # type: ignore[arg-type]  # bytes, which is all that exporters write

    for name in ("txt", "md", "csv", "json"):
        out = Counting()
        ocrkit.api.export_to(out, spooled, name)
        assert out.calls >= (1 if name == "csv" else 100), name


def test_a_long_file_becomes_a_document_on_disk(tmp_path: Path) -> None:
    path = written_pdf(tmp_path / "long.pdf", IN_MEMORY + 6)
    seen: list[int] = []
    with ocrkit.Recognizer(workers=0) as recognizer:
        document = recognizer.recognize(path, on_page=lambda page, total: seen.append(page.number * 1000 + total))
        short = recognizer.recognize(path, pages="1-10")
    assert isinstance(document.pages, PageSpool)
    assert isinstance(short.pages, tuple)
    assert seen == [number * 1000 + 70 for number in range(1, 71)]
    assert [page.text.split()[:2] for page in document.pages] == [["Page", str(n)] for n in range(1, 71)]
    assert {page.status for page in document.pages} == {PageStatus.OK}


@pytest.mark.slow
def test_hundreds_of_pages_need_hardly_more_memory_than_ten(tmp_path: Path) -> None:
    long = written_pdf(tmp_path / "long.pdf", 300)
    with pikepdf.open(long) as pdf:
        del pdf.pages[10:]
        pdf.save(tmp_path / "ten.pdf")
    peaks = {}
    for name in ("ten.pdf", "long.pdf"):
        formats = ("txt", "md", "csv", "json")
        command = [sys.executable, "-c", PEAK, str(tmp_path / name), str(tmp_path / "out"), *formats]
        result = subprocess.run(command, check=True, capture_output=True, text=True)
        count, peak = map(int, result.stdout.split())
        peaks[count] = peak
    assert peaks[300] < 1.2 * peaks[10]

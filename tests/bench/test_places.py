"""Words found again in searchable PDFs: what counts, and what does not."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf

from bench import places
from ocrkit.exporters import PdfOptions
from ocrkit.exporters.pdf import PdfExporter
from ocrkit.model import Block, Document, Line, Page, Word
from ocrkit.sources import open_source

if TYPE_CHECKING:
    from ocrkit.geometry import BBox


def searchable(line: Line) -> tuple[Document, bytes]:
    source_pdf, out = io.BytesIO(), io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(400, 400))
        pdf.save(source_pdf)
    with open_source(source_pdf.getvalue(), dpi=72) as source:
        page = Page(number=1, width=400, height=400, dpi=72, blocks=(Block(text="", bbox=line.bbox, lines=(line,)),))
        document = Document(pages=(page,))
        PdfExporter().export(document, out, options=PdfOptions(), source=source)
    return document, out.getvalue()


def line_of(text: str, words: list[str], *, size: float = 20.0) -> Line:
    boxes: list[BBox] = [(20 + 70.0 * place, 50, 80 + 70.0 * place, 50 + size) for place in range(len(words))]
    made = tuple(Word(text=word, bbox=box) for word, box in zip(words, boxes, strict=True))
    return Line(text=text, bbox=(20, 50, 380, 50 + size), words=made)


def test_every_reader_finds_the_words_where_they_stand() -> None:
    document, pdf = searchable(line_of("three café words", ["three", "café", "words"]))
    found = places.count(document, pdf, every_page=True)
    assert {name: (one.words, one.within, one.middle) for name, one in found.items()} == {
        "poppler": (3, 3, 3),
        "pdfium": (3, 3, 3),
        "mupdf": (3, 3, 3),
    }


def test_a_word_that_stands_elsewhere_or_reads_otherwise_is_missed() -> None:
    _, pdf = searchable(line_of("three good words", ["three", "good", "words"]))
    moved = line_of("three good swords", ["three", "good", "swords"])
    words = (moved.words[0].model_copy(update={"bbox": (300, 300, 360, 320)}), *moved.words[1:])
    page = Page(number=1, width=400, height=400, dpi=72)
    line = moved.model_copy(update={"words": words})
    document = Document(pages=(page.model_copy(update={"blocks": (Block(text="", bbox=line.bbox, lines=(line,)),)}),))
    for one in places.count(document, pdf, every_page=True).values():
        assert (one.within, one.missed) == (1, ["three", "swords"])


def test_a_space_that_is_lost_is_a_miss_and_none_is_asked_for_where_there_is_none() -> None:
    document, pdf = searchable(line_of("漢字", ["漢", "字"]))
    assert [one.middle for one in places.count(document, pdf, every_page=True).values()] == [2, 2, 2]
    _, joined = searchable(
        Line(text="onetwo", bbox=(20, 50, 150, 70), words=(Word(text="onetwo", bbox=(20, 50, 150, 70)),))
    )
    parted, _ = searchable(line_of("one two", ["one", "two"]))
    assert [one.middle for one in places.count(parted, joined, every_page=True).values()] == [0, 0, 0]


def uneven(*, moved: float = 0.0) -> Line:
    """Characters of one word, of which the narrow ones do not have an even share of its box."""
    xs = [20.0, 24.0, 38.0, 42.0, 56.0, 70.0]
    signs = "一漢二字語"
    words = tuple(
        Word(text=sign, bbox=(x0 + moved, 50, x1 - 1 + moved, 64))
        for sign, x0, x1 in zip(signs, xs, xs[1:], strict=False)
    )
    return Line(text=signs, bbox=(20 + moved, 50, 69 + moved, 64), words=words)


def test_words_that_a_reader_takes_for_one_must_hold_it_together() -> None:
    _, pdf = searchable(uneven())
    for moved, within in ((0.0, 5), (3.0, 0)):
        line = uneven(moved=moved)
        block = Block(text="", bbox=line.bbox, lines=(line,))
        document = Document(pages=(Page(number=1, width=400, height=400, dpi=72, blocks=(block,)),))
        assert places.count(document, pdf, every_page=True)["poppler"].within == within

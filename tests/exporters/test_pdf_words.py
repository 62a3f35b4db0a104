"""Where the words of a searchable PDF are found again, and how they read."""

from __future__ import annotations

import io
import math
import unicodedata
from typing import TYPE_CHECKING, Protocol

import pikepdf
import pytest
from pikepdf import Array, Name

from ocrkit import geometry
from ocrkit.exporters import PdfOptions
from ocrkit.exporters.pdf import PdfExporter
from ocrkit.model import Block, Document, Line, Page, Word
from ocrkit.sources import open_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrkit.geometry import BBox, Quad
    from ocrkit.model import Direction

DPI = 144.0
TOLERANCE = 1.5
"""Points by which a word may be found off its box."""


class Reader(Protocol):
    name: str

    def words(self, data: bytes, number: int) -> list[tuple[str, BBox]]: ...
    def text(self, data: bytes, number: int) -> str: ...


def blank_pdf(
    *,
    media: tuple[float, ...] = (0, 0, 612, 792),
    crop: tuple[float, ...] | None = None,
    rotate: int = 0,
    unit: float | None = None,
) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    page = pdf.pages[0].obj
    page[Name.MediaBox] = Array(list(media))
    page[Name.Rotate] = rotate
    if crop is not None:
        page[Name.CropBox] = Array(list(crop))
    if unit is not None:
        page[Name.UserUnit] = unit
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def exported(data: bytes, *lines: Line) -> tuple[bytes, Page]:
    out = io.BytesIO()
    with open_source(data, dpi=DPI) as source:
        image = source.page(1)
        blocks = tuple(Block(text=line.text, bbox=line.bbox, lines=(line,)) for line in lines)
        page = Page(number=1, width=image.width, height=image.height, dpi=image.dpi, blocks=blocks)
        PdfExporter().export(Document(pages=(page,)), out, options=PdfOptions(), source=source)
    return out.getvalue(), page


def line_of(text: str, *, at: tuple[float, float], direction: Direction = "ltr", size: float = 40.0) -> Line:
    """A line of words 26 pixels a character, laid out as its direction says."""
    words: list[Word] = []
    x, y = at
    for token in text.split():
        long = max(26.0 * len(token), size)
        if direction == "ltr":
            box = (x, y, x + long, y + size)
            x += long + 14
        elif direction == "rtl":
            box = (x - long, y, x, y + size)
            x -= long + 14
        else:
            box = (x, y, x + size, y + long)
            y += long + 14
        words.append(Word(text=token, bbox=box, confidence=0.9))
    return Line(text=text, bbox=geometry.union(w.bbox for w in words), words=tuple(words), direction=direction)


def assert_found(reader: Reader, data: bytes, page: Page) -> None:
    """Every word of the page is found again by its text, within its own box and over most of it."""
    scale = 72.0 / (page.dpi or DPI)
    found = reader.words(data, 1)
    for word in page.words:
        own: BBox = geometry.normalized(value * scale for value in word.bbox)
        places = [
            geometry.normalized((x0 * page.width, y0 * page.height, x1 * page.width, y1 * page.height))
            for text, (x0, y0, x1, y1) in found
            if folded(text) == folded(word.text)
        ]
        places = [geometry.normalized(value * scale for value in place) for place in places]
        assert places, (word.text, [text for text, _ in found])
        around = (own[0] - TOLERANCE, own[1] - TOLERANCE, own[2] + TOLERANCE, own[3] + TOLERANCE)
        # MuPDF leaves a combining sign at a word's end out of its box.
        assert any(geometry.overlap(p, around) > 0.99 and geometry.overlap(own, p) > 0.7 for p in places), (
            word.text, own, places,
        )  # fmt: skip


def folded(text: str) -> str:
    """PDFium takes ligatures apart."""
    return unicodedata.normalize("NFKC", text)


FRAMES = {
    "plain": blank_pdf(),
    "origin": blank_pdf(media=(100, -200, 712, 592)),
    "corners-swapped": blank_pdf(media=(612, 792, 0, 0)),
    "crop": blank_pdf(media=(10, 20, 700, 900), crop=(60.5, 100, 650, 840)),
    "crop-beyond-media": blank_pdf(media=(0, 0, 612, 792), crop=(-50, 100, 900, 1000)),
    "rotate-90": blank_pdf(media=(5, 7, 612, 792), rotate=90),
    "rotate-180": blank_pdf(crop=(30, 40, 600, 700), rotate=180),
    "rotate-270": blank_pdf(media=(0, 0, 500, 900), rotate=270),
    "rotate-minus-90": blank_pdf(media=(0, 0, 500, 900), rotate=-90),
    "user-unit": blank_pdf(unit=2.0, media=(0, 0, 400, 600)),
    "everything": blank_pdf(media=(-20, 30, 400, 600), crop=(10, 50, 390, 580), rotate=90, unit=1.5),
}


@pytest.mark.parametrize("frame", FRAMES)
def test_a_word_is_found_within_its_box_in_every_page_frame(
    frame: str, reader: Reader, check_pdf: Callable[[bytes], None]
) -> None:
    data, page = exported(
        FRAMES[frame], line_of("Needle in a haystack", at=(60, 80)), line_of("second line 42", at=(100, 300))
    )
    check_pdf(data)
    assert_found(reader, data, page)
    assert reader.text(data, 1).split() == ["Needle", "in", "a", "haystack", "second", "line", "42"]


SCRIPTS: dict[str, tuple[str, Direction]] = {
    "latin": ("Héllo wörld & “ﬁne” €5 (½)", "ltr"),
    "greek": ("Καλημέρα κόσμε", "ltr"),
    "cyrillic": ("Привет мир", "ltr"),
    "vietnamese": ("Tiếng Việt đẹp", "ltr"),
    "han": ("你好世界 漢字", "ltr"),
    "kana": ("こんにちは カタカナ", "ltr"),
    "hangul": ("안녕하세요 세계", "ltr"),
    "arabic": ("مرحبا بالعالم لا إله 123", "rtl"),
    "hebrew": ("שלום עולם כן 2024", "rtl"),
    "devanagari": ("नमस्ते दुनिया क्षेत्र", "ltr"),
    "thai": ("สวัสดีชาวโลก ภาษาไทย", "ltr"),
    "tamil": ("வணக்கம் உலகம்", "ltr"),
    "emoji": ("ok 😀 done 𠀀𠀁", "ltr"),
    "vertical": ("日本語の縦書き", "ttb"),
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_reads_back_in_logical_order(script: str, reader: Reader) -> None:
    text, direction = SCRIPTS[script]
    at = (1100.0, 200.0) if direction == "rtl" else (60.0, 200.0)
    data, page = exported(blank_pdf(), line_of(text, at=at, direction=direction))
    assert folded(" ".join(reader.text(data, 1).split())) == folded(text)
    if direction == "ltr":
        assert_found(reader, data, page)


@pytest.mark.parametrize("script", ["arabic", "hebrew"])
def test_words_of_right_to_left_lines_are_found_within_their_boxes(script: str, reader: Reader) -> None:
    data, page = exported(blank_pdf(), line_of(SCRIPTS[script][0], at=(1100, 200), direction="rtl"))
    assert_found(reader, data, page)


def turned(word: Word, degrees: float, center: geometry.Point) -> Word:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def turn(point: geometry.Point) -> geometry.Point:
        x, y = point[0] - center[0], point[1] - center[1]
        return (center[0] + x * cos - y * sin, center[1] + x * sin + y * cos)

    a, b, c, d = (turn(p) for p in geometry.quad_of(word.bbox))
    quad: Quad = (a, b, c, d)
    return word.model_copy(update={"quad": quad, "bbox": geometry.box_of(quad)})


@pytest.mark.parametrize("degrees", [-3, 2, 5, 90, 180, 270])
def test_turned_words_lie_on_their_quads(degrees: float, reader: Reader) -> None:
    upright = line_of("tilted words here", at=(350, 600))
    words = tuple(turned(word, degrees, (600, 700)) for word in upright.words)
    line = upright.model_copy(update={"words": words, "bbox": geometry.union(w.bbox for w in words)})
    data, page = exported(blank_pdf(), line)
    assert reader.text(data, 1).split() == ["tilted", "words", "here"]
    if degrees % 90 == 0:
        assert_found(reader, data, page)


def upside_down(line: Line) -> Line:
    center = (612.0, 792.0)
    words = tuple(turned(word, 180, center) for word in line.words)
    return line.model_copy(update={"words": words, "bbox": geometry.union(word.bbox for word in words)})


def test_upside_down_words_of_any_width_and_height_are_found_within_their_boxes(reader: Reader) -> None:
    boxes: list[BBox] = [(60, 100, 400, 140), (410, 100, 460, 136), (466, 104, 600, 140), (700, 100, 720, 140)]
    words = tuple(Word(text=text, bbox=box) for text, box in zip(["WIDE", "narrow", "words", "i"], boxes, strict=True))
    line = Line(text="WIDE narrow words i", bbox=(60, 100, 720, 140), words=words)
    data, page = exported(blank_pdf(), upside_down(line), upside_down(line_of("second line 😀", at=(60, 200))))
    assert_found(reader, data, page)
    assert reader.text(data, 1).split() == ["WIDE", "narrow", "words", "i", "second", "line", "😀"]


def test_vertical_characters_whose_corners_follow_the_text_lie_in_their_boxes(reader: Reader) -> None:
    boxes: list[BBox] = [(900, 200 + 50 * number, 940, 240 + 50 * number) for number in range(5)]
    corners = [((x1, y0), (x1, y1), (x0, y1), (x0, y0)) for x0, y0, x1, y1 in boxes]
    words = tuple(
        Word(text=sign, bbox=box, quad=quad) for sign, box, quad in zip("縦書きの文", boxes, corners, strict=True)
    )
    whole = geometry.union(boxes)
    data, page = exported(blank_pdf(), Line(text="縦書きの文", bbox=whole, words=words, direction="ttb"))
    ((text, place),) = reader.words(data, 1)
    assert text == "縦書きの文"
    got = (place[0] * page.width, place[1] * page.height, place[2] * page.width, place[3] * page.height)
    assert got == pytest.approx(whole, abs=2 * TOLERANCE)


@pytest.mark.parametrize("degrees", [0, 2, 90, 92, 180, 270])
def test_words_that_touch_keep_their_space(degrees: float, reader: Reader) -> None:
    boxes: list[BBox] = [(400, 600, 500, 640), (499, 600, 560, 640), (560, 600, 800, 640)]
    upright = [Word(text=text, bbox=box) for text, box in zip(["words", "that", "touch"], boxes, strict=True)]
    words = tuple(turned(word, degrees, (600, 700)) for word in upright)
    data, _ = exported(
        blank_pdf(), Line(text="words that touch", bbox=geometry.union(w.bbox for w in words), words=words)
    )
    assert reader.text(data, 1).split() == ["words", "that", "touch"]


@pytest.mark.parametrize("gap", [-6, 0, 6])
@pytest.mark.parametrize("degrees", [0, 2, 90, 270])
def test_lines_that_touch_side_by_side_stay_apart(degrees: float, gap: int, reader: Reader) -> None:
    boxes: list[BBox] = [(400, 600, 560, 640), (560 + gap, 604, 800, 646), (800 + 2 * gap, 600, 900, 640)]
    words = [
        turned(Word(text=text, bbox=box), degrees, (600, 700))
        for text, box in zip(["fast", "forward,", "rewind"], boxes, strict=True)
    ]
    data, _ = exported(blank_pdf(), *(Line(text=word.text, bbox=word.bbox, words=(word,)) for word in words))
    assert reader.text(data, 1).split() == ["fast", "forward,", "rewind"]


def test_words_side_by_side_keep_their_space_and_columns_stay_apart(reader: Reader) -> None:
    near = line_of("close together", at=(60, 100))
    far = near.model_copy(
        update={"words": (near.words[0], near.words[1].model_copy(update={"bbox": (800, 100, 1164, 140)}))}
    )
    data, page = exported(blank_pdf(), near)
    assert reader.text(data, 1) == "close together"
    data, page = exported(blank_pdf(), far)
    assert reader.text(data, 1).split() == ["close", "together"]
    assert_found(reader, data, page)


def test_one_words_scaling_does_not_reach_the_next(reader: Reader) -> None:
    wide = Word(text="w", bbox=(60, 100, 600, 140))
    narrow = Word(text="narrowest", bbox=(640, 100, 700, 140))
    line = Line(text="w narrowest", bbox=(60, 100, 700, 140), words=(wide, narrow))
    data, page = exported(blank_pdf(), line, line_of("after", at=(60, 300)))
    assert_found(reader, data, page)


def test_words_of_uneven_height_stay_one_line(reader: Reader) -> None:
    boxes = [(60, 100, 200, 140), (214, 110, 280, 132), (294, 104, 420, 132), (434, 110, 560, 140)]
    words = tuple(Word(text=text, bbox=box) for text, box in zip(["Typing", "on", "all", "many"], boxes, strict=True))
    data, page = exported(blank_pdf(), Line(text="Typing on all many", bbox=(60, 100, 560, 140), words=words))
    assert reader.text(data, 1) == "Typing on all many"
    assert_found(reader, data, page)


def test_empty_and_degenerate_boxes_do_no_harm(reader: Reader, check_pdf: Callable[[bytes], None]) -> None:
    boxes: list[BBox] = [(0, 0, 0, 0), (50, 50, 50, 90), (90, 50, 300, 50), (-500, -500, 99999, 99999)]
    texts = ["none", "thin", "flat", "huge"]
    lines = [
        Line(text=text, bbox=box, words=(Word(text=text, bbox=box),)) for text, box in zip(texts, boxes, strict=True)
    ]
    empty = Line(text=" ", bbox=(5, 5, 9, 9), words=(Word(text="\x00\x07", bbox=(5, 5, 9, 9)),))
    data, page = exported(blank_pdf(), *lines, empty, line_of("normal", at=(60, 600)))
    check_pdf(data)
    assert "normal" in reader.text(data, 1).split()
    assert [word for word in page.words if word.text == "normal"]


def test_a_line_without_words_and_a_block_without_lines_are_searchable(reader: Reader) -> None:
    line = Line(text="only a line", bbox=(60, 100, 360, 140))
    data, _ = exported(blank_pdf(), line)
    assert reader.text(data, 1) == "only a line"
    block = Block(text="some text that fills " * 6, bbox=(60, 300, 500, 600))
    out = io.BytesIO()
    with open_source(blank_pdf(), dpi=DPI) as source:
        page = Page(number=1, width=1224, height=1584, dpi=DPI, blocks=(block,))
        PdfExporter().export(Document(pages=(page,)), out, options=PdfOptions(), source=source)
    assert reader.text(out.getvalue(), 1).split() == block.text.split()
    for _, (x0, y0, x1, y1) in reader.words(out.getvalue(), 1):
        assert 59 / 1224 <= x0 <= x1 <= 501 / 1224
        assert 299 / 1584 <= y0 <= y1 <= 602 / 1584

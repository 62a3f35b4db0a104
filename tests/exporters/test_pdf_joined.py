"""Text that no spaces part, and text of both directions, as programs read it back from a searchable PDF."""

from __future__ import annotations

import io
import unicodedata
from typing import TYPE_CHECKING, Protocol

import pikepdf
import pytest

from bench.readers import READERS
from ocrkit import geometry
from ocrkit.exporters import PdfOptions
from ocrkit.exporters.pdf import PdfExporter
from ocrkit.exporters.pdf.font import InvisibleFont
from ocrkit.model import Block, Document, Line, Page, Word
from ocrkit.sources import open_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.readers import Reader as CharacterReader
    from ocrkit.geometry import BBox
    from ocrkit.model import Direction

DPI = 144.0
POINT = DPI / 72
TOLERANCE = 1.5
"""Points by which a character may be found off its box."""


class Reader(Protocol):
    def words(self, data: bytes, number: int) -> list[tuple[str, BBox]]: ...
    def text(self, data: bytes, number: int) -> str: ...


def exported(*lines: Line) -> bytes:
    """A searchable PDF of an empty page of 612 by 792 points."""
    blank, out = io.BytesIO(), io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(blank)
    blocks = tuple(Block(text=line.text, bbox=line.bbox, lines=(line,)) for line in lines)
    page = Page(number=1, width=1224, height=1584, dpi=DPI, blocks=blocks)
    with open_source(blank.getvalue(), dpi=DPI) as source:
        PdfExporter().export(Document(pages=(page,)), out, options=PdfOptions(), source=source)
    return out.getvalue()


def spread(text: str, gaps: list[float], *, at: tuple[float, float] = (40.0, 100.0), down: bool = False) -> Line:
    """A line of single characters 11 points wide and 14 high (down the page 14 wide), `gaps` points apart."""
    words: list[Word] = []
    x, y = at
    for number, sign in enumerate(text.replace(" ", "")):
        box = (x, y, x + 14, y + 11) if down else (x, y, x + 11, y + 14)
        words.append(Word(text=sign, bbox=geometry.normalized(value * POINT for value in box), confidence=0.9))
        step = 11 + gaps[number % len(gaps)]
        x, y = (x, y + step) if down else (x + step, y)
    bbox = geometry.union(word.bbox for word in words)
    return Line(text=text, bbox=bbox, words=tuple(words), direction="ttb" if down else "ltr")


GAPS = {"even": [1.0], "wide": [4.5], "justified": [0.5, 3.8, 1.7, 4.9, 0.0, 2.6]}


@pytest.mark.parametrize("down", [False, True], ids=["across", "down"])
@pytest.mark.parametrize("gaps", GAPS)
def test_characters_that_stand_apart_read_as_one_word(
    gaps: str, down: bool, reader: Reader, check_pdf: Callable[[bytes], None]
) -> None:
    text = "電線接続端子部が次のいずれにも該当しないとき"
    line = spread(text, GAPS[gaps], down=down)
    data = exported(line)
    check_pdf(data)
    assert reader.text(data, 1).split() == [text]
    ((word, place),) = reader.words(data, 1)
    assert word == text
    got = [value * side / POINT for value, side in zip(place, (1224, 1584, 1224, 1584), strict=True)]
    assert got == pytest.approx([value / POINT for value in line.bbox], abs=TOLERANCE)


@pytest.mark.parametrize("gaps", GAPS)
@pytest.mark.parametrize("teller", [one for one in READERS if not one.tells_words], ids=lambda one: one.name)
def test_each_of_them_is_found_within_its_own_box(gaps: str, teller: CharacterReader) -> None:
    line = spread("電線接続端子部が次のいずれにも該当しない", GAPS[gaps])
    found = [(glyph.sign, glyph.box) for glyph in teller.glyphs(exported(line), 1) if glyph.box]
    assert [sign for sign, _ in found] == [word.text for word in line.words]
    for (_, box), word in zip(found, line.words, strict=True):
        x0, _, x1, _ = (value * 1224 / POINT for value in box)
        assert word.bbox[0] / POINT - TOLERANCE <= x0 < x1 <= word.bbox[2] / POINT + TOLERANCE


@pytest.mark.parametrize("teller", [one for one in READERS if not one.tells_words], ids=lambda one: one.name)
def test_characters_do_not_reach_over_a_gap_that_one_more_would_fill(teller: CharacterReader) -> None:
    line = spread("四月一日至平成三年", [1.0, 4.5, 1.0, 11.5])
    found = [glyph.box for glyph in teller.glyphs(exported(line), 1) if glyph.box]
    for box, word in zip(found, line.words, strict=True):
        assert word.bbox[0] / POINT - TOLERANCE <= box[0] * 1224 / POINT
        assert box[2] * 1224 / POINT <= word.bbox[2] / POINT + TOLERANCE


def test_columns_of_characters_that_touch_stay_apart(reader: Reader) -> None:
    cells = [spread("資本剰余金", [0.0], at=(40.0 + 64 * place, 100.0)) for place in range(3)]
    assert reader.text(exported(*cells), 1).split() == ["資本剰余金"] * 3


def test_columns_of_a_table_stay_apart(reader: Reader) -> None:
    cells = [
        spread("資本剰余金", [1.5]),
        spread("利益剰余金", [1.5], at=(115.0, 100.0)),
        spread("自己株式", [1.5], at=(190.0, 100.0)),
    ]
    assert reader.text(exported(*cells), 1).split() == ["資本剰余金", "利益剰余金", "自己株式"]


def test_lines_below_one_another_stay_lines(reader: Reader) -> None:
    texts = ["可替换为所需图片与文字", "描述团队的共同目标成员", "介绍知识库的主要内容等"]
    lines = [spread(text, [2.0, 3.5], at=(40.0, 100.0 + 18 * row)) for row, text in enumerate(texts)]
    assert reader.text(exported(*lines), 1).split() == texts


def test_a_space_in_the_text_of_such_a_line_stays_one(reader: Reader) -> None:
    line = spread("自己株式 取得価額", [2.5, 3.0, 2.5, 7.0])
    assert reader.text(exported(line), 1).split() == ["自己株式", "取得価額"]


def laid_out(words: list[str], *, rtl: bool) -> Line:
    """A line with words of both directions, those against its direction in runs of their own, as typesetters lay it."""
    long = {number: 7.0 * len(word) for number, word in enumerate(words)}
    order: list[int] = []
    run: list[int] = []
    for number, word in enumerate(words):
        if is_rtl_word(word) == rtl:
            order += [*run[::-1], number]
            run = []
        else:
            run.append(number)
    order += run[::-1]
    boxes: dict[int, BBox] = {}
    x = 560.0 if rtl else 40.0
    for number in order:
        x0 = x - long[number] if rtl else x
        boxes[number] = geometry.normalized(value * POINT for value in (x0, 100.0, x0 + long[number], 114.0))
        x = x0 - 4 if rtl else x0 + long[number] + 4
    made = tuple(Word(text=word, bbox=boxes[number], confidence=0.9) for number, word in enumerate(words))
    direction: Direction = "rtl" if rtl else "ltr"
    return Line(text=" ".join(words), bbox=geometry.union(boxes.values()), words=made, direction=direction)


def is_rtl_word(word: str) -> bool:
    return any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in word)


BOTH = {
    "a number within": (["عندي", "47", "قطط"], True),
    "short words before a number": (["أ", "ب", "12", "ج", "د"], True),
    "years": (["سنة", "2024", "و", "2025", "معا"], True),
    "a name within": (["اسمي", "Jeremy", "في", "الانجليزية"], True),
    "a foreign phrase": (["שלום", "abc", "def", "עולם"], True),
    "begins with a number": (["12", "שקלים", "בלבד"], True),
    "an Arabic name in English": (["Jeremy", "is", "جرمي", "in", "Arabic"], False),
    "Hebrew in English": (["the", "word", "שלום", "עולם", "means", "peace"], False),
}


@pytest.mark.parametrize("line", BOTH)
def test_words_of_both_directions_keep_their_spaces_and_their_places(line: str, reader: Reader) -> None:
    words, rtl = BOTH[line]
    made = laid_out(words, rtl=rtl)
    found = reader.words(exported(made), 1)
    assert sorted(text for text, _ in found) == sorted(words)
    for text, (x0, _, x1, _) in found:
        (own,) = (word.bbox for word in made.words if word.text == text)
        assert own[0] - TOLERANCE * POINT <= x0 * 1224 < x1 * 1224 <= own[2] + TOLERANCE * POINT


@pytest.mark.parametrize("line", BOTH)
def test_mupdf_reads_both_directions_in_logical_order(line: str) -> None:
    """The others go by places alone: Poppler loses a space behind a number, PDFium orders a foreign phrase anew."""
    words, rtl = BOTH[line]
    (mupdf,) = (one for one in READERS if one.name == "mupdf")
    assert mupdf.text(exported(laid_out(words, rtl=rtl)), 1).split() == words


def test_what_stands_left_of_a_right_to_left_line_is_no_part_of_it(reader: Reader) -> None:
    box = geometry.normalized(value * POINT for value in (40.0, 100.0, 68.0, 114.0))
    cell = Line(text="1234", bbox=box, words=(Word(text="1234", bbox=box),))
    data = exported(laid_out(["عندي", "قطط"], rtl=True), cell)
    assert sorted(text for text, _ in reader.words(data, 1)) == sorted(["عندي", "قطط", "1234"])


def test_when_no_codes_are_left_to_lend_a_character_keeps_its_own() -> None:
    with pikepdf.new() as pdf:
        font = InvisibleFont(pdf, "Text")
        for point in range(0x4E00, 0x4E00 + 3000):
            for width in (700, 900, 1100):
                font.encode_wide(chr(point), width)
        codes, width = font.encode_wide("\u5b57", 1300)
    assert codes == "5B57"
    assert width == 500

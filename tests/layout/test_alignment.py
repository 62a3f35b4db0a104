"""Text without places put onto the words of another reading, on pages set in code."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from bench.alignment import Count, of_spoilt
from bench.perturbing import spoilt
from ocrkit.geometry import center, overlap
from ocrkit.layout.alignment import align
from ocrkit.layout.alignment.folding import fold, same_numbers
from ocrkit.model import Block, BlockKind, Cell, EngineRun, Line, Page, Provenance, Table, Word

from .pages import column, leftward, line, page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.geometry import BBox

WHOLE = (0.0, 0.0, 1700.0, 2200.0)
LETTER = [
    "The archive opens at nine",
    "and closes at five. Letters",
    "are kept in the first room",
    "on the left: 1,250 of them.",
]
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnrst" for vowel in "aeiou"]


def cpu(lines: Sequence[Line], *, sure: float = 0.95) -> Page:
    """A reading by the engine `ppocr` that is so sure of every word."""
    made = [each.model_copy(update={"words": tuple(_with(word, sure) for word in each.words)}) for each in lines]
    return page(made).model_copy(update={"provenance": Provenance(runs=(EngineRun(engine="ppocr"),))})


def _with(word: Word, sure: float) -> Word:
    return word.model_copy(update={"confidence": sure})


def text(*texts: str, boxes: Sequence[BBox] = (), kind: BlockKind = BlockKind.TEXT) -> Page:
    """A page of text without lines; without boxes each block is the whole page."""
    given = boxes or [WHOLE] * len(texts)
    blocks = tuple(Block(text=one, bbox=box, kind=kind) for one, box in zip(texts, given, strict=True))
    return Page(number=1, width=1700, height=2200, blocks=blocks)


def codes(read: Page) -> set[str]:
    return {warning.code for warning in read.warnings}


def flagged(read: Page) -> dict[str, str | None]:
    return {word.text: word.flag for word in read.words if word.flag}


def test_words_get_the_boxes_of_the_same_words_and_the_text_stays() -> None:
    read = cpu(column(LETTER, 100, 100))
    got = align(text(" ".join(LETTER)), read)
    assert [(word.text, word.bbox) for word in got.words] == [(word.text, word.bbox) for word in read.words]
    assert [each.text for each in got.lines] == LETTER
    assert got.blocks[0].text == " ".join(LETTER)
    assert got.blocks[0].bbox == (100.0, 100.0, max(word.bbox[2] for word in read.words), 192.0)
    assert (got.agreement, got.blocks[0].agreement, got.warnings) == (1.0, 1.0, ())


def test_blocks_in_another_order_keep_their_own_words() -> None:
    left = column(["one fine morning they left", "for the coast in a car"], 100, 100)
    right = column(["nobody saw the house again", "nor the car in the yard"], 900, 100)
    got = align(text(" ".join(r.text for r in right), " ".join(item.text for item in left)), cpu([*left, *right]))
    assert {word.bbox[0] >= 900 for word in got.blocks[0].lines[0].words} == {True}
    assert {word.bbox[0] < 900 for each in got.blocks[1].lines for word in each.words} == {True}
    assert got.agreement == 1.0


def test_repeated_words_are_told_apart_by_the_box_of_their_block() -> None:
    lines = [line("total 12 total 13", 100, 100), line("total 12 total 13", 100, 900)]
    boxes = [(90.0, 890.0, 600.0, 930.0), (90.0, 90.0, 600.0, 130.0)]
    got = align(text("total 12 total 13", "total 12 total 13", boxes=boxes), cpu(lines))
    assert [each.lines[0].bbox[1] for each in got.blocks] == [900.0, 100.0]


def test_a_word_that_a_line_end_parts_is_printed_in_two_and_stays_one_in_the_text() -> None:
    read = cpu(column(["they kept the infor-", "mation in a drawer"], 100, 100))
    got = align(text("they kept the information in a drawer"), read)
    assert [each.text for each in got.lines] == ["they kept the infor-", "mation in a drawer"]
    assert got.blocks[0].text == "they kept the information in a drawer"
    assert not flagged(got)


def test_words_run_together_by_the_engine_share_its_box() -> None:
    got = align(text("open at nine sharp"), cpu([line("open atnine sharp", 100, 100)]))
    at, nine = got.words[1], got.words[2]
    assert (at.bbox[2], at.bbox[0], nine.bbox[2]) == (nine.bbox[0], 145.0, 205.0)
    assert not flagged(got)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ﬁne", "fine"), ("“Café”", '"cafe"'), ("Il1", "lI1"), ("don’t", "don't"), ("Сор", "Cop"), ("straße", "STRASSE")],
)
def test_ligatures_quotes_accents_and_lookalikes_make_no_difference(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1,250.00", "1,250.00", True),
        ("1,250.00", "1,350.00", False),
        ("8091", "80.91", False),
        ("-6.00", "6.00", False),
        ("80.91", "80 91", True),
        ("105", "1O5", True),
        ("١٢", "12", True),
        ("(12)", "12,", True),
        ("3.14", "3,14", False),
    ],
)
def test_numbers_are_compared_to_the_last_sign(one: str, other: str, same: bool) -> None:
    assert same_numbers(one, other) is same


def test_a_number_that_differs_is_flagged_and_its_place_is_told() -> None:
    read = cpu(column(LETTER, 100, 100))
    got = align(text(" ".join(LETTER).replace("1,250", "1,350")), read)
    assert flagged(got) == {"1,350": "number_mismatch"}
    (warning,) = got.warnings
    assert warning.code == "number_mismatch"
    assert '"1,350" (ppocr: "1,250")' in warning.message
    assert warning.boxes == tuple(word.bbox for word in read.words if word.text == "1,250")
    assert [word.confidence for word in got.words if word.flag] == [pytest.approx(0.05)]


def test_invented_words_are_flagged_where_they_stand_and_others_are_not() -> None:
    told = " ".join(LETTER).replace("five.", "five. Admission is free on Sundays.")
    got = align(text(told), cpu(column(LETTER, 100, 100)))
    assert list(flagged(got)) == ["Admission", "is", "free", "on", "Sundays."]
    assert codes(got) == {"unsupported_text"}
    assert all(124 <= center(word.bbox)[1] <= 144 for word in got.words if word.flag)


def test_an_invented_block_has_no_agreement() -> None:
    got = align(text(" ".join(LETTER), "Thank you for watching this video"), cpu(column(LETTER, 100, 100)))
    assert [block.agreement for block in got.blocks] == [1.0, 0.0]
    assert "Thank" in got.warnings[0].message


def test_text_on_a_blank_page_is_flagged() -> None:
    got = align(text("Thank you for watching"), cpu([]))
    assert (got.agreement, codes(got)) == (0.0, {"unsupported_text"})


def test_a_word_the_engine_is_unsure_of_speaks_against_nothing() -> None:
    read = cpu([line("The archive opens at", 100, 100)])
    smudge = line("xqzj", 400, 100).words[0].model_copy(update={"confidence": 0.3})
    first = read.lines[0].model_copy(update={"words": (*read.lines[0].words, smudge)})
    got = align(text("The archive opens at noon"), cpu([]).model_copy(update={"blocks": page([first]).blocks}))
    assert not flagged(got)
    assert got.words[-1].bbox == smudge.bbox


def test_words_that_the_text_lacks_are_named_with_their_box() -> None:
    read = cpu(column(LETTER, 100, 100))
    got = align(text(" ".join(LETTER).replace("Letters are kept", "are kept")), read)
    (warning,) = got.warnings
    assert warning.code == "omitted_text"
    assert '"Letters"' in warning.message
    assert warning.boxes == tuple(word.bbox for word in read.words if word.text == "Letters")
    assert got.agreement is not None
    assert 0.9 < got.agreement < 1.0


def test_formulas_and_pictures_are_not_compared_nor_is_what_they_cover_missing() -> None:
    read = cpu([*column(LETTER, 100, 100), line("E mc2 x", 100, 400)])
    formula = Block(kind=BlockKind.FORMULA, text="E = mc^2", latex="E = mc^2", bbox=(90, 390, 400, 430))
    blocks = (*text(" ".join(LETTER)).blocks, formula)
    got = align(text("").model_copy(update={"blocks": blocks}), read)
    assert (codes(got), got.blocks[1].agreement, got.blocks[1].latex) == (set(), None, "E = mc^2")


def test_a_page_that_the_engine_cannot_read_is_not_compared_and_says_why() -> None:
    read = cpu(column(["tke archiye oqens", "at nlne ard closes"], 100, 100), sure=0.4)
    got = align(text("The archive opens at nine and closes at dusk"), read)
    assert (codes(got), got.agreement, flagged(got)) == ({"not_compared"}, None, {})
    assert "not sure" in got.warnings[0].message
    assert len(got.words) == 9


def test_ink_that_the_engine_did_not_read_may_say_anything() -> None:
    read = cpu(column(LETTER, 100, 100))
    scrawl = (100.0, 600.0, 300.0, 640.0)
    note = (90.0, 590.0, 320.0, 650.0)
    got = align(text(" ".join(LETTER), "call the mayor", boxes=[WHOLE, note]), read, unread=[scrawl])
    assert (flagged(got), got.blocks[1].agreement) == ({}, None)
    assert all(overlap(word.bbox, note) > 0.9 for word in got.blocks[1].lines[0].words)


def test_a_script_that_the_engine_does_not_know_is_not_judged() -> None:
    read = cpu(column(["aMy3 xKel pTo", "BHe mAy qWo", "zzz ddd"], 100, 100), sure=0.7)
    got = align(text("보안기술 프린팅 차세대 스마트 헬스케어 산업혁명"), read)
    assert codes(got) == {"not_compared"}


def test_cells_of_a_table_get_boxes_and_right_to_left_lines_their_direction() -> None:
    rows = [line("Apples ______12", 100, 100), line("Pears ______7", 100, 130)]
    arabic = leftward("مرحبا بكم في المكتبة", 900, 300)
    cells = tuple(
        Cell(row=r, column=c, text=t) for r, c, t in [(0, 0, "Apples"), (0, 1, "12"), (1, 0, "Pears"), (1, 1, "7")]
    )
    table = Block(kind=BlockKind.TABLE, text="", bbox=WHOLE, table=Table(rows=2, columns=2, cells=cells))
    blocks = (table, *text("مرحبا بكم في المكتبة").blocks)
    got = align(text("").model_copy(update={"blocks": blocks}), cpu([*rows, arabic]))
    made = got.blocks[0].table
    assert made is not None
    assert [cell.bbox for cell in made.cells] == [word.bbox for row in rows for word in row.words]
    assert got.blocks[1].lines[0].direction == "rtl"
    assert [word.bbox for word in got.blocks[1].lines[0].words] == [word.bbox for word in arabic.words]


def prose_page(seed: int) -> Page:
    """Two columns of 300 words each, some of them numbers, as an engine reads them."""
    rng = random.Random(seed)  # noqa: S311 - pages, no secrets
    words = ["".join(rng.choices(SYLLABLES, k=rng.randint(1, 4))) for _ in range(220)]
    lines = [
        line(
            " ".join(rng.choices(words, k=6) + [str(rng.randint(10, 9999))] * (row % 7 == 0)),
            100 + 800 * side,
            100 + 24 * row,
        )
        for side in range(2)
        for row in range(50)
    ]
    blocks = [lines[start : start + 10] for start in range(0, 100, 10)]
    made = tuple(
        Block(
            text=" ".join(each.text for each in some),
            bbox=(some[0].bbox[0], some[0].bbox[1], some[0].bbox[0] + 700, some[-1].bbox[3]),
            lines=tuple(some),
        )
        for some in ([_sure(each) for each in block] for block in blocks)
    )
    return Page(number=1, width=1700, height=2200, blocks=made)


def _sure(each: Line) -> Line:
    return each.model_copy(update={"words": tuple(_with(word, 0.95) for word in each.words)})


def test_spoilt_pages_get_their_own_boxes_back_and_inventions_are_found() -> None:
    invented = [f"q{word}z" for word in SYLLABLES]
    total = Count()
    for seed in range(6):
        read = prose_page(seed)
        rng = random.Random(seed)  # noqa: S311 - as above
        total.add(of_spoilt(spoilt(read, invented, rng), read))
    assert total.kept > 3000
    assert total.placed / total.kept >= 0.98
    assert total.invented > 100
    assert total.caught / total.invented >= 0.95
    assert total.corrected / total.numbers >= 0.95
    assert total.accused / total.honest <= 0.02


def test_words_that_no_text_tells_apart_are_counted_apart() -> None:
    read = prose_page(1)
    first = read.blocks[0]
    lines = tuple(
        each.model_copy(update={"words": tuple(word.model_copy(update={"bbox": _lower(word)}) for word in each.words)})
        for each in first.lines
    )
    twice = read.model_copy(update={"blocks": (*read.blocks, first.model_copy(update={"lines": lines}))})
    counts = [of_spoilt(spoilt(twice, [], random.Random(seed)), twice) for seed in range(6)]  # noqa: S311 - as above
    assert {count.twins > 0 for count in counts} == {True, False}, "only where blocks come without a place"
    assert all(count.placed / count.kept > 0.98 for count in counts)


def _lower(word: Word) -> BBox:
    x0, y0, x1, y1 = word.bbox
    return (x0, y0 + 1300, x1, y1 + 1300)


def test_a_page_without_anything_in_common_does_not_take_long() -> None:
    read = prose_page(1)
    started = time.process_time()
    align(text(" ".join(f"w{number}" for number in range(600))), read)
    assert time.process_time() - started < 6.0

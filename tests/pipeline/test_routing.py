"""Which lines are in doubt, which regions are read again, and whose reading counts there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocrkit.model import Line, Word
from ocrkit.pipeline.routing import (
    MOST_REGIONS,
    doubtful_regions,
    in_doubt,
    is_text,
    missed,
    replaced,
    seen_script,
    taken_over,
)

if TYPE_CHECKING:
    from ocrkit.geometry import BBox

SCRIPTS = frozenset({"Latn", "Hans", "Hant", "Jpan"})
PAGE: BBox = (0, 0, 1000, 1400)


def line(text: str, y: float = 0, *, confidence: float = 0.98, x: float = 100, width: float | None = None) -> Line:
    return Line(text=text, bbox=(x, y, x + (width or 10 * max(1, len(text))), y + 20), confidence=confidence)


@pytest.mark.parametrize(
    "sound",
    [
        line("The tenant shall pay the rent"),
        line("RM 12.50 x2 A4 PO-99"),
        line("3x8.00 12X13 (1X180)"),
        line("这些历史文件"),
        line("日本語のテキスト"),
        line("alpha (α = 0.05) is small"),
        line("iPhone and eBay are names in this line"),
        line(".", width=20),
        line("1", width=60),
    ],
)
def test_a_line_that_reads_well_is_not_in_doubt(sound: Line) -> None:
    assert not in_doubt(sound, SCRIPTS)


@pytest.mark.parametrize(
    "doubted",
    [
        line("anything", confidence=0.6),
        line("", width=300),
        line("Ωραῖος καιρός"),
        line("CepBep paÓoTaeT B6ly OTKpblT3a"),
        line(".", width=400),
    ],
)
def test_a_line_that_may_be_of_another_script_is_in_doubt(doubted: Line) -> None:
    assert in_doubt(doubted, SCRIPTS)


def test_a_page_with_a_little_doubt_is_left_alone() -> None:
    lines = [line("A line of plain text on the page", 40 * i) for i in range(20)]
    assert doubtful_regions([*lines, line("smudge", 900, confidence=0.4)], SCRIPTS, PAGE) == []
    assert doubtful_regions([], SCRIPTS, PAGE) == []


def test_a_page_in_doubt_throughout_is_read_again_as_a_whole() -> None:
    lines = [line("nsuwnuwuauziuiian", 40 * i, confidence=0.5) for i in range(9)]
    assert doubtful_regions(lines, SCRIPTS, PAGE) == [PAGE]


def test_doubtful_neighbours_are_one_region_on_the_page() -> None:
    sound = [line("A line of plain text on the page", 40 * i) for i in range(20)]
    odd = [line("mesh of unreadable signs", 1000 + 24 * i, confidence=0.4) for i in range(4)]
    (region,) = doubtful_regions([*sound, *odd], SCRIPTS, PAGE)
    assert region[0] < 100
    assert region[1] < 1000
    assert region[3] > 1092


def test_no_more_regions_are_read_again_than_the_page_is_worth() -> None:
    sound = [line("A line of plain text on the page, quite long", 60 * i) for i in range(20)]
    odd = [line("strange", 60 * i, x=700, confidence=0.4) for i in range(20)]
    assert len(doubtful_regions([*sound, *odd], SCRIPTS, PAGE)) == MOST_REGIONS


def test_surely_foreign_lines_take_the_place_of_the_doubtful_ones() -> None:
    known = [line("CepBep", 0, confidence=0.7), line("Total 12.50", 40)]
    again = [line("Сервер", 0, confidence=0.95), line("Tota1 12.5O", 40, confidence=0.9)]
    assert [each.text for each in taken_over(known, again, SCRIPTS)] == ["Total 12.50", "Сервер"]


def test_without_a_surely_foreign_line_the_first_reading_stays() -> None:
    known = [line("blurred words", 0, confidence=0.7)]
    assert taken_over(known, [line("blurred wards", 0, confidence=0.95)], SCRIPTS) == known
    assert taken_over(known, [line("Сервер", 0, confidence=0.4)], SCRIPTS) == known


def test_where_most_of_a_region_is_surely_foreign_its_weak_lines_count_too() -> None:
    known = [line("CepBep", 0, confidence=0.7), line("OTKpblT", 40, confidence=0.7)]
    again = [line("Сервер открыт", 0, confidence=0.95), line("Откр", 40, confidence=0.4)]
    assert [each.text for each in taken_over(known, again, SCRIPTS)] == ["Сервер открыт", "Откр"]


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("λλμνι λπσι υ, ..λ.", "Grek"),
        ("corr. τá] τàσδ LA. τàs δè Γ. τàσδ Pal.", "Grek"),
        ("ΠPΑΒΔΑ Φ ΓΛABHAЯ", None),  # Cyrillic capitals
        ("ω ω oω ω ω", None),  # Kannada
        ("alpha (α = 0.05) and β, γ of the model", None),
        ("The tenant pays", None),
    ],
)
def test_a_script_is_seen_where_several_of_its_small_letters_are(text: str, script: str | None) -> None:
    assert seen_script(text, SCRIPTS) == script


def test_a_line_of_two_scripts_is_taken_where_its_foreign_words_are_sure() -> None:
    known = [line("HARUTOM2| L YGE", 0, confidence=0.7)]

    def again(sure: float) -> Line:
        words = [("HARUTO", 0.9), ("씨의", sure), ("팬입니다", sure), ("YGE", 0.9)]
        found = [Word(text=text, bbox=(100, 0, 250, 20), confidence=each) for text, each in words]
        mixed = line("HARUTO 씨의 팬입니다 YGE", 0, confidence=0.8, width=150)
        return mixed.model_copy(update={"words": tuple(found)})

    assert taken_over(known, [again(0.9)], SCRIPTS) == [again(0.9)]
    assert taken_over(known, [again(0.3)], SCRIPTS) == known


def test_a_line_both_engines_see_in_one_script_needs_less_confidence() -> None:
    again = [line("κλέπτουσι μύθους", 0, confidence=0.6)]
    assert taken_over([line("λπσι υθς", 0, confidence=0.84, width=160)], again, SCRIPTS) == again
    known = [line("KAETTOUOL", 0, confidence=0.6, width=160)]
    assert taken_over(known, again, SCRIPTS) == known
    elsewhere = [line("λπσι υθς", 40, confidence=0.84, width=160), *known]
    assert taken_over(elsewhere, again, SCRIPTS) == elsewhere


def test_lines_that_were_not_read_again_surely_are_missed_the_widest_first() -> None:
    known = [
        line("short", 0, confidence=0.5),
        line("a wider one in doubt", 40, confidence=0.5),
        line("The tenant pays", 80),
        line("read again", 120, confidence=0.5),
    ]
    again = [line("Широкая", 40, confidence=0.5, width=200), line("Прочитана", 120, confidence=0.9, width=100)]
    assert [each.text for each in missed(known, again, SCRIPTS)] == ["a wider one in doubt", "short"]


def test_a_line_of_which_a_part_was_read_again_is_missed() -> None:
    known = [line("nsuwnuwuauziuiian", 0, confidence=0.5, width=400)]
    first, rest = line("Широкая", 4, width=200), line("строка", 0, x=310, width=180)
    assert missed(known, [first], SCRIPTS) == known
    assert missed(known, [first, rest], SCRIPTS) == []
    assert missed(known, [first, rest.model_copy(update={"bbox": (310, 20, 490, 40)})], SCRIPTS) == known


def test_a_line_read_apart_takes_the_place_of_the_weak_one() -> None:
    weak, other = line("Шиpoкaя", 40, confidence=0.5), line("Другая", 80)
    apart = line("Широкая", 41, confidence=0.9)
    assert replaced([weak, other], [apart]) == [other, apart]


def test_letters_seen_in_boxes_to_tick_are_no_text_and_a_short_word_is() -> None:
    assert not is_text([line("ரு", 0), line("ப", 40)])
    assert is_text([line("ОТК", 0)])

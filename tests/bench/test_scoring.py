"""The figures of `bench`, against values worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring import Score, fold, infix_distance, score, tokens, word_f1, words


def test_folding_makes_typographic_variants_plain_and_keeps_case_unless_told() -> None:
    assert fold("“Don’t”\n—  ٣٤ co\u00adop ﬁne") == '"Don\'t" - 34 coop fine'
    assert fold("TOTAL Straße", case=True) == "total strasse"


def test_words_are_runs_of_letters_and_single_characters_of_unspaced_scripts() -> None:
    assert words("ab-c ab 漢字12 _x") == {"ab": 2, "c": 1, "漢": 1, "字": 1, "12": 1, "x": 1}
    assert tokens("end. (漢字) 1,5") == ["end.", "(", "漢", "字", ")", "1,5"]


def test_word_f1_counts_each_word_as_often_as_it_stands() -> None:
    # 3 of 4 true words found, among 5: 2 * 3 / (4 + 5)
    assert word_f1("the cat the dog", "dog the the the bird") == pytest.approx(6 / 9)


def test_a_missing_space_costs_word_f1() -> None:
    assert word_f1("grand total 5", "grandtotal 5") == pytest.approx(2 * 1 / (3 + 2))


def test_nothing_on_a_blank_page_is_right_and_something_is_wrong() -> None:
    assert word_f1("", "") == 1.0
    assert word_f1("", "noise") == 0.0


@pytest.mark.parametrize(
    ("needle", "hay", "edits"),
    [
        ("total", "subtotal12", 0),
        ("total", "totl", 1),  # one letter lost, although the window of five letters differs in two
        ("total", "xxtottalxx", 1),
        ("total", "t0tal", 1),
        ("total", "", 5),
        ("total", "qqqqqqqq", 5),
        ("", "anything", 0),
    ],
)
def test_the_distance_to_the_nearest_place(needle: str, hay: str, edits: int) -> None:
    assert infix_distance(needle, hay) == edits


@given(st.text("ab", max_size=6), st.text("ab", max_size=6))
def test_the_nearest_place_is_the_best_of_all_substrings(needle: str, hay: str) -> None:
    def edits(left: str, right: str) -> int:
        if not left or not right:
            return len(left) + len(right)
        return min(
            edits(left[1:], right) + 1, edits(left, right[1:]) + 1, edits(left[1:], right[1:]) + (left[0] != right[0])
        )

    substrings = {hay[start:end] for start in range(len(hay) + 1) for end in range(start, len(hay) + 1)}
    assert infix_distance(needle, hay) == min(edits(needle, part) for part in substrings)


def test_line_error_is_blind_to_order_and_extra_text_and_character_error_is_not() -> None:
    truth = "first line\nsecond line"
    swapped = score(truth, "second line\nfirst line")
    assert swapped.line_error == 0
    assert swapped.mean_f1 == 1
    assert swapped.character_error > 0
    assert score(truth, "first line noise second line").line_error == 0


def test_a_lost_line_costs_all_its_letters() -> None:
    lost = score("abcd\nwxyz", "abcd")
    # Nothing of the second line is there: four edits of eight letters; five characters of nine with the space.
    assert (lost.line_edits, lost.line_length, lost.edits, lost.length) == (4, 8, 5, 9)


def test_a_truth_in_capitals_says_nothing_of_case() -> None:
    assert score("GRAND TOTAL", "Grand Total").mean_f1 == 1
    assert score("GRAND total", "Grand Total").mean_f1 == 0


def test_pages_add_up_by_page_for_words_and_by_character_for_errors() -> None:
    whole = sum([score("ab", "ab"), score("cdefgh", "")], start=Score())
    assert whole.mean_f1 == 0.5
    assert whole.line_error == whole.character_error == 6 / 8


def test_invented_text_costs_no_more_than_the_page() -> None:
    assert score("ab", "x" * 100).character_error == 1

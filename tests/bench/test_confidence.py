"""The judging of words and the calibration figures, against values worked out by hand."""

from __future__ import annotations

import pytest

from bench.confidence import Claim, claims, expected_calibration_error, reliability, rows


def judged(truth: str, words: str) -> list[bool]:
    return [claim.right for claim in claims(truth, [(word, 0.5) for word in words.split()])]


def test_a_word_is_right_where_the_truth_has_it() -> None:
    assert judged("pay the rent today", "pay tke rent today") == [True, False, True, True]


def test_columns_read_in_another_order_are_not_held_against_the_words() -> None:
    assert judged("left one left two right one right two", "left one right one left two right two") == [True] * 8


def test_a_word_said_more_often_than_it_stands_is_wrong_once() -> None:
    assert judged("rent", "rent rent") == [True, False]
    assert judged("the rent", "the the rent") == [False, True, True]


def test_each_character_of_a_script_without_spaces_is_judged() -> None:
    assert claims("漢字", [("漢宇", 0.9)]) == [
        Claim(0.9, right=True, letters=True),
        Claim(0.9, right=False, letters=False),
    ]


def test_letters_are_right_however_they_are_parted_into_words() -> None:
    def letters(truth: str, words: str) -> list[bool]:
        return [claim.letters for claim in claims(truth, [(word, 0.5) for word in words.split()])]

    assert letters("at nando'schicken today", "at nando's chicken today") == [True] * 4
    assert letters("la cérémonie, sur place", "la cérémonie,sur place") == [True] * 3
    assert letters("at nando'schicken today", "at chicken nando's today") == [True, True, False, True]
    assert letters("one chicken two", "one chiken two chicken") == [True, False, True, True]
    assert judged("at nando'schicken today", "at nando's chicken today") == [True, False, False, True]


def test_calibration_error_weighs_each_step_by_its_words() -> None:
    sure = [Claim(0.95, right=True, letters=True)] * 3 + [Claim(0.95, right=False, letters=False)]
    unsure = [Claim(0.25, right=False, letters=False), Claim(0.25, right=True, letters=True)]
    diagram = reliability([*sure, *unsure])
    assert [(step.low, step.count, step.accuracy) for step in diagram] == [(0.2, 2, 0.5), (0.9, 4, 0.75)]
    # (2 * |0.5 - 0.25| + 4 * |0.75 - 0.95|) / 6
    assert expected_calibration_error(diagram) == pytest.approx(1.3 / 6)


def test_certainty_and_the_edges_of_steps_fall_into_one_step_each() -> None:
    edges = [Claim(step / 10, right=True, letters=True) for step in range(11)]
    assert sum(step.count for step in reliability(edges)) == 11
    assert reliability([Claim(1.0, right=True, letters=True)])[0].high == 1.0


def test_the_table_shows_how_far_off_a_step_is() -> None:
    ((_, count, confidence, right, off, bar),) = rows(
        reliability([Claim(0.95, right=False, letters=False), Claim(0.95, right=True, letters=True)])
    )
    assert (count, confidence, right, off) == ("2", "95.0", "50.0", "-45.0")
    assert bar == "██████████·········|"

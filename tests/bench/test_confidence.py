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
    assert claims("漢字", [("漢宇", 0.9)]) == [Claim(0.9, right=True), Claim(0.9, right=False)]


def test_calibration_error_weighs_each_step_by_its_words() -> None:
    sure = [Claim(0.95, right=True)] * 3 + [Claim(0.95, right=False)]
    unsure = [Claim(0.25, right=False), Claim(0.25, right=True)]
    diagram = reliability([*sure, *unsure])
    assert [(step.low, step.count, step.accuracy) for step in diagram] == [(0.2, 2, 0.5), (0.9, 4, 0.75)]
    # (2 * |0.5 - 0.25| + 4 * |0.75 - 0.95|) / 6
    assert expected_calibration_error(diagram) == pytest.approx(1.3 / 6)


def test_certainty_and_the_edges_of_steps_fall_into_one_step_each() -> None:
    edges = [Claim(step / 10, right=True) for step in range(11)]
    assert sum(step.count for step in reliability(edges)) == 11
    assert reliability([Claim(1.0, right=True)])[0].high == 1.0


def test_the_table_shows_how_far_off_a_step_is() -> None:
    ((_, count, confidence, right, off, bar),) = rows(reliability([Claim(0.95, right=False), Claim(0.95, right=True)]))
    assert (count, confidence, right, off) == ("2", "95.0", "50.0", "-45.0")
    assert bar == "██████████·········|"

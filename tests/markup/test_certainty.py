from __future__ import annotations

import pytest

from ocrkit.markup.certainty import certainties
from ocrkit.markup.repair import mended

ONE = '<div data-bbox="0 0 9 9" data-label="Text"><p>sure</p></div>'
TWO = '<div data-bbox="0 9 9 19" data-label="Text"><b>né 日</b></div>'


def by_character(text: str, probability: dict[str, float]) -> list[tuple[bytes, float]]:
    return [(character.encode(), probability.get(character, 0.1)) for character in text]


def test_each_block_has_the_mean_of_its_own_words_and_not_of_tags() -> None:
    answer = ONE + TWO
    tokens = by_character(answer, {"s": 1.0, "u": 0.8, "r": 0.6, "e": 0.4, "n": 0.9, "é": 0.7, "日": 0.2})
    spans = [fragment.span for fragment in mended(answer).fragments]
    assert certainties(answer, spans, tokens) == [pytest.approx(0.7), pytest.approx(0.6)]


def test_tokens_may_hold_parts_of_a_character_and_end_after_the_answer() -> None:
    answer = "日é"
    tokens = [(b"\xe6\x97", 0.5), (b"\xa5\xc3", 0.7), (b"\xa9", 0.9), (b"<|im_end|>", 0.0)]
    assert certainties(answer, [(0, 2)], tokens) == [pytest.approx(0.7)]


def test_what_stands_before_the_answer_does_not_count() -> None:
    assert certainties("b", [(0, 1)], [(b"a", 0.1), (b"b", 0.9)]) == [pytest.approx(0.9)]


@pytest.mark.parametrize("tokens", [None, [], [(b"other", 1.0)], [(b"sur", 1.0)]])
def test_what_is_unknown_is_none(tokens: list[tuple[bytes, float]] | None) -> None:
    assert certainties("sure", [(0, 4)], tokens) == [None]


def test_a_span_without_words_has_no_figure() -> None:
    assert certainties("<p> . </p>", [(0, 10)], [(b"<p> . </p>", 0.5)]) == [None]


def test_spans_are_where_the_text_stands_in_the_answer_as_it_came() -> None:
    answer = f"<think>hm</think>Sure:\n```html\n{ONE}\nbetween{TWO}\n```"
    fragments = mended(answer).fragments
    assert [answer[slice(*fragment.span)].strip() for fragment in fragments] == [
        "<p>sure</p>",
        "between",
        "<b>né 日</b>",
    ]

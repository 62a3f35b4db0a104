"""The nearest stretch of a text, against the plain dynamic programme."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocrkit.chat.matching import nearest


def distance(a: str, b: str) -> int:
    column = list(range(len(a) + 1))
    for sign in b:
        before, column[0] = column[0], column[0] + 1
        for place, other in enumerate(a, start=1):
            before, column[place] = (
                column[place],
                min(column[place] + 1, column[place - 1] + 1, before + (other != sign)),
            )
    return column[-1]


@given(pattern=st.text("abc", min_size=1, max_size=8), text=st.text("abcd", max_size=16))
def test_no_stretch_is_nearer_than_the_one_found(pattern: str, text: str) -> None:
    found = nearest(pattern, text, most=len(pattern))
    assert found is not None
    assert distance(pattern, text[found.start : found.end]) == found.edits
    stretches = (text[start:end] for start in range(len(text) + 1) for end in range(start, len(text) + 1))
    assert found.edits == min(distance(pattern, stretch) for stretch in stretches)


def test_what_is_too_far_is_not_found() -> None:
    assert nearest("abcdef", "xxabXXefxx", most=1) is None

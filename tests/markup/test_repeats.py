from __future__ import annotations

import pytest

from ocrkit.markup.repeats import repeated_from, without_repeats

PAGE = "<div><p>A page has words that differ from one another, each line of them.</p>"


@pytest.mark.parametrize(
    "unit",
    ["the same words again ", "<tr><td></td><td></td></tr>", ".", "ab", '<div data-bbox="1 2 3 4"><p>x</p></div>' * 5],
)
def test_an_end_that_goes_round_in_circles_is_found_wherever_it_was_cut(unit: str) -> None:
    looped = PAGE + unit * max(8, 400 // len(unit)) + unit[: len(unit) // 2]
    place = repeated_from(looped)
    assert place is not None
    assert len(PAGE) <= place <= len(PAGE) + len(unit)
    assert without_repeats(looped).startswith(PAGE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        PAGE,
        PAGE + "no no no no no",
        PAGE + "<tr><td></td></tr>" * 30 + "</tbody></table></div>",
        " ".join(str(number) for number in range(2000)),
    ],
)
def test_other_ends_are_left_alone(text: str) -> None:
    assert repeated_from(text) is None
    assert without_repeats(text) == text

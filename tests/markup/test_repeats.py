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


PROSE = "The committee met on Monday. It heard three reports, of which the second was the longest. "


@pytest.mark.parametrize(
    "text",
    [
        PROSE + "the same words again " * 40,
        PROSE + "the same words again " * 40 + "the same wo",
        "<p>" + PROSE + "</p><p>" + "again and " * 60 + "</p></div>",
        "<table>" + "<tr><td>12</td><td>yes</td></tr>" * 200,
        '[{"bbox": [1, 2, 3, 4], "text": "' + "ha " * 200 + '"}]',
        PROSE + "好的" * 200,
        "x" * 500,
        PROSE + "." * 5000,
        PROSE + "<td></td>" * 1000,
    ],
)
def test_an_answer_that_repeats_itself_to_its_end_is_found(text: str) -> None:
    assert repeated_from(text, cut=False) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short",
        PROSE,
        PROSE + PROSE + PROSE,
        "<table>" + "<tr><td></td><td></td></tr>" * 30 + "</table>",
        "Chapter one " + "." * 300,
        "Name: " + "_" * 500,
        "| a | b |\n|---|---|\n" + "|  |  |\n" * 60,
        "\n".join(f"{n}. item of the list with a number" for n in range(60)),
        PROSE + "no no no no no no",
        "the same words again " * 40 + PROSE,
    ],
)
def test_forms_leaders_and_rules_are_no_loop(text: str) -> None:
    assert repeated_from(text, cut=False) is None

"""What holds for any answer, however broken."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocrkit.markup.blocks import blocks_of_answer
from ocrkit.markup.repair import mended

TAGS = [
    '<div data-bbox="10 20 900 40" data-label="Text">',
    '<div data-bbox="-5,1200,30,7" data-label="Table">',
    "<div data-label='List-Group'>",
    '<div class="x">',
    "</div>",
    "<p>",
    "</p>",
    "<ul>",
    "<ol start=2>",
    "<li>",
    "</ul>",
    "<table>",
    "<tr>",
    "<td colspan=3>",
    "<th rowspan=2>",
    "</td>",
    "</table>",
    "<math>",
    '<math display="block">',
    "</math>",
    "<b>",
    "</b>",
    "<br>",
    "<h2>",
    "<pre>",
    "<sup>",
]
PIECES = st.sampled_from(
    [
        *TAGS,
        '<img alt="picture',
        '">',
        "a<b",
        "&lt;i&gt;",
        "&",
        "<!--",
        "-->",
        "```",
        "\n",
        " ",
        "word",
        "7",
    ]
)
ANSWERS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)


@given(ANSWERS)
def test_every_answer_makes_values_within_the_page(answer: str) -> None:
    for block in blocks_of_answer(answer, width=300, height=200).blocks:
        x0, y0, x1, y1 = block.bbox
        assert 0 <= x0 <= x1 <= 300
        assert 0 <= y0 <= y1 <= 200


@given(st.lists(st.sampled_from(TAGS) | st.sampled_from(["word", "word ", "\n"]), max_size=40).map("".join))
def test_no_word_is_lost_whatever_tags_stand_around_it(markup: str) -> None:
    made = blocks_of_answer(TAGS[0] + markup, width=9, height=9).blocks
    assert sum(block.text.count("word") for block in made) == markup.count("word")


@given(ANSWERS)
def test_mending_twice_changes_nothing(answer: str) -> None:
    once = mended(answer)
    again = mended(once.markup)
    assert [fragment.html for fragment in again.fragments] == [fragment.html for fragment in once.fragments]

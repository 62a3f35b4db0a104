r"""Markdown as vision models write it: what becomes of each kind of block, and that nothing is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrkit.markup.markdown import markdown_parts, passages_of
from ocrkit.model import BlockKind

if TYPE_CHECKING:
    from ocrkit.markup.flow import Part


def kinds(markdown: str) -> list[tuple[str, str]]:
    return [(part.kind.value, part.text) for part in markdown_parts(markdown)]


def one(markdown: str) -> Part:
    [part] = markdown_parts(markdown)
    return part


def test_headings_paragraphs_and_emphasis() -> None:
    assert kinds("# The *title*\n\nOne line\nand **the** next,  \nand [a link](http://x).\n\n---\n\n> quoted") == [
        ("section_header", "The title"),
        ("text", "One line and the next,\nand a link."),
        ("text", "quoted"),
    ]
    assert one("### Deep").level == 3


def test_list_items_have_marker_and_depth_and_boxes_their_sign() -> None:
    parts = markdown_parts("- one\n- [x] done\n- [ ] open\n  - below\n\n3. third\n4. fourth\n   goes on\n")
    assert [(part.marker, part.text, part.level) for part in parts] == [
        ("•", "one", 1),
        ("☑", "done", 1),
        ("☐", "open", 1),
        ("•", "below", 2),
        ("3.", "third", 1),
        ("4.", "fourth goes on", 1),
    ]
    assert {part.kind for part in parts} == {BlockKind.LIST_ITEM}


def test_a_pipe_table_keeps_cells_beyond_its_header_breaks_and_formulas_with_bars() -> None:
    part = one("| a | b |\n|:--|--:|\n| 1 | $|x|$ | extra |\n| p<br>q | \\| |")
    assert part.table is not None
    assert part.table.grid() == [["a", "b", ""], ["1", r"\(|x|\)", "extra"], ["p\nq", "|", ""]]
    assert [cell.header for cell in part.table.cells][:3] == [True, True, False]


def test_words_right_before_and_after_a_pipe_table_stay() -> None:
    assert [kind for kind, _ in kinds("Table 1\n| a | b |\n|---|---|\n| 1 | 2 |\nSource: us")] == [
        "text",
        "table",
        "text",
    ]


def test_an_empty_header_row_is_none() -> None:
    part = one("|  |  |\n|---|---|\n| Name | Jo |")
    assert part.table is not None
    assert part.table.grid() == [["Name", "Jo"]]
    assert not any(cell.header for cell in part.table.cells)


def test_an_html_table_may_hold_blank_lines_and_tables_and_may_be_cut() -> None:
    [before, table, after] = markdown_parts(
        'Before\n<table><tr><td rowspan="2">A\n\nB</td><td>1</td></tr>\n\n<tr><td>2</td></tr></table>\nafter'
    )
    assert (before.text, after.text) == ("Before", "after")
    assert table.table is not None
    assert table.table.grid() == [["A B", "1"], ["", "2"]]
    assert "lost" in one("<table><tr><td>not</td><td>lost").text


@pytest.mark.parametrize(
    ("markdown", "latex"),
    [
        ("$$\nE = mc^2\n$$", "E = mc^2"),
        (r"\[ a_1 < b \]", "a_1 < b"),
        ("$x$", "x"),
        (r"\( y \)", "y"),
        ("\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}", "\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}"),
        ("```latex\n\\frac{1}{2}\n```", r"\frac{1}{2}"),
    ],
)
def test_a_formula_that_stands_alone_is_a_formula(markdown: str, latex: str) -> None:
    part = one(markdown)
    assert (part.kind, part.latex) == (BlockKind.FORMULA, latex)


def test_formulas_in_words_stay_in_them_and_prices_and_references_are_none() -> None:
    assert kinds(r"It costs $5 or $10, with $x^2 < 1$ and \(a_1\); see \[12\].") == [
        ("text", r"It costs $5 or $10, with \(x^2 < 1\) and \(a_1\); see [12].")
    ]
    assert [kind for kind, _ in kinds("so that $$a=b$$ holds")] == ["text", "formula", "text"]


def test_code_keeps_its_dollars_and_blanks() -> None:
    assert kinds('```python\n  x = "$a$"\n\n  y\n```') == [("code", '  x = "$a$"\n\n  y')]
    assert kinds("Call `f($x)` twice") == [("text", "Call f($x) twice")]


def test_pictures_and_notes() -> None:
    assert kinds("![A dog](dog.png)") == [("picture", "A dog")]
    assert kinds("Said before[^1].\n\n[^1]: By *him*.\n[^2]: By her.") == [
        ("text", "Said before¹."),
        ("footnote", "1 By him."),
        ("footnote", "2 By her."),
    ]


def test_nothing_is_taken_for_a_definition_indented_code_or_an_underlined_heading() -> None:
    assert kinds("[1]: first\n\n    indented\n\nlast\n---") == [
        ("text", "[1]: first"),
        ("text", "indented"),
        ("text", "last"),
    ]


def test_html_in_words_is_read_and_what_is_no_tag_stays() -> None:
    assert kinds("H<sub>2</sub>O, a < b & c, <b>bold</b> &lt;kept&gt; <unknown>") == [
        ("text", "H₂O, a < b & c, bold <kept> <unknown>")
    ]


def test_each_passage_says_where_it_stands() -> None:
    markdown = "# One\n\n$$\na\n$$\n\n- two\n- three\n\n<table><tr><td>four</td></tr></table>\n\nfive"
    found = [markdown[passage.start : passage.end].strip() for passage in passages_of(markdown)]
    assert found == ["# One", "$$\na\n$$", "- two", "- three", "<table><tr><td>four</td></tr></table>", "five"]


PIECES = st.sampled_from(
    [
        "$",
        "\\[",
        "\\]",
        "`",
        "|",
        "\n",
        "- ",
        "<table>",
        "</table>",
        "<td>",
        "**",
        "[^1]:",
        "```",
        "---",
        "#",
        "1. ",
        "$$",
        "\\(",
        "\\begin{align}",
        "&lt;",
        "<br>",
        "![a](b)",
        "|---|",
        "日",
        "> ",
        "</div>",
        "\n\n",
        "    ",
    ]
)
WORDS = st.sampled_from([f"word{n}x" for n in range(50)])


@given(st.lists(st.one_of(PIECES, WORDS.map(lambda word: f" {word} ")), max_size=60).map("".join))
def test_whatever_a_model_writes_its_words_are_kept_and_places_lie_in_the_answer(markdown: str) -> None:
    passages = passages_of(markdown)
    assert all(0 <= each.start <= each.end <= len(markdown) for each in passages)
    text = " ".join(f"{each.part.marker} {each.part.text} {each.part.latex}" for each in passages)
    assert not re.search("[\ue000\ue001]", text)
    fences = [line for line in markdown.split("\n") if "```" in line]  # what stands after a fence names a language
    wanted = {word for word in re.findall(r"word\d+x", markdown) if not any(word in line for line in fences)}
    assert wanted <= set(re.findall(r"word\d+x", text))


def test_lines_and_crossings_out_stay_where_they_are_asked_for() -> None:
    written = "Dear Ann,\nwe ~~are~~ **were** at sea\n\n- one\n- two"
    assert [each.part.text for each in passages_of(written)] == ["Dear Ann, we are were at sea", "one", "two"]
    literal = passages_of(written, literal=True)
    assert [each.part.text for each in literal] == ["Dear Ann,\nwe ~~are~~ were at sea", "one", "two"]
    assert [(each.start, each.end) for each in literal] == [(each.start, each.end) for each in passages_of(written)]

from __future__ import annotations

import re
import time

import pytest

from ocrkit.markup.blocks import Labelled, blocks_of, blocks_of_answer
from ocrkit.model import Block, BlockKind


def block(label: str, html: str) -> str:
    return f'<div data-bbox="100 200 300 400" data-label="{label}">{html}</div>'


def blocks(label: str, html: str) -> tuple[Block, ...]:
    return blocks_of_answer(block(label, html), width=2000, height=1000).blocks


def found(label: str, html: str) -> list[tuple[str, str]]:
    return [(b.kind.value, b.text) for b in blocks(label, html)]


def test_boxes_are_in_pixels_of_the_page_and_order_is_kept() -> None:
    answer = block("Text", "<p>b</p>") + '<div data-bbox="0 0 1200 50" data-label="Text">a</div>'
    made = blocks_of_answer(answer, width=2000, height=1000).blocks
    assert [(b.text, b.bbox) for b in made] == [("b", (200, 200, 600, 400)), ("a", (0, 0, 2000, 50))]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Text", "text"),
        ("Section-Header", "section_header"),
        ("SectionHeader", "section_header"),
        ("Page-Header", "page_header"),
        ("PageFooter", "page_footer"),
        ("Caption", "caption"),
        ("Footnote", "footnote"),
        ("Equation-Block", "formula"),
        ("Chemical-Block", "formula"),
        ("Code-Block", "code"),
        ("List-Group", "list_item"),
        ("Form", "text"),
        ("Complex-Block", "text"),
        ("Table-Of-Contents", "text"),
        ("Bibliography", "text"),
        ("Figure", "picture"),
        ("Diagram", "picture"),
        ("Some-New-Label", "text"),
    ],
)
def test_the_label_says_what_a_paragraph_is(label: str, kind: str) -> None:
    assert found(label, "<p>some words</p>") == [(kind, "some words")]


def test_each_heading_in_a_block_has_its_level() -> None:
    made = blocks("Section-Header", "<h1>Shared <b>MIME</b><br/>Database</h1><h3>Group</h3>")
    assert [(b.text, b.level) for b in made] == [("Shared MIME Database", 1), ("Group", 3)]
    assert {b.kind for b in made} == {BlockKind.SECTION_HEADER}


def test_headings_in_running_blocks_are_headings_and_in_page_headers_are_not() -> None:
    assert found("Complex-Block", "<h2>Head</h2><p>body</p>") == [("section_header", "Head"), ("text", "body")]
    assert found("Page-Header", "<h2>Head</h2>") == [("page_header", "Head")]


def test_list_items_have_markers_and_levels() -> None:
    made = blocks(
        "List-Group",
        "<ul><li>one <math>x^2</math></li><li><input type='checkbox' checked=''/> two"
        "<ol start=3><li>deep</li><li>b) printed</li></ol></li><li><input type=checkbox>three</ul>",
    )
    assert [(b.marker, b.text, b.level) for b in made] == [
        ("•", r"one \(x^2\)", 1),
        ("☑", "two", 1),
        ("3.", "deep", 2),
        ("b)", "printed", 2),
        ("☐", "three", 1),
    ]
    assert {b.kind for b in made} == {BlockKind.LIST_ITEM}


def test_ordered_lists_count_as_their_type_says() -> None:
    made = blocks("List-Group", "<ol type=i start=3><li>a<li>b</ol><ol type=A><li>c</ol>")
    assert [b.marker for b in made] == ["iii.", "iv.", "A."]


def test_list_text_without_a_list_is_parted_at_its_markers() -> None:
    made = blocks("List-Group", "<p>1. one<br>goes on<br>2. two</p>")
    assert [(b.marker, b.text) for b in made] == [("1.", "one\ngoes on"), ("2.", "two")]


def test_a_display_formula_is_a_block_and_an_inline_one_stays_in_its_text() -> None:
    made = blocks("Text", '<p>so <math>a<b</math> and<math display="block">w_i &lt; 1</math>holds</p>')
    assert [(b.kind.value, b.text, b.latex) for b in made] == [
        ("text", r"so \(a<b\) and", None),
        ("formula", "w_i < 1", "w_i < 1"),
        ("text", "holds", None),
    ]


def test_a_block_names_the_formulas_in_its_text() -> None:
    html = "<p><math>x^2</math> or <math>y</math>, <math>x^2</math></p><table><tr><td><math>z</math></td></tr></table>"
    assert [b.formulas for b in blocks("Text", html)] == [("x^2", "y"), ("z",)]
    assert [b.formulas for b in blocks("Equation-Block", "<math>x</math>")] == [()]


@pytest.mark.parametrize("source", ["$$x^2$$", r"\[x^2\]", r"\(x^2\)", "$x^2$", " x^2 "])
def test_latex_has_no_delimiters(source: str) -> None:
    assert [b.latex for b in blocks("Equation-Block", f"<math>{source}</math>")] == ["x^2"]


def test_a_formula_without_math_tags_is_latex_and_a_chemical_one_is_not() -> None:
    assert [b.latex for b in blocks("Equation", r"\frac{1}{2}")] == [r"\frac{1}{2}"]
    assert [(b.text, b.latex) for b in blocks("Chemical-Block", "<chem>CC(=O)O</chem>")] == [("CC(=O)O", None)]


def test_a_table_block_holds_the_grid_and_its_caption_stands_apart() -> None:
    caption, grid = blocks(
        "Table", "<p>Table 1</p><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    )
    assert (caption.kind, caption.text) == (BlockKind.CAPTION, "Table 1")
    assert grid.table is not None
    assert grid.table.grid() == [["a", "b"], ["1", "2"]]
    assert grid.text == "a\tb\n1\t2"


def test_what_is_said_of_a_picture_is_its_text_and_its_data_a_table() -> None:
    html = '<img alt="A diagram"/><p>Sales</p><table><tr><td>1</td></tr></table>'
    assert found("Figure", html) == [("picture", "A diagram\nSales"), ("table", "1")]
    assert found("Picture", "") == [("picture", "")]
    assert found("Complex-Block", "") == [("picture", "")]
    assert found("Text", '<img alt="A logo">') == [("picture", "A logo")]


def test_code_keeps_its_blanks() -> None:
    html = "<pre><code>def f():\n    return a &lt; b\n</code></pre>"
    assert found("Code", html) == [("code", "def f():\n    return a < b")]
    assert found("Text", html) == [("code", "def f():\n    return a < b")]


def test_form_fields_and_small_signs_are_text() -> None:
    html = "<p>Name: <input type=text value='Ada'> E = mc<sup>2</sup>, H<sub>2</sub>O, 1<sup>st</sup></p>"
    assert found("Form", html) == [("text", "Name: Ada E = mc², H₂O, 1st")]


def test_breaks_stay_and_blanks_are_squeezed() -> None:
    assert found("Text", "<p>Thomas  \n Leonard<br/> at&nbsp;home </p>") == [("text", "Thomas Leonard\nat home")]


def test_blank_blocks_and_blank_pages_make_nothing() -> None:
    assert found("Text", "<p> </p>") == []
    assert found("Blank-Page", "<p>blank</p>") == []


def test_a_block_without_a_box_has_the_page_and_a_warning() -> None:
    made = blocks_of_answer('<div data-label="Text">a</div>', width=20, height=10)
    assert [b.bbox for b in made.blocks] == [(0, 0, 20, 10)]
    assert [w.code for w in made.warnings] == ["bad_bbox"]


def test_confidence_is_that_of_the_block() -> None:
    made = blocks_of([Labelled("Text", (0, 0, 1, 1), "<p>a</p><p>b</p>", 0.5), Labelled("Text", (0, 0, 1, 1), "c")])
    assert [b.confidence for b in made] == [0.5, 0.5, None]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<script>alert(1)</script>ok", "ok"),
        ("<style>p{}</style>ok<!-- no -->", "ok"),
        ("<p onclick='x()'>ok</p>", "ok"),
        ("<a href='javascript:alert(1)'>ok</a>", "ok"),
        ("<iframe src=x></iframe>ok<svg onload=x><p>no</p></svg>", "ok"),
        ("ok<img src=x onerror=alert(1) alt=''>", "ok"),
        ("o\x00k\x1b", "ok"),
        ("<b>ok</b", "ok</b"),
        ("x<y and y>z", "x<y and y>z"),
        ("List<String>", "List<String>"),
        ("a &lt;b&gt; c", "a <b> c"),
    ],
)
def test_no_markup_survives_and_no_text_is_lost(html: str, text: str) -> None:
    assert found("Text", html) == [("text", text)]


def test_no_tag_that_html_knows_is_left_in_any_text() -> None:
    html = "<div><p>a<ul><li>b</p><td>c</table></div></ul><h2>d<table><tr>e<td>f<p>g</tr></h2>"
    text = " ".join(b.text for b in blocks("Form", html))
    assert sorted(re.findall(r"\S", text)) == list("abcdefg")


@pytest.mark.parametrize("endless", ["<ul><li>", "<div>", "<b>", "<table><tr><td>", "<p>", "</div>", "<sup>", "<b <b "])
def test_endless_nesting_ends(endless: str) -> None:
    started = time.monotonic()
    assert blocks_of([Labelled("Text", (0, 0, 1, 1), "word" + endless * 3000 + "end")])
    assert time.monotonic() - started < 5

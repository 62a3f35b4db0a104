from __future__ import annotations

import time

import pytest

from ocrkit.markup.blocks import blocks_of_answer
from ocrkit.markup.repair import escaped_math, mended

ONE = '<div data-bbox="0 0 100 100" data-label="Text"><p>one</p></div>'
TWO = '<div data-bbox="0 100 100 200" data-label="Section-Header"><h2>two</h2></div>'


def contents(answer: str) -> list[str]:
    return [fragment.html for fragment in mended(answer).fragments]


def test_a_good_answer_is_cut_into_its_blocks_and_nothing_is_mended() -> None:
    done = mended(f"{ONE}\n{TWO}")
    assert [(f.label, f.box, f.html) for f in done.fragments] == [
        ("Text", (0, 0, 100, 100), "<p>one</p>"),
        ("Section-Header", (0, 100, 100, 200), "<h2>two</h2>"),
    ]
    assert done.repairs == ()


def test_an_unclosed_block_does_not_swallow_the_next() -> None:
    answer = ONE.removesuffix("</div>") + TWO
    assert contents(answer) == ["<p>one</p>", "<h2>two</h2>"]
    assert mended(answer).repairs == ("unclosed_block",)


@pytest.mark.parametrize(
    "wrapped",
    [
        f"<html><body>{ONE}{TWO}</body></html>",
        f"<!DOCTYPE html><html><head></head><body>{ONE}{TWO}</body></html>\n",
        f"<div>{ONE}{TWO}</div>",
        f'<div class="page">\n{ONE}\n{TWO}\n</div>',
        f"```html\n{ONE}\n{TWO}\n```",
        f"```\n{ONE}\n{TWO}",
        f"<think>a page with two blocks</think>\n{ONE}{TWO}",
    ],
)
def test_a_wrapped_answer_has_the_same_blocks(wrapped: str) -> None:
    assert contents(wrapped) == ["<p>one</p>", "<h2>two</h2>"]
    assert mended(wrapped).repairs == ()


def test_what_is_said_before_a_fence_is_not_of_the_page() -> None:
    done = mended(f"Here is the page:\n```html\n{ONE}\n```\nAnything else?")
    assert [f.html for f in done.fragments] == ["<p>one</p>"]
    assert done.repairs == ("preamble",)


@pytest.mark.parametrize(
    "box", ["10,20,30,40", "10, 20, 30, 40", "[10, 20, 30, 40]", " 10 20  30\t40 ", "10 20 30 40.0"]
)
def test_the_numbers_of_a_box_may_be_parted_in_any_way(box: str) -> None:
    [fragment] = mended(f'<div data-label="Text" data-bbox="{box}">q</div>').fragments
    assert fragment.box == (10, 20, 30, 40)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1200 100 -5 10", (0, 10, 1000, 100)),
        ("-20 0 1200 1100", (0, 0, 1000, 1000)),
        ("50 90 10 20", (10, 20, 50, 90)),
    ],
)
def test_a_box_that_is_inverted_or_out_of_range_is_put_right(written: str, meant: tuple[float, ...]) -> None:
    done = mended(f'<div data-label="Text" data-bbox="{written}">q</div>')
    assert done.fragments[0].box == meant
    assert done.repairs == ("box_mended",)


@pytest.mark.parametrize("box", ["1 2 3", "", "a b c d", "1 2 3 4 5"])
def test_a_block_whose_box_cannot_be_read_keeps_its_text(box: str) -> None:
    done = mended(f'<div data-label="Text" data-bbox="{box}">kept</div>{TWO}')
    assert [(f.html, f.box is None) for f in done.fragments] == [("kept", True), ("<h2>two</h2>", False)]
    assert done.repairs == ("bad_bbox",)


def test_text_between_before_and_after_blocks_is_kept_in_its_place() -> None:
    done = mended(f"first {ONE} <p>between</p> {TWO} last")
    assert [f.html for f in done.fragments] == ["first", "<p>one</p>", "<p>between</p>", "<h2>two</h2>", "last"]
    assert [f.box is None for f in done.fragments] == [True, False, True, False, True]
    assert done.repairs == ("text_outside_blocks",)


def test_divs_inside_a_block_do_not_end_it() -> None:
    inner = '<div class="x"><p>in</p></div><p>after</p>'
    assert contents(f'<div data-label="Form" data-bbox="0 0 9 9">{inner}</div>{TWO}') == [inner, "<h2>two</h2>"]


@pytest.mark.parametrize(
    ("markup", "escaped"),
    [
        ("<math>a<b & c</math> tail", "<math>a&lt;b &amp; c</math> tail"),
        ("<math>a &lt; b</math>", "<math>a &lt; b</math>"),
        ("<td><math>a<b</td><td>c</td>", "<td><math>a&lt;b</math></td><td>c</td>"),
        ("<math>a <math>b</math>", "<math>a </math><math>b</math>"),
        ('<math display="block">x>y', '<math display="block">x&gt;y</math>'),
    ],
)
def test_formulas_are_closed_and_hold_no_tags(markup: str, escaped: str) -> None:
    assert escaped_math(markup) == escaped


def test_a_raw_less_than_in_a_formula_costs_no_other_block() -> None:
    done = mended(f'<div data-label="Text" data-bbox="0 0 9 9">if <math>a<b</math> then</div>{TWO}')
    assert [f.html for f in done.fragments] == ["if <math>a&lt;b</math> then", "<h2>two</h2>"]
    assert done.repairs == ("math_escaped",)


@pytest.mark.parametrize(
    ("answer", "repair"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("<html><body></body></html>", "empty"),
        ("Sorry, I cannot.", "no_blocks"),
        ("<p>text</p>", "no_blocks"),
    ],
)
def test_an_answer_without_blocks_says_whether_it_was_empty(answer: str, repair: str) -> None:
    done = mended(answer)
    assert (done.fragments, done.repairs) == ((), (repair,))


def test_the_mended_markup_mends_to_itself() -> None:
    broken = f'pre{ONE.removesuffix("</div>")}<div data-label="A&quot;b" data-bbox="9,9,1,1"><math>a<b</math></div>post'
    once = mended(broken)
    again = mended(once.markup)
    assert [(f.label, f.html) for f in again.fragments] == [(f.label, f.html) for f in once.fragments]
    assert again.repairs == ()


@pytest.mark.parametrize(
    "endless",
    ['<div data-label="', "<math>", "<math", "<div ", '<div data-bbox="1 1 2 2" ', "<b <b", "```\n", "<!--", "<think>"],
)
def test_an_answer_that_repeats_itself_takes_no_time(endless: str) -> None:
    started = time.monotonic()
    mended(endless * (40_000 // len(endless)))
    mended(ONE + endless * (40_000 // len(endless)))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "inner", ["x<y", "a <b", "<div>open", "<!-- never closed", "List<String", "<script>1", "</p></b>", "<textarea>a"]
)
def test_nothing_in_a_block_reaches_out_of_it(inner: str) -> None:
    done = mended(f'<div data-label="Text" data-bbox="0 0 9 9">{inner}</div>{TWO}')
    texts = [block.text for block in blocks_of_answer(done.markup, width=9, height=9).blocks]
    assert texts[-1] == "two"
    assert done.markup.count("<div") == done.markup.count("</div>")

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ocrkit.exporters import MarkdownOptions
from ocrkit.exporters.md import MarkdownExporter
from ocrkit.model import Block, BlockKind, Cell, Document, Page, PageError, PageStatus, Table

if TYPE_CHECKING:
    from markdown_it.token import Token

BOX = (0.0, 0.0, 10.0, 10.0)


def markdown(*blocks: Block, options: MarkdownOptions | None = None) -> str:
    return markdown_of(Document(pages=(page(1, *blocks),)), options)


def page(number: int, *blocks: Block) -> Page:
    return Page(number=number, width=100, height=100, blocks=blocks)


def markdown_of(document: Document, options: MarkdownOptions | None = None) -> str:
    out = io.BytesIO()
    MarkdownExporter().export(document, out, options=options or MarkdownOptions(), source=None)
    return out.getvalue().decode()


def parsed(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def plain(token: Token) -> str:
    """What a reader sees of an inline token."""
    breaks = ("softbreak", "hardbreak")
    return "".join("\n" if child.type in breaks else child.content for child in token.children or ())


def paragraph(text: str) -> Block:
    return Block(text=text, bbox=BOX)


def item(text: str, marker: str, level: int = 1) -> Block:
    return Block(kind=BlockKind.LIST_ITEM, text=text, bbox=BOX, marker=marker, level=level)


def table(*rows: list[str], header: bool = True) -> Block:
    cells = tuple(
        Cell(row=r, column=c, text=text, header=header and r == 0)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    made = Table(rows=len(rows), columns=len(rows[0]), cells=cells)
    return Block(kind=BlockKind.TABLE, text="", bbox=BOX, table=made)


SIGNS = st.text(alphabet="ab1 .)\n\\`*_{}[]()<>#+-!|~=&:;^$\"'/x", min_size=1, max_size=40)


@given(SIGNS)
@example("# no heading")
@example("1. no list\n- nor this\n> nor that")
@example("a\n---")
@example("[x](http://y) ![p](q) [r]: /s")
@example("&amp; <b> <!-- c --> \\* ``code``")
@example("a | b\n--- | ---")
def test_a_paragraph_renders_as_its_text_whatever_it_holds(text: str) -> None:
    expected = [" ".join(line.split()) for line in text.splitlines()]
    expected = [line for line in expected if line]
    tokens = parsed(markdown(paragraph(text)))
    if not expected:
        assert tokens == []
        return
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert plain(tokens[1]) == "\n".join(expected)
    assert {child.type for child in tokens[1].children or ()} <= {"text", "text_special", "hardbreak"}


@pytest.mark.parametrize(
    "text",
    [
        "Costs rose by 5 * 3 = 15 (see p. 4) - a lot!",
        "snake_case_name and a < b && c > d; AT&T, R&D",
        "Price: $5. Mail: a.b@c.example, 10:30, [1], 50%, #1",
        "3.5 is no list item, nor is -1 or +49",
        "Name: ________ (please print)",
        "see https://example.org/_a_b_/c?x=1&copy;=2 and _",
    ],
)
def test_ordinary_prose_is_not_escaped(text: str) -> None:
    assert markdown(paragraph(text)) == text + "\n"


def test_two_dollar_signs_do_not_become_a_formula() -> None:
    assert markdown(paragraph("from $5 to 6$")) == "from \\$5 to 6\\$\n"


def test_headings_have_their_levels_and_keep_their_numbers() -> None:
    text = markdown(
        Block(kind=BlockKind.TITLE, text="Report #", bbox=BOX),
        Block(kind=BlockKind.SECTION_HEADER, text="1. Aims\nand means", bbox=BOX, level=2),
        Block(kind=BlockKind.SECTION_HEADER, text="Deep", bbox=BOX, level=9),
    )
    tokens = parsed(text)
    assert [t.tag for t in tokens if t.type == "heading_open"] == ["h1", "h2", "h6"]
    assert [plain(t) for t in tokens if t.type == "inline"] == ["Report #", "1. Aims and means", "Deep"]


def test_lists_nest_and_keep_their_numbers() -> None:
    text = markdown(
        item("one", "1."), item("sub", "•", 2), item("subsub", "3.", 3), item("two", "2."), item("five", "5."),
        item("six", "6."),
    )  # fmt: skip
    tokens = parsed(text)
    opened = [t for t in tokens if t.type in ("ordered_list_open", "bullet_list_open")]
    assert [(t.type[:2], t.level, t.attrs.get("start", 1)) for t in opened] == [
        ("or", 0, 1), ("bu", 2, 1), ("or", 4, 3), ("or", 0, 5),
    ]  # fmt: skip
    assert [plain(t) for t in tokens if t.type == "inline"] == ["one", "sub", "subsub", "two", "five", "six"]


def test_a_marker_that_markdown_cannot_count_is_kept_as_text() -> None:
    tokens = parsed(markdown(item("first", "a)"), item("second", "b)"), item("third", "(iv)")))
    assert [plain(t) for t in tokens if t.type == "inline"] == ["a) first", "b) second", "(iv) third"]


def test_checkboxes_become_task_items() -> None:
    assert markdown(item("done", "☑"), item("open", "☐")) == "- [x] done\n- [ ] open\n"


def test_a_list_goes_on_over_the_end_of_a_page() -> None:
    pages = (page(1, item("one", "1.")), page(2, item("two", "2.")))
    assert markdown_of(Document(pages=pages)) == "1. one\n2. two\n"


def test_a_plain_table_is_a_pipe_table_with_its_texts() -> None:
    text = markdown(table(["Item", "a|b"], ["`x` \\|", "-1.5"], ["two\nlines", "7 %"]))
    tokens = parsed(text)
    assert tokens[0].type == "table_open"
    cells = [plain(t) for t in tokens if t.type == "inline"]
    assert cells == ["Item", "a|b", "`x` \\|", "-1.5", "two<br>lines", "7 %"]
    assert "| --- | ---: |" in text


def test_a_table_with_spans_is_html_in_one_piece() -> None:
    cells = (
        Cell(row=0, column=0, column_span=2, text="A & <b>", header=True),
        Cell(row=1, column=0, text="x\n\ny"),
        Cell(row=1, column=1, text="1,200 €"),
    )
    block = Block(kind=BlockKind.TABLE, text="", bbox=BOX, table=Table(rows=2, columns=2, cells=cells))
    text = markdown(block, paragraph("after"))
    tokens = parsed(text)
    assert [t.type for t in tokens][:2] == ["html_block", "paragraph_open"]
    assert '<th colspan="2">A &amp; &lt;b&gt;</th>' in text
    assert '<tr><td>x<br>y</td><td align="right">1,200 €</td></tr>' in text


def test_code_with_fences_in_it_stays_one_code_block() -> None:
    code = "```sh\n  ls *\n```"
    tokens = parsed(markdown(Block(kind=BlockKind.CODE, text=code, bbox=BOX)))
    assert [t.type for t in tokens] == ["fence"]
    assert tokens[0].content == code + "\n"


def test_a_formula_stands_between_double_dollars() -> None:
    block = Block(kind=BlockKind.FORMULA, text="E=mc2", bbox=BOX, latex="E = mc^2\n\n\\alpha")
    assert markdown(block) == "$$\nE = mc^2\n\\alpha\n$$\n"


def test_formulas_within_text_stand_between_dollars_and_prices_do_not() -> None:
    text = r"If \(a_1 < b^*\) costs $5, \(not\) this and \(a_1 < b^*\)"
    formulas = ("a_1 < b^*",)
    expected = r"If $a_1 < b^*$ costs \$5, \\(not\\) this and $a_1 < b^*$"
    assert markdown(Block(text=text, bbox=BOX, formulas=formulas)).strip() == expected
    item = Block(kind=BlockKind.LIST_ITEM, text=text, bbox=BOX, formulas=formulas)
    assert markdown(item).strip() == f"- {expected}"
    head = Block(kind=BlockKind.SECTION_HEADER, text=text, bbox=BOX, formulas=formulas, level=2)
    assert markdown(head).strip() == f"## {expected}"
    grid = Table(rows=2, columns=1, cells=(Cell(row=0, column=0, text="x"), Cell(row=1, column=0, text=r"\(|x|\)")))
    table = Block(kind=BlockKind.TABLE, text="", table=grid, bbox=BOX, formulas=("|x|",))
    assert markdown(table).splitlines()[2] == r"| $\|x\|$ |"


def test_page_headers_and_footers_are_left_out_unless_asked_for() -> None:
    blocks = [Block(kind=BlockKind.PAGE_HEADER, text="ACME", bbox=BOX), paragraph("text")]
    assert markdown(*blocks) == "text\n"
    assert markdown(*blocks, options=MarkdownOptions(page_furniture=True)) == "ACME\n\ntext\n"


def test_page_breaks_are_marked_as_asked() -> None:
    document = Document(pages=(page(1, paragraph("a")), page(2, paragraph("b"))))
    assert markdown_of(document) == "a\n\nb\n"
    assert markdown_of(document, MarkdownOptions(page_break="rule")) == "a\n\n---\n\nb\n"
    assert markdown_of(document, MarkdownOptions(page_break="comment")) == "a\n\n<!-- page 2 -->\n\nb\n"


def test_a_page_that_failed_says_so() -> None:
    failed = Page(
        number=2, width=1, height=1, status=PageStatus.FAILED, error=PageError(code="x", message="It is broken.")
    )
    assert markdown_of(Document(pages=(failed,))) == "> Page 2 could not be read. It is broken.\n"


def test_a_document_without_text_is_an_empty_file() -> None:
    assert markdown_of(Document()) == ""

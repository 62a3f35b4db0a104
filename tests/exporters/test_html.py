from __future__ import annotations

import io
from html.parser import HTMLParser

from ocrkit.exporters import HtmlOptions
from ocrkit.exporters.html import HtmlExporter
from ocrkit.model import Block, BlockKind, Cell, Document, Page, Table
from ocrkit.testing import hostile_document, sample_document

BOX = (0.0, 0.0, 10.0, 10.0)
VOID = {"meta", "br"}


class Tree(HTMLParser):
    """Fails where elements are not closed in order; keeps `path: text` lines and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and "section" in self.open:
            self.texts.append(("/".join(self.open[3:]), data.strip()))


def written(document: Document, options: HtmlOptions | None = None) -> str:
    out = io.BytesIO()
    HtmlExporter().export(document, out, options=options or HtmlOptions(), source=None)
    return out.getvalue().decode()


def tree(*blocks: Block) -> Tree:
    return Tree(written(Document(pages=(Page(number=1, width=10, height=10, blocks=blocks),))))


def item(text: str, marker: str, level: int = 1) -> Block:
    return Block(kind=BlockKind.LIST_ITEM, text=text, bbox=BOX, marker=marker, level=level)


def test_every_document_is_well_formed() -> None:
    for document in (sample_document(), hostile_document(), Document()):
        Tree(written(document, HtmlOptions(page_furniture=True)))


def test_headings_and_paragraphs_hold_their_text() -> None:
    found = tree(
        Block(kind=BlockKind.TITLE, text="A <b> & c", bbox=BOX),
        Block(kind=BlockKind.SECTION_HEADER, text="Deep", bbox=BOX, level=8),
        Block(text="line one\nline two", bbox=BOX),
        Block(kind=BlockKind.CODE, text="if a < b:\n    pass", bbox=BOX),
    )
    assert found.texts == [
        ("h1", "A <b> & c"), ("h6", "Deep"), ("p", "line one"), ("p", "line two"), ("pre/code", "if a < b:\n    pass"),
    ]  # fmt: skip


def test_lists_nest_and_keep_their_numbers() -> None:
    found = tree(item("one", "1."), item("dot", "•", 2), item("two", "2."), item("seven", "7."), item("x", "(§)"))
    assert found.texts == [
        ("ol/li", "one"), ("ol/li/ul/li", "dot"), ("ol/li", "two"), ("ol/li", "seven"), ("ul/li", "(§) x"),
    ]  # fmt: skip
    assert [attrs.get("value") for tag, attrs in found.tags if tag == "li"] == ["1", None, "2", "7", None]


def test_tables_have_header_cells_and_spans() -> None:
    cells = (
        Cell(row=0, column=0, column_span=2, text="Head", header=True),
        Cell(row=1, column=0, row_span=2, text="tall", header=True),
        Cell(row=1, column=1, text="x"),
    )
    made = Table(rows=3, columns=2, cells=cells)
    found = tree(Block(kind=BlockKind.TABLE, text="", bbox=BOX, table=made))
    assert found.texts == [("table/thead/tr/th", "Head"), ("table/tbody/tr/th", "tall"), ("table/tbody/tr/td", "x")]
    spans = [attrs for tag, attrs in found.tags if tag == "th"]
    assert spans[0] == {"scope": "col", "colspan": "2", "dir": "auto"}
    assert spans[1] == {"scope": "row", "rowspan": "2", "dir": "auto"}
    assert sum(tag == "td" for tag, _ in found.tags) == 2


def test_columns_of_numbers_are_set_flush_right() -> None:
    texts = [["Item", "Sum"], ["pears", "1,200"], ["plums", "-7 %"]]
    cells = tuple(
        Cell(row=r, column=c, text=text, header=r == 0) for r, row in enumerate(texts) for c, text in enumerate(row)
    )
    made = Table(rows=3, columns=2, cells=cells)
    found = tree(Block(kind=BlockKind.TABLE, text="", bbox=BOX, table=made))
    assert [attrs.get("class") for tag, attrs in found.tags if tag in ("th", "td")] == [None, "number"] * 3


def test_page_headers_and_footers_are_left_out_unless_asked_for() -> None:
    page = Page(number=1, width=9, height=9, blocks=(Block(kind=BlockKind.PAGE_HEADER, text="ACME", bbox=BOX),))
    assert "ACME" not in written(Document(pages=(page,)))
    assert "<header" in written(Document(pages=(page,)), HtmlOptions(page_furniture=True))


def test_nothing_from_the_document_becomes_markup() -> None:
    assert "<script" not in written(hostile_document())

from __future__ import annotations

import io
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from ocrkit.exporters import DocxOptions
from ocrkit.exporters.docx import DocxExporter
from ocrkit.model import Block, BlockKind, Cell, Document, Line, Page, Table

BOX = (0.0, 0.0, 10.0, 10.0)


def opened(*pages: Page, options: DocxOptions | None = None, metadata: dict[str, str] | None = None) -> Any:
    out = io.BytesIO()
    document = Document(pages=pages, metadata=metadata or {})
    DocxExporter().export(document, out, options=options or DocxOptions(), source=None)
    return docx.Document(io.BytesIO(out.getvalue()))


def page(*blocks: Block, number: int = 1, size: tuple[int, int] = (850, 1100)) -> Page:
    return Page(number=number, width=size[0], height=size[1], dpi=100, blocks=blocks)


def block(text: str, kind: BlockKind = BlockKind.TEXT, level: int | None = None, marker: str = "") -> Block:
    return Block(kind=kind, text=text, bbox=BOX, level=level, marker=marker)


def numbering_of(file: Any, paragraph: Any) -> tuple[int, int, str, str]:
    """Depth, start, format and pattern that Word will use for the paragraph's number."""
    properties = paragraph.paragraph_format.element.pPr.numPr
    root = file.part.numbering_part.element
    depth = properties.ilvl.val
    num = root.find(f"{qn('w:num')}[@{qn('w:numId')}='{properties.numId.val}']")
    abstract = root.find(f"{qn('w:abstractNum')}[@{qn('w:abstractNumId')}='{num.abstractNumId.val}']")
    level = abstract.find(f"{qn('w:lvl')}[@{qn('w:ilvl')}='{depth}']")
    override = num.find(f"{qn('w:lvlOverride')}[@{qn('w:ilvl')}='{depth}']/{qn('w:startOverride')}")
    start = 1 if override is None else override.val
    value = qn("w:val")
    return depth, start, level.find(qn("w:numFmt")).get(value), level.find(qn("w:lvlText")).get(value)


def test_headings_captions_and_code_have_their_styles() -> None:
    file = opened(
        page(
            block("Title", BlockKind.TITLE),
            block("Part", BlockKind.SECTION_HEADER, level=2),
            block("Deep", BlockKind.SECTION_HEADER, level=12),
            block("prose"),
            block("Fig. 1", BlockKind.CAPTION),
            block("a\n  b", BlockKind.CODE),
        )
    )
    assert [(p.style.name, p.text) for p in file.paragraphs] == [
        ("Heading 1", "Title"), ("Heading 2", "Part"), ("Heading 9", "Deep"), ("Normal", "prose"),
        ("Caption", "Fig. 1"), ("Code", "a\n  b"),
    ]  # fmt: skip


def test_lists_nest_and_keep_their_numbers() -> None:
    items = [("one", "1.", 1), ("dot", "•", 2), ("two", "2.", 1), ("five", "5.", 1), ("six", "6.", 1)]
    file = opened(page(*(block(text, BlockKind.LIST_ITEM, level, marker) for text, marker, level in items)))
    first, dot, second, fifth, sixth = file.paragraphs
    assert [p.style.name for p in file.paragraphs] == [
        "List Number", "List Bullet 2", "List Number", "List Number", "List Number",
    ]  # fmt: skip
    assert numbering_of(file, first) == (0, 1, "decimal", "%1.")
    assert numbering_of(file, dot)[2] == "bullet"
    assert second.paragraph_format.element.pPr.numPr.numId.val == first.paragraph_format.element.pPr.numPr.numId.val
    assert numbering_of(file, fifth) == (0, 5, "decimal", "%1.")
    assert sixth.paragraph_format.element.pPr.numPr.numId.val == fifth.paragraph_format.element.pPr.numPr.numId.val


def test_letters_and_roman_numerals_count_as_word_counts_them() -> None:
    items = [("h", "(h)"), ("i", "(i)"), ("first", "i."), ("second", "ii."), ("odd", "1.2.3")]
    file = opened(page(*(block(text, BlockKind.LIST_ITEM, 1, marker) for text, marker in items)))
    assert numbering_of(file, file.paragraphs[1]) == (0, 8, "lowerLetter", "(%1)")
    assert numbering_of(file, file.paragraphs[3]) == (0, 1, "lowerRoman", "%1.")
    assert file.paragraphs[4].text == "1.2.3\todd"


def test_tables_have_merged_cells_and_repeated_header_rows() -> None:
    cells = (
        Cell(row=0, column=0, column_span=2, text="Head", header=True),
        Cell(row=1, column=0, row_span=2, text="tall"),
        Cell(row=1, column=1, text="b"),
        Cell(row=2, column=1, text="c\nd"),
    )
    made = Block(kind=BlockKind.TABLE, text="", bbox=BOX, table=Table(rows=3, columns=2, cells=cells))
    file = opened(page(made, made))
    assert len(file.tables) == 2
    table = file.tables[0]
    rows = list(file.element.body.iter(qn("w:tr")))[:3]
    assert [row.tc_lst[0].grid_span for row in rows] == [2, 1, 1]
    assert [row.tc_lst[0].vMerge for row in rows] == [None, "restart", "continue"]
    assert [table.cell(*at).text for at in ((0, 0), (1, 0), (1, 1), (2, 1))] == ["Head", "tall", "b", "c\nd"]
    assert [row.find(qn("w:trPr") + "/" + qn("w:tblHeader")) is not None for row in rows] == [True, False, False]
    assert table.cell(0, 0).paragraphs[0].runs[0].bold


def test_each_page_begins_on_a_new_page_of_its_size() -> None:
    pages = [page(block("a")), page(block("b"), number=2), page(block("c"), number=3, size=(1100, 850))]
    file = opened(*pages)
    assert [bool(p.paragraph_format.page_break_before) for p in file.paragraphs] == [False, True, False]
    assert [(s.page_width.inches, s.page_height.inches) for s in file.sections] == [(8.5, 11.0), (11.0, 8.5)]
    flowing = opened(*pages, options=DocxOptions(page_breaks=False))
    assert [bool(p.paragraph_format.page_break_before) for p in flowing.paragraphs] == [False] * 3
    assert len(flowing.sections) == 1


def test_characters_that_xml_cannot_hold_are_dropped() -> None:
    file = opened(page(block("a\x00b\x0cc\ufffe\U0001f600")), metadata={"title": "t\x01" + "x" * 300})
    assert file.paragraphs[0].text == "abc\U0001f600"
    assert file.core_properties.title == "t" + "x" * 254


def test_right_to_left_paragraphs_are_marked() -> None:
    file = opened(page(block("שלום 123"), block("hello שלום world"), block("", BlockKind.TEXT)))
    assert [bool(p.paragraph_format.element.xpath("w:pPr/w:bidi")) for p in file.paragraphs] == [True, False]
    assert file.paragraphs[0].runs[0].font.rtl


def test_page_headers_and_footers_are_left_out_unless_asked_for() -> None:
    only = page(block("ACME", BlockKind.PAGE_HEADER), block("text"), block("3", BlockKind.PAGE_FOOTER))
    assert [p.text for p in opened(only).paragraphs] == ["text"]
    kept = opened(only, options=DocxOptions(page_furniture=True))
    assert [(p.style.name, p.text) for p in kept.paragraphs] == [
        ("Header", "ACME"),
        ("Normal", "text"),
        ("Footer", "3"),
    ]


def test_properties_of_every_style_are_in_the_order_that_the_schema_wants() -> None:
    file = opened(page(block("שלום", BlockKind.LIST_ITEM, 1, "1.")))
    order = [child.tag for child in file.paragraphs[0].paragraph_format.element.pPr]
    assert order == [qn("w:pStyle"), qn("w:numPr"), qn("w:bidi")]


def test_nothing_of_the_template_shows() -> None:
    out = io.BytesIO()
    DocxExporter().export(Document(pages=(page(block("a")),)), out, options=DocxOptions(), source=None)
    with ZipFile(out) as parts:
        assert not [name for name in parts.namelist() if "thumbnail" in name]
        assert b"python-docx" not in parts.read("docProps/core.xml")


def test_columns_are_as_wide_as_on_the_page_and_the_table_fits_the_margins() -> None:
    narrow = (
        Cell(row=0, column=0, text="a", bbox=(100, 100, 180, 120)),
        Cell(row=0, column=1, text="b", bbox=(220, 100, 500, 120)),
    )
    made = Block(kind=BlockKind.TABLE, text="", bbox=(100, 100, 500, 120), table=Table(rows=1, columns=2, cells=narrow))
    wide = made.model_copy(update={"bbox": (0.0, 200.0, 850.0, 220.0)})
    file = opened(page(made, wide))
    widths = [[column.width.inches for column in table.columns] for table in file.tables]
    # A quarter of the table lies left of the middle of the gap; padding comes on top of 4 inches.
    assert widths[0] == pytest.approx([4.3 / 4, 4.3 * 3 / 4], abs=0.01)
    section = file.sections[0]
    assert sum(widths[1]) == pytest.approx(8.5 - section.left_margin.inches - section.right_margin.inches, abs=0.01)


def test_numbers_in_tables_are_set_flush_right() -> None:
    cells = (
        Cell(row=0, column=0, text="Item", header=True), Cell(row=0, column=1, text="Sum", header=True),
        Cell(row=1, column=0, text="pears"), Cell(row=1, column=1, text="△1,200"),
        Cell(row=2, column=0, text="12"), Cell(row=2, column=1, text="$ 7.50"),
    )  # fmt: skip
    made = Block(kind=BlockKind.TABLE, text="", bbox=BOX, table=Table(rows=3, columns=2, cells=cells))
    table = opened(page(made)).tables[0]
    aligned = [[cell.paragraphs[0].alignment for cell in row.cells] for row in table.rows]
    assert aligned == [[None, WD_ALIGN_PARAGRAPH.RIGHT]] * 3


def test_type_and_margins_are_those_of_the_page() -> None:
    line = Line(text="small print " * 5, bbox=(75, 110, 700, 120), font_size=12.5)
    text = Block(text=line.text, bbox=(75.0, 110.0, 700.0, 120.0), lines=(line,))
    file = opened(page(text))
    assert file.styles.element.xpath("w:docDefaults//w:sz/@w:val") == ["18"]  # half points: 12.5 / 100 * 72 = 9 pt
    section = file.sections[0]
    sides = (section.left_margin, section.top_margin, section.right_margin, section.bottom_margin)
    assert [side.inches for side in sides] == pytest.approx([0.75, 1.1, 1.25, 1.25], abs=0.01)


@pytest.mark.parametrize(
    ("language", "kind", "value"),
    [("de", "val", "de"), ("ja", "eastAsia", "ja-JP"), ("zh-Hant", "eastAsia", "zh-TW"), ("fa", "bidi", "fa")],
)
def test_the_language_is_that_of_most_pages(language: str, kind: str, value: str) -> None:
    other = page(block("a"), number=3).model_copy(update={"detected_language": "en"})
    pages = [page(block("a"), number=n).model_copy(update={"detected_language": language}) for n in (1, 2)]
    (found,) = opened(*pages, other).styles.element.xpath("w:docDefaults//w:lang")
    assert found.get(qn(f"w:{kind}")) == value

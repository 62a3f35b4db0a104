from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from ocrkit.contracts import ExporterOptions
from ocrkit.exporters.xlsx import XlsxExporter
from ocrkit.model import Block, BlockKind, Cell, Document, Page, Table

BOX = (0.0, 0.0, 10.0, 10.0)


def opened(*blocks: Block) -> Any:
    out = io.BytesIO()
    document = Document(pages=(Page(number=1, width=10, height=10, blocks=blocks),))
    XlsxExporter().export(document, out, options=ExporterOptions(), source=None)
    return openpyxl.load_workbook(io.BytesIO(out.getvalue()))


def table(*cells: Cell, rows: int, columns: int) -> Block:
    return Block(kind=BlockKind.TABLE, text="", bbox=BOX, table=Table(rows=rows, columns=columns, cells=cells))


def column(*texts: str) -> Any:
    cells = (Cell(row=row, column=0, text=text) for row, text in enumerate(texts))
    return opened(table(*cells, rows=len(texts), columns=1)).worksheets[0]


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("42", 42, "0"),
        ("1,234", 1234, "#,##0"),
        ("1,234.50", 1234.5, "#,##0.00"),
        ("-7", -7, "0"),
        ("−7.5", -7.5, "0.0"),
        ("+5", 5, "+0;-0"),
        ("(1,200)", -1200, "#,##0_);(#,##0)"),
        ("12.5%", 0.125, "0.0%"),
        ("$ 3.00", 3.0, '"$"0.00'),
        ("7 €", 7, '0" €"'),
        ("1 234 567", 1234567, "#,##0"),
        ("△1,234", -1234, '#,##0;"△"#,##0;"△"#,##0'),
    ],
)
def test_a_number_is_a_number_that_shows_as_it_is_printed(text: str, value: float, shown: str) -> None:
    made = column(text)["A1"]
    assert made.data_type == "n"
    assert made.value == pytest.approx(value)
    assert made.number_format == shown


@pytest.mark.parametrize(
    "text",
    [
        "007",
        "1234567890123456",
        "12-3",
        "1.2.3",
        "3 apples",
        "2024-05-01",
        "1,23",
        "12:30",
        "",
        "-",
        "(5",
        "5.",
        "1,2345.0",
    ],
)
def test_what_is_no_plain_number_stays_text(text: str) -> None:
    made = column(text, "x", "0.5", "7.25")["A1"]
    assert (made.value or "") == text
    assert made.data_type != "n" or made.value is None


def test_the_decimal_comma_is_told_by_the_other_cells() -> None:
    sheet = column("1.234", "5,50", "7,25")
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == [1234, 5.5, 7.25]


def test_a_space_that_a_scan_put_behind_a_comma_makes_no_decimals_of_thousands() -> None:
    sheet = column("12, 846", "18, 512", "5,664")
    assert sheet["A3"].value == 5664


def test_text_that_looks_like_a_formula_is_not_run() -> None:
    made = column("=1+1")["A1"]
    assert (made.value, made.data_type) == ("=1+1", "s")


def test_spans_are_merged_headers_bold_and_frozen() -> None:
    cells = (
        Cell(row=0, column=0, column_span=2, text="Head", header=True),
        Cell(row=1, column=0, row_span=2, text="tall"),
        Cell(row=2, column=1, text="a\nb\x00"),
    )
    sheet = opened(table(*cells, rows=3, columns=2)).worksheets[0]
    assert {str(cells) for cells in sheet.merged_cells.ranges} == {"A1:B1", "A2:A3"}
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet["B3"].value == "a\nb"


def test_each_table_has_its_sheet() -> None:
    one = table(Cell(row=0, column=0, text="x"), rows=1, columns=1)
    assert opened(one, Block(text="between", bbox=BOX), one).sheetnames == ["Table 1 (page 1)", "Table 2 (page 1)"]


def test_a_document_without_tables_gives_its_text() -> None:
    sheet = opened(Block(kind=BlockKind.TITLE, text="Title", bbox=BOX), Block(text="=prose", bbox=BOX))["Text"]
    assert [[made.value for made in row] for row in sheet.rows] == [
        ["Page", "Kind", "Text"], [1, "title", "Title"], [1, "text", "=prose"],
    ]  # fmt: skip

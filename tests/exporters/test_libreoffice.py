"""DOCX and XLSX files as LibreOffice understands them: opened without a window, saved in its own format, read back."""

from __future__ import annotations

import io
import subprocess
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from ocrkit.contracts import ExporterOptions
from ocrkit.exporters import DocxOptions
from ocrkit.exporters.docx import DocxExporter
from ocrkit.exporters.xlsx import XlsxExporter
from ocrkit.model import Block, BlockKind, Cell, Document, Page, Table

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"

SALES = Table(
    rows=4,
    columns=3,
    cells=(
        Cell(row=0, column=0, column_span=2, text="Region", header=True),
        Cell(row=0, column=2, text="Sales", header=True),
        Cell(row=1, column=0, row_span=2, text="Europe"),
        Cell(row=1, column=1, text="North"),
        Cell(row=1, column=2, text="1,200.50"),
        Cell(row=2, column=1, text="South\nand West"),
        Cell(row=2, column=2, text="-7"),
        Cell(row=3, column=0, row_span=1, column_span=3, text="All of it"),
    ),
)
CODES = Table(
    rows=3,
    columns=2,
    cells=(
        Cell(row=0, column=0, text="007"),
        Cell(row=0, column=1, text="12.5%"),
        Cell(row=1, column=0, text="=1+1"),
        Cell(row=1, column=1, text="$ 3.00"),
        Cell(row=2, column=0, text="△1,234"),
        Cell(row=2, column=1, text="שלום"),
    ),
)
LIST = [("one", "1.", 1), ("dot", "•", 2), ("letter", "(c)", 2), ("two", "2.", 1), ("five", "5.", 1), ("odd", "§ 3", 1)]


def block(text: str, kind: BlockKind = BlockKind.TEXT, level: int | None = None, marker: str = "") -> Block:
    return Block(kind=kind, text=text, bbox=(100.0, 100.0, 700.0, 130.0), level=level, marker=marker)


def table_of(table: Table) -> Block:
    return Block(kind=BlockKind.TABLE, text="", bbox=(100.0, 200.0, 700.0, 400.0), table=table)


def page(number: int, *blocks: Block, size: tuple[int, int] = (850, 1100)) -> Page:
    return Page(number=number, width=size[0], height=size[1], dpi=100, blocks=blocks)


DOCUMENT = Document(
    pages=(
        page(
            1,
            block("Title", BlockKind.TITLE, 1),
            block("Part", BlockKind.SECTION_HEADER, 2),
            block("Section", BlockKind.SECTION_HEADER, 3),
            block("Prose with <tags> & 你好."),
            *(block(text, BlockKind.LIST_ITEM, level, marker) for text, marker, level in LIST),
            table_of(SALES),
        ),
        page(2, table_of(CODES), table_of(SALES), block("שלום עולם")),
        page(3, block("landscape"), size=(1100, 850)),
    )
)


def converted(folder: Path, name: str, data: bytes, form: str) -> Path:
    """The file in another format, by a LibreOffice with settings of its own."""
    (folder / name).write_bytes(data)
    settings = f"-env:UserInstallation={(folder / 'settings').as_uri()}"
    command = ["soffice", "--headless", settings, "--convert-to", form, "--outdir", str(folder), str(folder / name)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / name).with_suffix("." + form.partition(":")[0])


@pytest.fixture(scope="module")
def docx() -> bytes:
    out = io.BytesIO()
    DocxExporter().export(DOCUMENT, out, options=DocxOptions(), source=None)
    return out.getvalue()


@pytest.fixture(scope="module")
def text(docx: bytes, tmp_path_factory: pytest.TempPathFactory) -> ET.Element:
    """The body of the text document."""
    path = converted(tmp_path_factory.mktemp("writer"), "a.docx", docx, "fodt")
    return ET.parse(path).getroot()  # noqa: S314 - LibreOffice wrote it from our own file


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> list[ET.Element]:
    """The sheets of the workbook."""
    out = io.BytesIO()
    XlsxExporter().export(DOCUMENT, out, options=ExporterOptions(), source=None)
    path = converted(tmp_path_factory.mktemp("calc"), "a.xlsx", out.getvalue(), "fods")
    return list(ET.parse(path).getroot().iter(f"{TABLE}table"))  # noqa: S314 - as above


def said(element: ET.Element) -> str:
    """The text of a paragraph or cell, paragraphs and line breaks as line breaks."""
    paragraphs = list(element.iter(f"{TEXT}p")) or [element]
    for mark in element.iter(f"{TEXT}line-break"):
        mark.text = "\n"
    return "\n".join("".join(paragraph.itertext()) for paragraph in paragraphs)


def cells_of(table: ET.Element) -> list[Cell]:
    """The cells that LibreOffice sees, empty ones left out."""
    found = []
    headers = {id(row) for group in table.iter(f"{TABLE}table-header-rows") for row in group}
    for at, row in enumerate(table.iter(f"{TABLE}table-row")):
        column = 0
        for cell in row:
            spans = [int(cell.get(f"{TABLE}number-{name}-spanned", "1")) for name in ("rows", "columns")]
            if cell.tag == f"{TABLE}table-cell" and said(cell).strip():
                found.append(
                    Cell(
                        row=at, column=column, row_span=spans[0], column_span=spans[1],
                        text=said(cell), header=id(row) in headers,
                    )
                )  # fmt: skip
            column += int(cell.get(f"{TABLE}number-columns-repeated", "1"))
    return found


def test_word_tables_have_the_same_cells_spans_and_header_rows(text: ET.Element) -> None:
    tables = list(text.iter(f"{TABLE}table"))
    assert [cells_of(table) for table in tables] == [list(one.cells) for one in (SALES, CODES, SALES)]


def test_headings_have_the_same_levels(text: ET.Element) -> None:
    headings = [(said(heading), heading.get(f"{TEXT}outline-level")) for heading in text.iter(f"{TEXT}h")]
    assert headings == [("Title", "1"), ("Part", "2"), ("Section", "3")]


def test_lists_nest_as_they_are_printed(text: ET.Element) -> None:
    parents = {child: parent for parent in text.iter() for child in parent}
    depths = {}
    for paragraph in text.iter(f"{TEXT}p"):
        above, depth = paragraph, 0
        while above in parents:
            above = parents[above]
            depth += above.tag == f"{TEXT}list"
        depths["".join(paragraph.itertext())] = depth
    wanted = {text: level for text, marker, level in LIST if marker != "§ 3"}
    assert {text: depths[text] for text in wanted} == wanted


def test_list_items_show_the_markers_that_are_printed(docx: bytes, tmp_path: Path) -> None:
    shown = converted(tmp_path, "a.docx", docx, "txt:Text (encoded):UTF8").read_text("utf-8-sig").splitlines()
    labels = [line.split() for line in shown if line.split() and line.split()[-1] in {text for text, _, _ in LIST}]
    bullet = labels.pop(1)
    assert bullet[1] == "dot"
    assert not bullet[0].isalnum()
    assert [" ".join(words) for words in labels] == ["1. one", "(c) letter", "2. two", "5. five", "§ 3 odd"]


def test_right_to_left_paragraphs_run_from_right_to_left(text: ET.Element) -> None:
    (paragraph,) = (one for one in text.iter(f"{TEXT}p") if said(one) == "שלום עולם")
    (style,) = (
        one for one in text.iter(f"{STYLE}style") if one.get(f"{STYLE}name") == paragraph.get(f"{TEXT}style-name")
    )
    properties = style.find(f"{STYLE}paragraph-properties")
    assert properties is not None
    assert properties.get(f"{STYLE}writing-mode") == "rl-tb"


def test_pages_have_the_sizes_of_the_original(docx: bytes, tmp_path: Path) -> None:
    pdf = converted(tmp_path, "a.docx", docx, "pdf")
    told = subprocess.run(["pdfinfo", "-l", "9", str(pdf)], check=True, capture_output=True, text=True).stdout
    sizes = [
        line.split(":")[1].split()[:3:2] for line in told.splitlines() if line.startswith("Page ") and "size:" in line
    ]
    assert sizes == [["612", "792"], ["612", "792"], ["792", "612"]]


def test_sheets_have_the_same_cells_and_spans(sheets: list[ET.Element]) -> None:
    assert [sheet.get(f"{TABLE}name") for sheet in sheets] == [
        "Table 1 (page 1)", "Table 2 (page 2)", "Table 3 (page 2)",
    ]  # fmt: skip
    plain = [cell.model_copy(update={"header": False}) for cell in SALES.cells]
    assert cells_of(sheets[0]) == plain
    assert cells_of(sheets[2]) == plain
    assert [cell.text for cell in cells_of(sheets[1])] == ["007", "12.5%", "=1+1", "$3.00", "△1,234", "שלום"]


def test_numbers_are_numbers_and_nothing_is_run(sheets: list[ET.Element]) -> None:
    cells = [cell for cell in sheets[1].iter(f"{TABLE}table-cell") if said(cell).strip()]
    kinds = [(cell.get(f"{OFFICE}value-type"), cell.get(f"{OFFICE}value")) for cell in cells]
    assert kinds == [
        ("string", None), ("percentage", "0.125"), ("string", None),
        ("float", "3"), ("float", "-1234"), ("string", None),
    ]  # fmt: skip
    assert not [cell for cell in cells if cell.get(f"{TABLE}formula")]

from __future__ import annotations

import csv
import io

import pytest
from pydantic import ValidationError

from ocrkit.exporters import CsvOptions
from ocrkit.exporters.csv import CsvExporter
from ocrkit.model import Block, BlockKind, Cell, Document, Line, Page, Table, Word

BOX = (1.0, 2.0, 1234.25, 40.5)


def written(document: Document, options: CsvOptions | None = None) -> bytes:
    out = io.BytesIO()
    CsvExporter().export(document, out, options=options or CsvOptions(), source=None)
    return out.getvalue()


def document(*blocks: Block) -> Document:
    return Document(pages=(Page(number=1, width=2000, height=100, blocks=blocks),))


def table(*rows: list[str]) -> Block:
    cells = tuple(Cell(row=r, column=c, text=text) for r, row in enumerate(rows) for c, text in enumerate(row))
    made = Table(rows=len(rows), columns=len(rows[0]), cells=cells)
    return Block(kind=BlockKind.TABLE, text="", bbox=BOX, table=made)


def test_tables_follow_one_another_with_a_blank_line_between() -> None:
    data = written(document(table(["a", "b"], ["1", "x,y"]), table(["c"], [""])))
    assert data == b'a,b\r\n1,"x,y"\r\n\r\nc\r\n""\r\n'


def test_quotes_and_line_breaks_in_cells_read_back() -> None:
    rows = [['say "hi"', "two\nlines"], ["tab\there", " padded "]]
    text = written(document(table(*rows))).decode()
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows


def test_a_blank_line_in_a_cell_does_not_part_the_table() -> None:
    assert b"\n\n" not in written(document(table(["a\n\nb"])))


def test_a_document_without_tables_gives_its_words_with_boxes() -> None:
    words = (Word(text="Hé", bbox=BOX, confidence=0.91234567), Word(text="ho", bbox=BOX))
    with_words = Block(text="Hé ho", bbox=BOX, lines=(Line(text="Hé ho", bbox=BOX, words=words),))
    only_line = Block(text="line", bbox=BOX, lines=(Line(text="line", bbox=BOX),))
    only_block = Block(text="block", bbox=BOX, confidence=1.0)
    rows = list(csv.reader(written(document(with_words, only_line, only_block)).decode().splitlines()))
    assert rows == [
        ["page", "text", "x0", "y0", "x1", "y1", "confidence"],
        ["1", "Hé", "1", "2", "1234.25", "40.5", "0.9123"],
        ["1", "ho", "1", "2", "1234.25", "40.5", ""],
        ["1", "line", "1", "2", "1234.25", "40.5", ""],
        ["1", "block", "1", "2", "1234.25", "40.5", "1"],
    ]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+A1"])
def test_a_formula_is_guarded_unless_told_otherwise(text: str) -> None:
    source = document(table([text]))
    assert next(csv.reader([written(source).decode()])) == ["'" + text]
    assert next(csv.reader([written(source, CsvOptions(formula_guard=False)).decode()])) == [text]


@pytest.mark.parametrize("text", ["-5", "+49 30 123-45", "-1,234.50 €", "(5)", "-", "a=b", "-12.5%"])
def test_numbers_and_dashes_are_never_guarded(text: str) -> None:
    assert next(csv.reader([written(document(table([text]))).decode()])) == [text]


def test_delimiter_and_byte_order_mark_are_options() -> None:
    data = written(document(table(["a", "b,c"])), CsvOptions(delimiter=";", bom=True))
    assert data == b"\xef\xbb\xbfa;b,c\r\n"
    with pytest.raises(ValidationError):
        CsvOptions(delimiter='"')


def test_words_can_be_asked_for_in_spite_of_tables() -> None:
    assert written(document(table(["a"])), CsvOptions(content="words")).startswith(b"page,text,")
    assert written(document(), CsvOptions(content="tables")) == b""


@pytest.mark.parametrize("given", ["tab", r"\t", "\t"])
def test_a_tab_can_be_named(given: str) -> None:
    assert CsvOptions(delimiter=given).delimiter == "\t"

"""Tables that go on over pages: told by their columns and headers, and put together for formats without pages."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest
from openpyxl import load_workbook
from tests.layout.pages import column, line, page, prose

import ocrkit
from ocrkit.layout import arrange, arrange_document
from ocrkit.layout.continued import whole_tables
from ocrkit.model import Document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.model import Line, Page, Table

XS = (100, 500, 700)
HEAD = ["District", "People", "Share"]
HEIGHT = 2200
"""Of a page, in pixels."""


def _rows(name: str, count: int) -> list[list[str]]:
    return [[f"{name} {i}", f"{100 + 37 * i}", f"{i}.5"] for i in range(1, count + 1)]


def _set(rows: Sequence[Sequence[str]], y: float, xs: Sequence[int] = XS) -> list[Line]:
    return [line(text, x, y + 30 * i) for i, row in enumerate(rows) for text, x in zip(row, xs, strict=True) if text]


def _document(*pages: Sequence[Line]) -> Document:
    arranged = tuple(arrange(page(lines, number=i)) for i, lines in enumerate(pages, 1))
    return arrange_document(Document(pages=arranged, page_count=len(arranged)))


def _at_foot(rows: Sequence[Sequence[str]]) -> list[Line]:
    """A page whose text ends with the table."""
    top = HEIGHT - 200 - 30 * len(rows)
    return [*column(prose("a", 5, 80), 100, 250), *_set(rows, top)]


def _tables(document: Document) -> list[Table]:
    return list(document.tables)


def _whole(document: Document) -> list[list[list[str]]]:
    return [b.table.grid() for p in whole_tables(document.pages) for b in p.blocks if b.table]


FIRST, SECOND, THIRD = _rows("North", 20), _rows("South", 20), _rows("West", 8)


def test_a_table_whose_header_is_repeated_on_the_next_page_goes_on_and_is_whole_with_one_header() -> None:
    document = _document(_at_foot([HEAD, *FIRST]), _set([HEAD, *SECOND], 150))
    assert [t.continues for t in _tables(document)] == [False, True]
    assert _tables(document)[1].grid() == [HEAD, *SECOND]
    assert _whole(document) == [[HEAD, *FIRST, *SECOND]]


def test_a_table_without_a_header_on_the_next_page_goes_on() -> None:
    document = _document(_at_foot([HEAD, *FIRST]), _set(SECOND, 150))
    assert _whole(document) == [[HEAD, *FIRST, *SECOND]]


def test_a_table_goes_on_over_three_pages_past_running_heads_and_feet() -> None:
    def sheet(rows: Sequence[Sequence[str]], number: int) -> list[Line]:
        head, foot = line("Report on districts", 600, 60), line(f"Page {number}", 800, HEIGHT - 60)
        return [head, *_set(rows, 200), foot]

    middle = _rows("South", 60)
    document = _document(
        [*_at_foot([HEAD, *FIRST]), line("Page 1", 800, HEIGHT - 60)], sheet(middle, 2), sheet(THIRD, 3)
    )
    assert [t.continues for t in _tables(document)] == [False, True, True]
    assert _whole(document) == [[HEAD, *FIRST, *middle, *THIRD]]


def test_a_table_with_another_header_is_another_table() -> None:
    other = ["Animal", "Weight", "Height"]
    document = _document(_at_foot([HEAD, *FIRST]), _set([other, *SECOND], 150))
    assert not any(t.continues for t in _tables(document))


def test_a_table_in_other_columns_is_another_table() -> None:
    document = _document(_at_foot([HEAD, *FIRST]), _set(SECOND, 150, (300, 880, 1200)))
    assert not any(t.continues for t in _tables(document))


def test_a_table_after_text_is_another_table() -> None:
    lines = [*column(prose("b", 8, 80), 100, 300), *_set(SECOND, 560)]
    assert not any(t.continues for t in _tables(_document(_at_foot([HEAD, *FIRST]), lines)))


def test_a_table_that_ends_or_begins_in_the_middle_of_a_page_does_not_go_on() -> None:
    first, second = [HEAD, *FIRST], [HEAD, *SECOND]
    assert not any(t.continues for t in _tables(_document(_at_foot(first), _set(second, 1000))))
    assert not any(t.continues for t in _tables(_document(_set(first, 200), _set(second, 150))))


def test_a_table_two_pages_on_is_another_table() -> None:
    pages = [arrange(page(lines, number=n)) for n, lines in ((1, _at_foot([HEAD, *FIRST])), (3, _set(SECOND, 150)))]
    assert not any(t.continues for t in _tables(arrange_document(Document(pages=tuple(pages), page_count=3))))


def test_a_part_with_an_empty_column_stands_in_the_columns_of_the_whole() -> None:
    sparse = [[name, "", share] for name, _, share in SECOND]
    part = _tables(_document(_at_foot([HEAD, *FIRST]), _set(sparse, 150)))[1]
    assert part.continues
    assert part.grid() == sparse


def test_a_table_that_follows_the_end_of_another_on_one_page_may_go_on_too() -> None:
    other = [["Animal", "Weight", "Height"], *_rows("Cat", 30)]
    middle = [*_set(THIRD, 150), *column(prose("b", 8, 80), 100, 600), *_set(other, HEIGHT - 200 - 30 * len(other))]
    document = _document(_at_foot([HEAD, *FIRST]), middle, _set(_rows("Dog", 5), 150))
    assert _whole(document) == [[HEAD, *FIRST, *THIRD], [*other, *_rows("Dog", 5)]]


@pytest.fixture
def over_pages() -> Document:
    return _document(_at_foot([HEAD, *FIRST]), [*_set([HEAD, *THIRD], 150), *column(prose("b", 8, 80), 100, 700)])


def test_json_keeps_the_parts_and_their_mark(over_pages: Document) -> None:
    assert Document.from_json(over_pages.to_json()) == over_pages


@pytest.mark.parametrize("name", ["md", "html", "csv"])
def test_text_formats_write_one_table_with_one_header(over_pages: Document, name: str) -> None:
    text = ocrkit.export(over_pages, name).decode()
    assert text.count("District") == 1
    assert text.index("North 20") < text.index("West 1") < text.index("West 8")
    assert text.count("<table") == (name == "html")
    assert ("\r\n\r\n" in text, "\n\n| West" in text) == (False, False)


def test_office_formats_write_one_table(over_pages: Document) -> None:
    sheets = load_workbook(io.BytesIO(ocrkit.export(over_pages, "xlsx"))).worksheets
    assert [sheet.max_row for sheet in sheets] == [1 + len(FIRST) + len(THIRD)]
    tables = docx.Document(io.BytesIO(ocrkit.export(over_pages, "docx"))).tables
    assert [len(table.rows) for table in tables] == [1 + len(FIRST) + len(THIRD)]


def test_pages_without_such_tables_pass_unchanged() -> None:
    pages: tuple[Page, ...] = tuple(_document(_set([HEAD, *THIRD], 300), column(prose("a", 5), 100, 300)).pages)
    assert tuple(whole_tables(pages)) == pages

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from ocrkit.markup.tables import table_of_html, table_text

if TYPE_CHECKING:
    from ocrkit.model import Table


def table(rows: str) -> Table:
    made = table_of_html(f"<table>{rows}</table>")
    assert made is not None
    return made


def places(made: Table) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.column, c.row_span, c.column_span) for c in made.cells]


def test_spans_put_every_cell_where_html_puts_it() -> None:
    made = table(
        "<thead><tr><th rowspan=2>Type</th><th colspan='2'>Glob</th></tr>"
        "<tr><th>pattern</th><th>weight</th></tr></thead><tbody><tr><td>text/x-diff</td><td>*.diff</td><td>50</td></tr></tbody>"
    )
    assert (made.rows, made.columns) == (3, 3)
    assert places(made) == [
        ("Type", 0, 0, 2, 1),
        ("Glob", 0, 1, 1, 2),
        ("pattern", 1, 1, 1, 1),
        ("weight", 1, 2, 1, 1),
        ("text/x-diff", 2, 0, 1, 1),
        ("*.diff", 2, 1, 1, 1),
        ("50", 2, 2, 1, 1),
    ]
    assert [c.header for c in made.cells] == [True] * 4 + [False] * 3
    assert table_text(made) == "Type\tGlob\t\n\tpattern\tweight\ntext/x-diff\t*.diff\t50"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # wider and higher than the table
        ("<tr><td colspan=50 rowspan=9>a</td></tr><tr><td>b</td><td>c</td></tr>", [("b", 1, 1), ("c", 1, 2)]),
        # two spans that would cover the same place
        ("<tr><td rowspan=2>a</td><td>b</td></tr><tr><td colspan=3>c</td></tr>", [("b", 0, 1), ("c", 1, 1)]),
        # rows of different lengths
        ("<tr><td>a</td></tr><tr><td>b</td><td>c</td><td>d</td></tr>", [("b", 1, 0), ("c", 1, 1), ("d", 1, 2)]),
        # an empty row, cells without a row, a row without a table section
        ("<tr></tr><td>a</td><td>b</td><tr><td>c</td></tr>", [("b", 0, 1), ("c", 1, 0)]),
        # a column in which no cell begins
        ("<tr><td colspan=2>a</td></tr><tr><td colspan=2>b</td></tr>", [("b", 1, 0)]),
        # spans that are no numbers
        ("<tr><td colspan='-3' rowspan=x>a</td><td colspan=0>b</td></tr>", [("b", 0, 1)]),
        # cells and rows that are never closed
        ("<tr><td>a<td>b<tr><td>c", [("b", 0, 1), ("c", 1, 0)]),
    ],
)
def test_a_table_that_html_forbids_still_has_its_cells(rows: str, expected: list[tuple[str, int, int]]) -> None:
    made = table(rows)
    assert [(c.text, c.row, c.column) for c in made.cells] == [("a", 0, 0), *expected]


def test_a_span_stops_at_a_cell_that_reaches_down_from_above() -> None:
    made = table(
        "<tr><td>a</td><td>b</td><td rowspan=2>c</td></tr><tr><td colspan=3>d</td></tr>"
        "<tr><td>e</td><td>f</td><td>g</td></tr>"
    )
    assert ("d", 1, 0, 1, 2) in places(made)


def test_a_rowspan_of_zero_reaches_the_last_row() -> None:
    made = table("<tr><td rowspan=0>a</td><td>b</td></tr><tr><td>c</td></tr><tr><td>d</td></tr>")
    assert places(made)[0] == ("a", 0, 0, 3, 1)


def test_a_table_in_a_cell_is_text_of_that_cell() -> None:
    made = table("<tr><td>a<table><tr><td>x</td></tr><tr><td>y</td></tr></table></td><td>b</td></tr>")
    assert places(made) == [("a\nx\ny", 0, 0, 1, 1), ("b", 0, 1, 1, 1)]


def test_cells_keep_breaks_formulas_and_boxes() -> None:
    made = table("<tr><td>a<br>b</td><td><math>x<y</math></td><td><input type=checkbox checked> yes</td></tr>")
    assert [c.text for c in made.cells] == ["a\nb", r"\(x<y\)", "☑ yes"]


def test_markup_without_a_cell_is_no_table() -> None:
    assert table_of_html("<table><tbody></tbody></table>") is None
    assert table_of_html("no table") is None


def test_absurd_spans_cost_nothing() -> None:
    started = time.process_time()
    made = table("<tr>" + "<td rowspan=999999 colspan=999999>a</td>" * 300 + "</tr>" + "<tr><td>b</td></tr>" * 300)
    assert (made.rows, made.columns) == (301, 301)
    assert time.process_time() - started < 5

"""Small tables below one another, as on receipts and invoices, and rows that fit no common columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.layout.pages import column, line, page

from ocrkit.layout import arrange

if TYPE_CHECKING:
    from ocrkit.geometry import BBox
    from ocrkit.model import Line

LEADING = 30

ITEMS = [
    ["Item", "Code", "Price", "Amount"],
    ["Apples", "4011", "1.20", "3.60"],
    ["Pears", "4409", "0.80", "1.60"],
    ["Plums", "4042", "0.50", "2.00"],
]
ITEMS_AT = (100, 300, 500, 700)

WORK = [
    ["No.", "What was done in all of it", "Amount"],
    ["1", "Transport of all goods home", "12.00"],
    ["2", "Packing of glass and plates", "8.00"],
    ["3", "Storing over the two months", "80.00"],
]
WORK_AT = (100, 280, 700)


def put(rows: list[list[str]], xs: tuple[int, ...], y: float) -> list[Line]:
    return [
        line(text, x, y + LEADING * i) for i, row in enumerate(rows) for text, x in zip(row, xs, strict=True) if text
    ]


def grids(lines: list[Line], rulings: tuple[BBox, ...] = ()) -> list[list[list[str]]]:
    return [block.table.grid() for block in arrange(page(lines), rulings=rulings).blocks if block.table]


def test_tables_with_columns_of_their_own_below_one_another_are_several() -> None:
    lines = [*put(ITEMS, ITEMS_AT, 300), *put(WORK, WORK_AT, 300 + 4 * LEADING)]
    assert grids(lines) == [ITEMS, WORK]


def test_rulings_of_one_length_do_not_make_one_table_of_several() -> None:
    lines = [*put(ITEMS, ITEMS_AT, 300), *put(WORK, WORK_AT, 300 + 4 * LEADING)]
    level = tuple((90.0, y, 800.0, y + 1.0) for y in (295.0, 415.0, 535.0))
    assert grids(lines, level) == [ITEMS, WORK]


def test_names_that_run_together_stay_above_their_figures() -> None:
    names = [["Number of it", "What was done in it by all those men", "Amount"]]
    work = [*put(names, (100, 215, 700), 300 + 4 * LEADING), *put(WORK[1:3], WORK_AT, 310 + 5 * LEADING)]
    assert grids([*put(ITEMS, ITEMS_AT, 300), *work]) == [ITEMS, [*names, *WORK[1:3]]]


def test_a_table_whose_names_and_sums_span_its_columns_stays_one() -> None:
    sums = [["Sum of all the items on it", "7.20"], ["Paid by card on that day", "7.20"]]
    lines = put(ITEMS, ITEMS_AT, 300) + put(sums, (100, 700), 300 + 4 * LEADING)
    assert [row[-1] for row in grids(lines)[0]] == ["Amount", "3.60", "1.60", "2.00", "7.20", "7.20"]


def test_figures_below_figures_are_a_row_of_their_own() -> None:
    rows = [["1", "Milo", "7.45"], ["2", "Nasi lemak", "35.66"], ["", "Noodles", "9.34"], ["", "Egg", "4.53"]]
    lines = []
    for row, y in zip(rows, (300, 340, 363, 386), strict=True):
        lines += [line(text, x, y) for text, x in zip(row, (100, 200, 500), strict=True) if text]
    lines += put([["3", "Cham", "5.57"], ["4", "Tea", "2.00"]], (100, 200, 500), 430)
    assert [row[2] for row in grids(lines)[0]] == ["7.45", "35.66", "9.34", "4.53", "5.57", "2.00"]


def test_rows_with_figures_below_a_name_stay_rows() -> None:
    left = column(["Article and name", "E1 Care set:", "E2 Flyer sent:", "With all taxes"], 100, 300)
    right = column(["Price of it", "49.99", "0.00 only", "12.00"], 700, 300)
    page_of_it = page([*left, *right, *column(["Thank you very much"], 100, 460)])
    texts = [b.text for b in arrange(page_of_it).blocks]
    assert any("E1 Care set: 49.99" in text for text in texts)


def test_rows_that_take_turns_in_two_sets_of_columns_are_lines() -> None:
    lines = []
    for i, (item, work) in enumerate(zip(ITEMS[1:], WORK[1:], strict=True)):
        lines += [*put([item], ITEMS_AT, 300 + 60 * i), *put([work], WORK_AT, 330 + 60 * i)]
    assert grids(lines) == []

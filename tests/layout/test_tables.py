"""Tables of pages built in code, and pages that only look like tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.layout.pages import LEADING, column, line, page, prose

from ocrkit.geometry import union
from ocrkit.layout import arrange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.geometry import BBox
    from ocrkit.model import Line, Table

ROWS = [
    ["Product", "2023", "2024", "Change"],
    ["Apples", "1,200", "1,350", "12.5"],
    ["Pears and plums", "80", "75", "-6.3"],
    ["Cherries", "2,000", "2,100", "5.0"],
    ["Total", "3,280", "3,525", "7.5"],
]
XS = (100, 400, 560, 720)


def _set(rows: list[list[str]], xs: tuple[int, ...] = XS, y: int = 300) -> list[Line]:
    return [line(text, x, y + 30 * i) for i, row in enumerate(rows) for text, x in zip(row, xs, strict=True) if text]


def _tables(lines: list[Line], rulings: Sequence[BBox] = ()) -> list[Table]:
    return [block.table for block in arrange(page(lines), rulings=rulings).blocks if block.table]


def _only_table(lines: list[Line], rulings: tuple[BBox, ...] = ()) -> Table:
    tables = [b.table for b in arrange(page(lines), rulings=rulings).blocks if b.table]
    assert len(tables) == 1
    return tables[0]


def _ruled(xs: list[int], ys: list[int]) -> list[BBox]:
    level = [(xs[0], y, xs[-1], y + 1) for y in ys]
    upright = [(x, ys[0], x + 1, ys[-1]) for x in xs]
    return [(float(a), float(b), float(c), float(d)) for a, b, c, d in level + upright]


def test_columns_of_figures_without_rulings_are_a_table_with_a_header() -> None:
    table = _only_table(_set(ROWS))
    assert table.grid() == ROWS
    assert {c.row for c in table.cells if c.header} == {0}


def test_text_around_a_table_stays_text() -> None:
    lines = column(prose("a", 5, 80), 100, 100) + _set(ROWS) + column(prose("b", 5, 80), 100, 520)
    blocks = arrange(page(lines)).blocks
    assert [b.table is not None for b in blocks] == [False, True, False]
    assert [len(b.lines) for b in blocks] == [5, 20, 5]


def test_a_table_block_has_rows_by_newline_and_cells_by_tab_and_keeps_its_lines() -> None:
    block = arrange(page(_set(ROWS))).blocks[0]
    assert block.text == "\n".join("\t".join(row) for row in ROWS)
    assert len(block.lines) == 20


def test_cells_that_the_engine_ran_together_are_parted() -> None:
    lines = _set(ROWS)
    for start in (4, 12):
        name, figure = lines[start : start + 2]
        lines[start] = name.model_copy(
            update={
                "text": f"{name.text} {figure.text}",
                "words": (*name.words, *figure.words),
                "bbox": union([name.bbox, figure.bbox]),
            }
        )
        lines[start + 1] = lines[start]
    assert _only_table(list(dict.fromkeys(lines))).grid() == ROWS


def test_a_second_line_of_a_cell_belongs_to_its_row() -> None:
    rows = [*ROWS[:2], ["Pears and", "80", "75", "-6.3"], *ROWS[3:]]
    lines = [line(t, x, 300 + 60 * i) for i, row in enumerate(rows) for t, x in zip(row, XS, strict=True)]
    lines.append(line("(net)", 400, 300 + 60 * 2 + 22))
    grid = _only_table(lines).grid()
    assert grid[2] == ["Pears and", "80 (net)", "75", "-6.3"]


def test_the_rest_of_a_label_belongs_to_its_row_and_a_label_that_heads_rows_stands_alone() -> None:
    texts = [("Product", "2023", "2024"), ("Fruit", "", ""), ("Pears and", "80", "75"), ("Cherries", "2,000", "2,100")]
    lines = _set([list(row) for row in texts], XS[:3])
    lines = [item if item.bbox[1] < 390 else item.model_copy(update=_lower(item, 24)) for item in lines]
    lines.append(line("plums", 100, 384))
    grid = _only_table(lines).grid()
    assert [row[0] for row in grid] == ["Product", "Fruit", "Pears and plums", "Cherries"]


def _lower(item: Line, by: float) -> dict[str, object]:
    moved = line(item.text, item.bbox[0], item.bbox[1] + by)
    return {"bbox": moved.bbox, "words": moved.words}


def test_names_over_several_columns_span_them() -> None:
    rows = [["Inland", "Coast"], ["", "Low", "High", "Low", "High"]]
    rows += [[name, "1.5", "2.5", "3.5", "4.5"] for name in ("Rain", "Snow", "Wind")]
    xs = (100, 300, 420, 540, 660)
    lines = [line("Inland", 335, 278), line("Coast", 580, 278), *_set(rows[1:], xs)]
    table = _only_table(lines)
    assert table.grid()[0] == ["", "Inland", "", "Coast", ""]
    assert [c.column_span for c in table.cells if c.row == 0] == [2, 2]
    assert {c.row for c in table.cells if c.header} == {0, 1}


def test_a_line_of_text_between_two_tables_parts_them() -> None:
    lines = [*_set(ROWS), line("These figures are followed by those of the year before, in pounds", 100, 470)]
    tables = [b.table for b in arrange(page(lines + _set(ROWS[1:], XS, 510))).blocks if b.table]
    assert [t.grid() for t in tables] == [ROWS, ROWS[1:]]


def test_two_tables_side_by_side_are_two() -> None:
    right = [[name, *row[1:3]] for name, row in zip(("City", "Oslo", "Rome", "Bonn", "Paris"), ROWS, strict=True)]
    lines = _set([row[:3] for row in ROWS], (100, 280, 360)) + _set(right, (520, 620, 700))
    tables = [b.table for b in arrange(page(lines)).blocks if b.table]
    assert [t.grid() for t in tables] == [[row[:3] for row in ROWS], right]


def test_figures_that_the_engine_ran_together_are_parted_where_they_stand_apart() -> None:
    figures = ["2023 _2024", "1200 _1350", "8010 _7520", "2000 _2100", "3280 _3525"]
    lines = [line(row[0], 100, 300 + 30 * i) for i, row in enumerate(ROWS)]
    lines += [line(pair, 400, 300 + 30 * i) for i, pair in enumerate(figures)]
    assert [row[1:] for row in _only_table(lines).grid()] == [pair.split(" _") for pair in figures]


def test_an_address_above_a_bill_is_no_part_of_its_table() -> None:
    address = _set([["Anna Smith", "Number 17"], ["High Street", "Page 1"]], (100, 560), y=150)
    blocks = arrange(page(address + _set(ROWS))).blocks
    assert [b.table.grid() for b in blocks if b.table] == [ROWS]


def test_a_row_below_the_last_shaded_strip_belongs_to_the_table() -> None:
    level = tuple((90.0, 295.0 + 30 * i, 900.0, 296.0 + 30 * i) for i in range(5))
    assert _only_table(_set(ROWS), level).grid() == ROWS


def test_rows_between_which_no_ruling_was_seen_stay_rows() -> None:
    level = tuple((90.0, 295.0 + 30 * i, 900.0, 296.0 + 30 * i) for i in (0, 1, 2, 4, 5))
    assert _only_table(_set(ROWS), level).grid() == ROWS


def test_numbered_paragraphs_within_numbered_paragraphs_are_no_table() -> None:
    lines = [line(f"{i + 1}.", 100, 100 + 120 * i) for i in range(3)]
    for i in range(9):
        lines += [line(f"{'abc'[i % 3]})", 150, 100 + 40 * i), line(prose("x", 1, 70)[0], 200, 100 + 40 * i)]
    assert not any(b.table for b in arrange(page(lines)).blocks)


def test_a_ruled_table_has_its_spans() -> None:
    lines = [line("Both halves", 150, 110), line("a", 110, 150), line("b", 310, 150), line("c", 110, 190)]
    lines += [line("d", 310, 190)]
    rulings = [r for r in _ruled([100, 300, 500], [100, 140, 180, 220]) if r[0] != 300.0]
    rulings.append((300.0, 140.0, 301.0, 220.0))
    table = _only_table(lines, tuple(rulings))
    assert table.grid() == [["Both halves", ""], ["a", "b"], ["c", "d"]]
    assert table.cells[0].column_span == 2


def test_words_that_one_line_holds_go_to_the_cells_that_rulings_part() -> None:
    lines = [line("one two", 110, 110), line("three four", 110, 150)]
    table = _only_table(lines, tuple(_ruled([100, 145, 300], [100, 140, 180])))
    assert table.grid()[0] == ["one", "two"]


def test_rulings_above_and_below_each_row_make_a_table_of_words() -> None:
    rows = [["Animal", "Says"], ["Cat", "Meow"], ["Fox", "Nothing much"]]
    level = tuple((90.0, 290.0 + 30 * i, 900.0, 291.0 + 30 * i) for i in range(4))
    assert _only_table(_set(rows, (100, 500)), level).grid() == rows


def test_a_frame_around_a_text_is_no_table() -> None:
    lines = column(prose("a", 5), 120, 120)
    assert not arrange(page(lines), rulings=_ruled([100, 600], [100, 300])).blocks[0].table


def test_columns_of_prose_are_no_table() -> None:
    lines = column(prose("left", 30), 100, 300) + column(prose("right", 30), 560, 300)
    assert not any(b.table for b in arrange(page(lines)).blocks)


def test_contents_with_leaders_are_no_table() -> None:
    lines = [
        part
        for i in range(6)
        for part in (line(f"Chapter {i} ..........", 100, 100 + 30 * i), line(f"{i}7", 600, 100 + 30 * i))
    ]
    assert not any(b.table for b in arrange(page(lines)).blocks)


def test_a_list_whose_markers_stand_alone_is_no_table() -> None:
    lines = [
        part
        for i in range(6)
        for part in (line(f"{i + 1})", 100, 100 + 30 * i), line("some words here", 160, 100 + 30 * i))
    ]
    blocks = arrange(page(lines)).blocks
    assert [(b.marker, b.text) for b in blocks] == [(f"{i + 1})", "some words here") for i in range(6)]


def test_lines_of_long_cells_beside_a_short_name_are_one_row() -> None:
    rows = [["No", "Goods", "Maker", "Place"], ["1", "Pickups", "Motors", "Accra"], ["2", "Buses", "Trading", "Box 5"]]
    lines = _set(rows, (100, 300, 500, 700), y=112)
    lines += _set([["long", "Company", "North"], ["low", "Limited", "Coast"]], (300, 500, 700), y=202)
    table = _only_table(lines, tuple(_ruled([90, 280, 480, 680, 900], [105, 135, 165, 270])))
    assert table.grid()[2] == ["2", "Buses long low", "Trading Company Limited", "Box 5 North Coast"]


def test_rows_that_share_a_ruled_box_stay_rows() -> None:
    lines = _set(ROWS, y=112)
    table = _only_table(lines, tuple(_ruled([90, 390, 550, 710, 900], [105, 135, 270])))
    assert table.grid() == ROWS


def _below(y: float, rows: int) -> list[float]:
    """Where rulings above and below each of the rows stand, the first row's text beginning at `y`."""
    return [y - 5 + 30 * i for i in range(rows + 1)]


def test_two_tables_ruled_alike_are_two_where_text_stands_between_them() -> None:
    between = line("The figures below were put together from the returns of all districts and rounded", 100, 490)
    lines = [*_set(ROWS), between, *_set(ROWS, y=560)]
    level = [(90.0, y, 900.0, y + 1) for y in (*_below(300, 5), *_below(560, 5))]
    blocks = arrange(page(lines), rulings=level).blocks
    assert [b.table.grid() if b.table else b.text for b in blocks] == [ROWS, between.text, ROWS]


def test_two_tables_ruled_alike_are_two_where_nothing_stands_between_them() -> None:
    level = [(90.0, y, 900.0, y + 1) for y in (*_below(300, 5), *_below(560, 5))]
    blocks = arrange(page([*_set(ROWS), *_set(ROWS, y=560)]), rulings=level).blocks
    assert [b.table.grid() for b in blocks if b.table] == [ROWS, ROWS]


def test_a_label_between_two_rulings_heads_rows_of_the_table() -> None:
    rows = [*ROWS[:3], ["Stone fruit", "", "", ""], *ROWS[3:]]
    level = tuple((90.0, y, 900.0, y + 1) for y in _below(300, 6))
    assert _only_table(_set(rows), level).grid() == rows


def test_names_of_two_lines_above_the_first_shaded_strip_belong_to_the_table() -> None:
    unit = line("(EUR)", 560, 322)
    lines = [*_set(ROWS[:1]), unit, *_set(ROWS[1:], y=360)]
    level = tuple((90.0, y, 900.0, y + 1) for y in _below(360, 4))
    assert _only_table(lines, level).grid()[0] == ["Product", "2023", "2024 (EUR)", "Change"]


def _headers(lines: list[Line]) -> set[int]:
    return {c.row for c in _only_table(lines).cells if c.header}


def test_bold_rows_at_the_top_are_the_header_whatever_stands_below() -> None:
    words = [["Name", "State", "Place"], *([name, "open", "Oslo"] for name in ("Ann", "Ben", "Cleo", "Dan", "Eve"))]
    words[4][1] = "n/a"
    lines = [item.model_copy(update={"bold": item.bbox[1] == 300}) for item in _set(words, XS[:3])]
    assert _headers(lines) == {0}


def test_a_name_whose_weight_was_missed_leaves_its_row_a_header() -> None:
    names = [["Product", "2023", "2024", "Change"], ["kind", "EUR", "EUR", "share"]]
    lines = [
        line(t, x, y, bold=(t, y) != ("share", 340))
        for y, row in zip((300, 340), names, strict=True)
        for t, x in zip(row, XS, strict=False)
    ]
    assert _headers([*lines, *_set(ROWS[1:], y=380)]) == {0, 1}


def test_a_dash_in_a_table_of_words_does_not_make_headers_of_the_rows_above_it() -> None:
    words = [["Name", "State", "Place"], *([name, "open", "Oslo"] for name in ("Ann", "Ben", "Cleo", "Dan", "Eve"))]
    words[3][1] = "-"
    assert _headers(_set(words, XS[:3])) == {0}


def test_a_high_blank_between_two_rulings_ends_a_table() -> None:
    address = column(["Anna Smith", "High Street 17", "Fremont"], 100, 112)
    total = [line("Total", 560, 460), line("3,525", 720, 460), line("Please pay within a month", 100, 620)]
    level = tuple((90.0, y, 900.0, y + 1) for y in (100.0, 295.0, 325.0, 700.0))
    blocks = arrange(page([*address, *_set(ROWS), *total]), rulings=level).blocks
    (table,) = (b.table for b in blocks if b.table)
    assert table.grid()[: len(ROWS)] == ROWS
    assert any(b.text.split() == ["Anna", "Smith", "High", "Street", "17", "Fremont"] for b in blocks)
    assert any(b.text == "Please pay within a month" for b in blocks)


def test_items_between_rulings_are_a_table_though_addresses_above_are_ruled_alike() -> None:
    left, right = column(prose("a", 3, 28), 100, 102), column(prose("b", 3, 24), 420, 102)
    lines = [*left, *right]
    names = [line("Item", 100, 182), line("Price", 360, 182), line("Sum", 620, 182)]
    first = [line("Tea", 100, 214), line("2.00", 360, 214), line("4.00", 620, 214)]
    second = [line("Cake", 100, 250), line("3.50", 360, 250), line("7.00", 620, 250)]
    rulings = [(90.0, y, 700.0, y + 2.0) for y in (98.0, 178.0, 206.0, 280.0)]
    found = _tables([*lines, *names, *first, *second], rulings)
    items = [["Item", "Price", "Sum"], ["Tea", "2.00", "4.00"], ["Cake", "3.50", "7.00"]]
    assert [table.grid() for table in found] == [items]


def test_addresses_with_lines_of_their_own_spacing_are_no_table() -> None:
    left = [line(f"Order detail {i}", 100, 100 + 28 * i) for i in range(8)]
    right = [line(f"Address line {i}", 300, 100 + 24 * i) for i in range(9)]
    assert not _tables([*left, *right])


def test_a_title_beside_an_address_is_no_table() -> None:
    address = ["Corner Shop", "Low Road", "Anytown", "England", "by bus", "or on foot", "at once"]
    right = [line(text, 500, 100 + LEADING * i) for i, text in enumerate(address)]
    left = [line("Invoice", 100, 100, size=48), *(line(f"Detail {i}", 100, 100 + LEADING * i) for i in range(2, 7))]
    lines = [item.model_copy(update={"font_size": item.bbox[3] - item.bbox[1]}) for item in (*left, *right)]
    assert not _tables(lines)


def test_rows_below_ruled_names_are_cut_at_their_columns() -> None:
    rows = [["Item", "Count", "Price"], ["Tea of old", "1", "2.00"], ["Cake", "2", "3.50"], ["", "Sum", "5.50"]]
    rulings = [(90.0, y, 700.0, y + 1.0) for y in (295.0, 325.0, 420.0)]
    rulings += [(x, 295.0, x + 1, 420.0) for x in (90.0, 700.0)] + [(x, 295.0, x + 1, 325.0) for x in (390.0, 550.0)]
    assert _only_table(_set(rows, XS[:3]), tuple(rulings)).grid() == rows


def test_blocks_side_by_side_in_a_cell_are_read_one_after_the_other() -> None:
    lines = [line("Parties", 100, 100), *column(["Bill to:", "Jane Doe", "Anytown"], 300, 100)]
    lines += [*column(["Ship to:", "John Roe", "Old Town"], 460, 100), line("Sum", 100, 200), line("2.00", 300, 200)]
    table = _only_table(lines, tuple(_ruled([90, 290, 700], [90, 190, 230])))
    assert table.grid()[0] == ["Parties", "Bill to: Jane Doe Anytown\nShip to: John Roe Old Town"]


def test_a_numbered_heading_far_below_a_single_row_of_figures_is_no_row_of_a_table() -> None:
    lines = [
        *_set([["Average", "0.76", "0.60", "0.66"]]),
        line("4.2", 100, 375, bold=True),
        line("Baseline of the agents", 180, 375, bold=True),
        *column(prose("a", 5, 80), 100, 430),
    ]
    blocks = arrange(page(lines)).blocks
    assert not [block for block in blocks if block.table]
    assert "4.2 Baseline of the agents" in [block.text for block in blocks]


SHADED = [
    ["4", "Single parts", "0.87", "0.20"],
    ["5", "Mix of two", "0.00", "0.40"],
    ["6", "Mix of ten", "0.00", "0.00"],
]


def _half_ruled(texts: list[list[str]]) -> Table:
    """Three rows under a header: only the last column has a ruling between its rows."""
    xs, ys = [90, 390, 550, 710, 860], [290, 320, 350, 380, 410]
    rulings = [*_ruled(xs, [290, 320, 410]), *((710.0, float(y), 860.0, y + 1.0) for y in ys[2:4])]
    rows = [["Part", "Topic", "Procedure", "Completion"], *texts]
    return _only_table(_set(rows, y=ys[0] + 5), tuple(rulings))


def test_lines_level_with_the_rows_of_a_column_that_is_ruled_are_cells_of_those_rows() -> None:
    assert _half_ruled(SHADED).grid() == [["Part", "Topic", "Procedure", "Completion"], *SHADED]


def test_a_name_over_several_rows_stays_one_cell_though_it_has_as_many_lines() -> None:
    names = ["Department", "of public", "health"]
    rows = [[name, topic, *figures] for name, (_, topic, *figures) in zip(names, SHADED, strict=True)]
    xs, ys = [90, 390, 550, 710, 860], [290, 320, 350, 380, 410]
    rulings = [*_ruled(xs, [290, 320, 410]), *((390.0, float(y), 860.0, y + 1.0) for y in ys[2:4])]
    table = _only_table(_set([["Part", "Topic", "Procedure", "Completion"], *rows], y=ys[0] + 5), tuple(rulings))
    assert [(c.text, c.row_span) for c in table.cells if c.column == 0] == [
        ("Part", 1),
        ("Department of public health", 3),
    ]


def test_two_names_of_several_lines_beside_cells_of_one_are_one_row() -> None:
    xs, ys = [90, 290, 420, 550, 680, 810], [290, 320, 420, 450]
    lines = [
        *_set([["Company", "Seat", "Capital", "Share", "Gained"]], (100, 300, 430, 560, 690), y=295),
        *column(["Guangdong bright", "lighting works", "limited"], 100, 327),
        *_set([["Zhongshan", "2,164", "68"]], (300, 430, 560), y=327 + int(LEADING)),
        *column(["not under", "one control", "merged"], 690, 327),
        *_set([["Wuhan lamps", "Wuhan", "100", "70", "founded"]], (100, 300, 430, 560, 690), y=425),
    ]
    table = _only_table(lines, tuple(_ruled(xs, ys)))
    assert table.grid()[1] == [
        "Guangdong bright lighting works limited",
        "Zhongshan",
        "2,164",
        "68",
        "not under one control merged",
    ]

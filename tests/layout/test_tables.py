"""Tables of pages built in code, and pages that only look like tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.layout.pages import column, line, page, prose

from ocrkit.geometry import union
from ocrkit.layout import arrange

if TYPE_CHECKING:
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

from __future__ import annotations

import pytest

from ocrkit.layout.measures import column_shares, inches, measure, type_size
from ocrkit.model import Block, BlockKind, Cell, Line, Page, Table


def block(text: str, size: float | None, *, box: tuple[float, float, float, float] = (200, 200, 800, 240)) -> Block:
    return Block(text=text, bbox=box, lines=(Line(text=text, bbox=box, font_size=size),))


def page(*blocks: Block, dpi: float | None = 200) -> Page:
    return Page(number=1, width=1700, height=2200, dpi=dpi, blocks=blocks)


def test_the_type_of_a_document_is_that_of_most_of_its_text() -> None:
    heading, note = block("Heading", 60.0), block("note", 16.0)
    pages = [page(heading, block("body " * 50, 30.0), note), page(block("body " * 50, 31.0))]
    assert measure(pages).points == 11.0  # 30 and 31 pixels at 200 dpi are 10.8 and 11.2 pt


def test_type_of_unknown_size_is_told_from_the_height_of_its_line() -> None:
    assert type_size(block("x", None, box=(0, 0, 400, 34)), 200) == 10.5
    assert type_size(Block(text="x", bbox=(0, 0, 9, 9)), 200) is None


def test_a_vertical_line_is_as_large_as_it_is_wide() -> None:
    line = Line(text="縦", bbox=(0, 0, 34, 900), direction="ttb")
    assert type_size(Block(text="縦", bbox=line.bbox, lines=(line,)), 200) == 10.5


def test_margins_are_what_all_pages_leave_free_within_bounds() -> None:
    far = block("x", 30.0, box=(600, 600, 900, 640))
    near = block("x", 30.0, box=(160, 20, 1650, 1900))
    header = Block(kind=BlockKind.PAGE_HEADER, text="x", bbox=(0, 0, 1700, 20))
    assert measure([page(far, header), page(near)]).margins == {(8.5, 11.0): (0.8, 0.5, 0.5, 1.25)}


def test_a_page_of_unknown_resolution_says_nothing_of_sizes() -> None:
    unknown = page(block("x", 30.0), dpi=None)
    assert inches(unknown) is None
    sheet = measure([unknown])
    assert (sheet.points, sheet.margins, sheet.language) == (None, {}, None)


def test_columns_end_in_the_middle_of_the_gaps_between_them() -> None:
    cells = (
        Cell(row=0, column=0, column_span=2, text="both", bbox=(0, 0, 100, 9)),
        Cell(row=1, column=0, text="a", bbox=(0, 10, 20, 19)),
        Cell(row=1, column=1, text="b", bbox=(40, 10, 100, 19)),
    )
    assert column_shares(Table(rows=2, columns=2, cells=cells)) == pytest.approx([0.3, 0.7])


@pytest.mark.parametrize("box", [None, (10.0, 10.0, 90.0, 19.0)])
def test_columns_without_places_of_their_own_are_as_wide_as_their_texts(
    box: tuple[float, float, float, float] | None,
) -> None:
    first = (10.0, 10.0, 95.0, 19.0) if box else None
    cells = (Cell(row=0, column=0, text="x" * 10, bbox=first), Cell(row=0, column=1, text="y" * 500, bbox=box))
    assert column_shares(Table(rows=1, columns=2, cells=cells)) == pytest.approx([0.2, 0.8])


def test_an_empty_table_has_equal_columns() -> None:
    assert column_shares(Table(rows=1, columns=4)) == [0.25] * 4

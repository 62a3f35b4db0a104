from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrkit.errors import PageRangeError
from ocrkit.sources import parse_pages


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        (None, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ("3-", [3, 4, 5, 6, 7, 8, 9, 10]),
        ("1,4-7", [1, 4, 5, 6, 7]),
        ("last", [10]),
        ("8-LAST", [8, 9, 10]),
        ("-2", [1, 2]),
        ("5, 1 , 1-2", [1, 2, 5]),
        ("9-99", [9, 10]),
    ],
)
def test_a_range_names_pages_in_order_and_once(text: str | None, pages: list[int]) -> None:
    assert parse_pages(text, 10) == pages


@pytest.mark.parametrize(
    "text", ["", "-", "0", "7-4", "a", "1;2", "1,,2", "--3", "1-2-3", "²", "11", "12-", "9" * 5000]
)
def test_a_range_that_names_no_page_says_what_to_write(text: str) -> None:
    with pytest.raises(PageRangeError) as caught:
        parse_pages(text, 10)
    assert caught.value.hint
    assert len(str(caught.value)) < 200, "one short sentence, whatever was sent"


@given(st.sets(st.integers(1, 50), min_size=1), st.integers(50, 60))
def test_numbers_written_down_read_back(numbers: set[int], count: int) -> None:
    assert parse_pages(",".join(map(str, numbers)), count) == sorted(numbers)


@given(st.text("0123456789-, lastx", max_size=12), st.integers(0, 30))
def test_any_text_gives_pages_of_the_document_or_a_page_range_error(text: str, count: int) -> None:
    try:
        pages = parse_pages(text, count)
    except PageRangeError:
        return
    assert pages
    assert pages == sorted(set(pages))
    assert pages[0] >= 1
    assert pages[-1] <= count

"""Passages: slices of their page, of a fair length, with what they stand under."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.chat.passages import passages_of
from ocrkit.testing import hostile_document, sample_document

from .documents import document, grid, heading, paragraph

if TYPE_CHECKING:
    from ocrkit.model import Page

SENTENCE = "The quick brown fox jumps over the lazy dog again."  # ten words


def long_page() -> Page:
    blocks = [heading("First part"), *(paragraph(*[SENTENCE] * 4, top=100.0 * n) for n in range(8))]
    blocks += [heading("Second part", top=900.0), paragraph(*[SENTENCE] * 60, top=1000.0)]
    return document(blocks).pages[0]


def test_every_passage_is_a_stretch_of_its_pages_text_and_together_they_are_all_of_it() -> None:
    for page in (long_page(), *sample_document().pages, *hostile_document().pages):
        passages = passages_of(page, page.text)
        for passage in passages:
            assert page.text[passage.start : passage.start + len(passage.text)] == passage.text
            assert passage.page == page.number
        covered = "".join(passage.text for passage in passages)
        assert "".join(covered.split()) == "".join(page.text.split())


def test_a_passage_has_at_most_250_words_and_mostly_150() -> None:
    page = long_page()
    words = [len(passage.text.split()) for passage in passages_of(page, page.text)]
    assert max(words) <= 250
    assert min(words[:-1]) >= 75
    assert len(words) > 3


def test_a_new_heading_begins_a_passage_and_the_rest_of_its_section_knows_it() -> None:
    page = long_page()
    passages = passages_of(page, page.text)
    (begun,) = [passage for passage in passages if "Second part" in passage.text]
    assert begun.text.startswith("Second part")
    assert passages[-1].context == "Second part"


def test_a_table_parted_into_passages_keeps_its_first_row_as_context() -> None:
    rows = [["Name", "Town"], *([f"Person {n}", "Springfield on the River"] for n in range(100))]
    page = document([grid(rows)]).pages[0]
    first, second, *_ = passages_of(page, page.text)
    assert first.text.startswith("Name\tTown\n")
    assert "Name\tTown" not in first.context
    assert second.context == "Name\tTown"
    assert second.text.startswith("Person")


def test_places_are_the_boxes_of_lines_and_cells() -> None:
    page = document([paragraph("One line", "and another", ident="a"), grid([["x", "y"]], top=100.0, ident="b")]).pages[
        0
    ]
    (passage,) = passages_of(page, page.text)
    found = {passage.text[place.start : place.end]: (place.bbox, place.block) for place in passage.places}
    assert found == {
        "One line": ((0.0, 0.0, 80.0, 20.0), "a"),
        "and another": ((0.0, 20.0, 110.0, 40.0), "a"),
        "x": ((0.0, 100.0, 100.0, 120.0), "b"),
        "y": ((100.0, 100.0, 200.0, 120.0), "b"),
    }

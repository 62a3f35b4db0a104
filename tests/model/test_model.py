from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ocrkit.errors import SchemaVersionError
from ocrkit.model import (
    SCHEMA_VERSION,
    Block,
    BlockKind,
    Cell,
    Document,
    EngineRun,
    Line,
    Page,
    PageError,
    PageStatus,
    PageWarning,
    Provenance,
    Table,
    TextLayerDecision,
    TextLayerUse,
    Word,
)

coordinate = st.floats(-100, 5000, allow_nan=False).map(lambda v: round(v, 2))
boxes = st.tuples(coordinate, coordinate, coordinate, coordinate).map(
    lambda b: (min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3]))
)
confidences = st.none() | st.floats(0, 1)
texts = st.text(max_size=12)
words = st.builds(Word, text=texts, bbox=boxes, confidence=confidences)
lines = st.builds(
    Line, text=texts, bbox=boxes, confidence=confidences, words=st.lists(words, max_size=3).map(tuple), quad=st.none()
)
blocks = st.builds(
    Block,
    kind=st.sampled_from(BlockKind),
    text=texts,
    bbox=boxes,
    confidence=confidences,
    lines=st.lists(lines, max_size=2).map(tuple),
    level=st.none() | st.integers(1, 6),
    table=st.none() | st.just(Table(rows=1, columns=2, cells=(Cell(row=0, column=0, column_span=2, text="a"),))),
)
pages = st.builds(
    Page,
    number=st.integers(1, 99),
    width=st.integers(1, 5000),
    height=st.integers(1, 5000),
    dpi=st.none() | st.floats(1, 1200),
    blocks=st.lists(blocks, max_size=3).map(tuple),
    status=st.sampled_from(PageStatus),
    error=st.none() | st.builds(PageError, code=texts, message=texts),
    warnings=st.lists(st.builds(PageWarning, code=texts, message=texts), max_size=2).map(tuple),
    provenance=st.none()
    | st.builds(
        Provenance,
        runs=st.lists(st.builds(EngineRun, engine=texts), min_size=1, max_size=2).map(tuple),
        text_layer=st.none() | st.builds(TextLayerDecision, use=st.sampled_from(TextLayerUse), reason=texts),
    ),
)
documents = st.builds(Document, source=texts, pages=st.lists(pages, max_size=2).map(tuple))


@given(documents)
def test_json_reads_back_to_an_equal_document(document: Document) -> None:
    assert Document.from_json(document.to_json()) == document


def test_json_says_its_schema_version() -> None:
    assert json.loads(Document().to_json())["schema_version"] == SCHEMA_VERSION


def test_json_of_another_major_version_is_refused_with_both_versions() -> None:
    with pytest.raises(SchemaVersionError, match=rf"2\.0.*{re.escape(SCHEMA_VERSION)}"):
        Document.from_json('{"schema_version": "2.0", "pages": []}')


def test_json_of_a_newer_minor_version_is_read_and_its_new_fields_ignored() -> None:
    assert Document.from_json('{"schema_version": "1.9", "source": "a.pdf", "later": 1}').source == "a.pdf"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"pages": [{"number": 0}]}'])
def test_json_that_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(SchemaVersionError, match="not an ocrkit document"):
        Document.from_json(text)


@pytest.mark.parametrize("box", [(2, 0, 1, 1), (0, 2, 1, 1), (0, 0, float("nan"), 1), (0, 0, float("inf"), 1)])
def test_a_box_with_bad_corners_is_refused(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValidationError):
        Word(text="a", bbox=box)


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_a_confidence_outside_0_to_1_is_refused(confidence: float) -> None:
    with pytest.raises(ValidationError):
        Word(text="a", bbox=(0, 0, 1, 1), confidence=confidence)


def test_values_are_frozen() -> None:
    word = Word(text="a", bbox=(0, 0, 1, 1))
    with pytest.raises(ValidationError):
        word.text = "b"  # type: ignore[misc] # that this is an error is the claim


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ((Cell(row=0, column=0, column_span=3),), "outside"),
        ((Cell(row=2, column=0),), "outside"),
        ((Cell(row=0, column=0, row_span=2), Cell(row=1, column=0)), "overlaps"),
    ],
)
def test_a_table_whose_cells_do_not_fit_is_refused(cells: tuple[Cell, ...], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Table(rows=2, columns=2, cells=cells)


def test_the_grid_holds_a_spanning_cell_once() -> None:
    table = Table(
        rows=2,
        columns=2,
        cells=(Cell(row=0, column=0, column_span=2, text="head"), Cell(row=1, column=1, text="b")),
    )
    assert table.grid() == [["head", ""], ["", "b"]]
    assert table.has_spans


def block(kind: BlockKind, text: str, **more: object) -> Block:
    return Block.model_validate({"kind": kind, "text": text, "bbox": (0, 0, 1, 1), **more})


def test_page_text_parts_blocks_by_blank_lines_and_keeps_lists_together() -> None:
    page = Page(
        number=1,
        width=9,
        height=9,
        blocks=(
            block(BlockKind.TITLE, "Title"),
            block(BlockKind.LIST_ITEM, "one", marker="1."),
            block(BlockKind.PICTURE, ""),
            block(BlockKind.LIST_ITEM, "two", marker="2."),
            block(BlockKind.TEXT, "end"),
        ),
    )
    assert page.text == "Title\n\n1. one\n2. two\n\nend"


def test_confidence_is_unknown_where_nobody_knows_it() -> None:
    page = Page(number=1, width=9, height=9, blocks=(block(BlockKind.TEXT, "a"),))
    assert page.confidence is None
    assert Document(pages=(page,)).confidence is None


def test_page_confidence_is_the_mean_of_its_words() -> None:
    line = Line(
        text="a b",
        bbox=(0, 0, 1, 1),
        confidence=0.1,
        words=(Word(text="a", bbox=(0, 0, 1, 1), confidence=0.5), Word(text="b", bbox=(0, 0, 1, 1), confidence=1.0)),
    )
    page = Page(number=1, width=9, height=9, blocks=(block(BlockKind.TEXT, "a b", lines=(line,)),))
    assert page.confidence == 0.75

from __future__ import annotations

from collections import Counter

import pytest

from ocrkit.drawing import LAYERS, badge_at, confidence_colour, kind_colour, marks
from ocrkit.model import Block, BlockKind, Cell, Line, Page, Table, Word
from ocrkit.testing import sample_document


def page_of(*blocks: Block) -> Page:
    return Page(number=1, width=600, height=800, blocks=blocks)


def test_every_block_cell_line_and_word_has_its_mark() -> None:
    page = sample_document().pages[0]
    counts = Counter(mark.layer for mark in marks(page))
    boxed = [cell for block in page.blocks if block.table for cell in block.table.cells if cell.bbox]
    assert counts == {
        "blocks": len(page.blocks), "cells": len(boxed), "lines": len(page.lines), "words": len(page.words),
    }  # fmt: skip
    assert boxed
    assert [mark.block for mark in marks(page) if mark.layer == "blocks"] == list(range(1, len(page.blocks) + 1))


def test_a_turned_word_is_outlined_by_its_exact_corners() -> None:
    quad = ((10.0, 10.0), (50.0, 30.0), (45.0, 40.0), (5.0, 20.0))
    word = Word(text="x", bbox=(5, 10, 50, 40), quad=quad)
    line = Line(text="x", bbox=(5, 10, 50, 40), words=(word,), confidence=0.7)
    found = {mark.layer: mark for mark in marks(page_of(Block(text="x", bbox=line.bbox, lines=(line,))))}
    upright = ((5.0, 10.0), (50.0, 10.0), (50.0, 40.0), (5.0, 40.0))
    assert [found[layer].quad for layer in ("words", "lines")] == [quad, upright]
    assert found["words"].confidence == 0.7  # its line's, where it has none of its own


def test_a_cell_without_a_place_is_not_drawn() -> None:
    cells = (Cell(row=0, column=0, text="a", bbox=(1, 2, 3, 4)), Cell(row=0, column=1, text="b"))
    table = Block(kind=BlockKind.TABLE, text="", bbox=(0, 0, 9, 9), table=Table(rows=1, columns=2, cells=cells))
    assert [mark.text for mark in marks(page_of(table)) if mark.layer == "cells"] == ["a"]


@pytest.mark.parametrize("kind", BlockKind)
def test_white_text_is_legible_on_the_colour_of_every_kind(kind: BlockKind) -> None:
    # Relative luminance and contrast as WCAG 2.1 defines them.
    channels = [int(kind_colour(kind)[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5


def test_confidence_goes_from_red_to_green_and_unknown_is_neither() -> None:
    def greenness(confidence: float) -> int:
        colour = confidence_colour(confidence)
        return int(colour[3:5], 16) - int(colour[1:3], 16)

    steps = [greenness(value) for value in (0.1, 0.6, 0.8, 0.9, 1.0)]
    assert steps == sorted(steps)
    unknown = confidence_colour(None)
    assert unknown[1:3] == unknown[3:5] == unknown[5:7]


def test_the_number_of_a_block_in_the_corner_of_a_page_is_on_the_page() -> None:
    page = page_of(Block(text="x", bbox=(0, 0, 10, 10)))
    x, y, radius = badge_at(next(marks(page)), page)
    assert x >= radius
    assert y >= radius


def test_layers_have_the_names_that_users_type() -> None:
    assert LAYERS == ("blocks", "order", "cells", "lines", "words", "confidence")

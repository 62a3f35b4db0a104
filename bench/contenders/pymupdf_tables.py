"""Contender `find_tables`: PyMuPDF's own table finder with its defaults.

`Table.extract()` of version 2.0 loses spaces and sets commas on lines of their own, so each cell is given the words
that stand in it: what is compared is the finding of tables.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pymupdf

from bench.tables.cells import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.contenders import Outputs, Read, Setup


@contextmanager
def contend(setup: Setup) -> Iterator[Read]:
    """`Page.find_tables()` on every page; pictures have no text layer and give no tables."""
    del setup  # it has no options that a user must know

    def read(path: Path, /) -> Outputs:
        tables = []
        with pymupdf.open(path) as document:
            for page in document:
                turned = page.rotation_matrix  # cells lie on the page as it is shown, words as it is stored
                words = [(*(pymupdf.Rect(word[:4]) * turned), word[4]) for word in page.get_text("words")]
                tables += [
                    [[_text(cell, words) for cell in row.cells] for row in found.rows] for found in page.find_tables()
                ]
        return {"csv": write_csv(tables).encode()}

    yield read


def _text(cell: tuple[float, ...] | None, words: list[tuple[Any, ...]]) -> str:
    """The words whose middles lie in the cell; nothing for a place that another cell spans."""
    if cell is None:
        return ""
    x0, y0, x1, y1 = cell
    inside = (word for word in words if x0 <= (word[0] + word[2]) / 2 < x1 and y0 <= (word[1] + word[3]) / 2 < y1)
    return " ".join(word[4] for word in inside)

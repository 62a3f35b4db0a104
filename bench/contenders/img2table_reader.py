"""Contender `img2table`: with RapidOCR, its own text extraction for PDFs, and tables without borders allowed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from img2table.document import PDF, Image
from img2table.ocr import RapidOCR

from bench.tables.cells import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from img2table.tables.extraction import TableCell

    from bench.contenders import Outputs, Read, Setup


@contextmanager
def contend(setup: Setup) -> Iterator[Read]:
    """One OCR instance for all files."""
    del setup
    ocr = RapidOCR()

    def read(path: Path, /) -> Outputs:
        if path.suffix.lower() == ".pdf":
            pages = PDF(src=path).extract_tables(ocr=ocr, borderless_tables=True)
            found = [table for number in sorted(pages) for table in pages[number]]
        else:
            found = Image(src=path).extract_tables(ocr=ocr, borderless_tables=True)
        return {"csv": write_csv([_rows(table.content) for table in found]).encode()}

    yield read


def _rows(content: dict[int, list[TableCell]]) -> list[list[str]]:
    """The rows; a cell that spans several places is given at each, and kept at the first."""
    seen: set[tuple[int, ...]] = set()
    rows = []
    for _, cells in sorted(content.items()):
        row = []
        for cell in cells:
            box = (cell.bbox.x1, cell.bbox.y1, cell.bbox.x2, cell.bbox.y2)
            row.append("" if box in seen else cell.value or "")
            seen.add(box)
        rows.append(row)
    return rows

"""Documents of tables with their truth: `<id>.pdf`, `<id>.img.jpg` (a 200-dpi scan of it) and `<id>.gt.csv`.

Real documents are worth more and lack what these have: spans, wrapped labels and kinds of ruling in known numbers.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, get_args

import pymupdf
from PIL import Image, ImageFilter

from bench.tables.cells import write_csv
from bench.tables.design import Rules, designed

if TYPE_CHECKING:
    from pathlib import Path

    from bench.tables.design import Box, Design

A4 = (595.0, 842.0)
MARGIN = 56.0
PLAIN, BOLD = "helv", "hebo"
PADDING = 5.0
"""Points between a cell's text and where the next cell begins."""

SCAN_DPI = 200
POINTS = 72
TILT = 0.4
"""Degrees by which a scan lies askew at most."""

_SENTENCE = "The figures below were put together from the returns of all districts and rounded where need be. "
LONG = 5
"""Of so many documents one has a table that goes on over pages."""

CONTINUED_ROWS = 70
"""Rows of a table that needs a second page."""


@dataclass(slots=True)
class _Sheet:
    """A page being written from top to bottom."""

    page: pymupdf.Page
    at: float = MARGIN


def make(folder: Path, *, count: int, seed: int) -> None:
    """Writes `count` documents, in turn with each kind of ruling; one in `LONG` has a table that goes on over pages."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = get_args(Rules)
    for number in range(count):
        chance = Random(f"{seed} {number}")  # noqa: S311 - repeatable, not secret
        rules = kinds[number % len(kinds)]
        long = not (number + 1) % LONG
        bodies = [CONTINUED_ROWS] if long else [None] * chance.randint(1, 2)
        designs = [designed(chance, rules=rules, body=body) for body in bodies]
        name = f"{number + 1:03}-{rules}{'-continued' if long else ''}"
        pdf = _set(designs, chance)
        (folder / f"{name}.pdf").write_bytes(pdf)
        (folder / f"{name}.gt.csv").write_text(write_csv([design.truth() for design in designs]), "utf-8")
        if not long:
            (folder / f"{name}.img.jpg").write_bytes(_scanned(pdf, chance))


def _set(designs: list[Design], chance: Random) -> bytes:
    """The PDF: a sentence or two, then a table, and so on."""
    with pymupdf.open() as document:
        sheet = _Sheet(document.new_page(width=A4[0], height=A4[1]))
        size = chance.uniform(8.0, 10.5)
        for design in designs:
            _write_text(sheet, _SENTENCE * chance.randint(1, 3), size)
            sheet = _write_table(sheet, design, size, document=document)
            sheet.at += 2 * size
        _write_text(sheet, _SENTENCE, size)
        content: bytes = document.tobytes(deflate=True)
        return content


def _write_text(sheet: _Sheet, text: str, size: float) -> None:
    line = ""
    for word in [*text.split(), ""]:
        if not word or pymupdf.get_text_length(f"{line} {word}", PLAIN, size) > A4[0] - 2 * MARGIN:
            sheet.page.insert_text((MARGIN, sheet.at + size), line, fontname=PLAIN, fontsize=size)
            sheet.at, line = sheet.at + 1.25 * size, ""
        line = f"{line} {word}".strip()
    sheet.at += 1.5 * size


def _write_table(sheet: _Sheet, design: Design, size: float, *, document: pymupdf.Document) -> _Sheet:
    """Sets the table, the head again where it goes on over a page; returns the sheet that it ends on."""
    edges = _edges(design, size)
    heights = _heights(design, size)
    start = 0
    while start < design.rows:
        head = range(design.heads) if start else range(0)
        room = A4[1] - MARGIN - sheet.at - sum(heights[row] for row in head)
        end = start
        while end < design.rows and room >= heights[end]:
            room -= heights[end]
            end += 1
        _write_rows(sheet, design, (*head, *range(start, end)), edges=edges, size=size)
        start = end
        if start < design.rows:
            sheet = _Sheet(document.new_page(width=A4[0], height=A4[1]))
    return sheet


def _edges(design: Design, size: float) -> list[float]:
    """Where each column begins, and the last ends; all shrunk where they need more than the page has."""
    widths = [2 * PADDING] * design.columns
    for box in design.boxes:
        needed = max(_width(line, box, size) for line in box.lines) + 2 * PADDING
        for column in range(box.column, box.column + box.columns):
            widths[column] = max(widths[column], needed / box.columns)
    spare = max(0.0, A4[0] - 2 * MARGIN - sum(widths)) / len(widths)
    edges = [MARGIN]
    for width in widths:
        edges.append(edges[-1] + width + min(spare, 3 * size))
    return edges


def _heights(design: Design, size: float) -> list[float]:
    heights = [1.6 * size] * design.rows
    for box in design.boxes:
        heights[box.row] = max(heights[box.row], (1.15 * len(box.lines) / box.rows + 0.45) * size)
    return heights


def _write_rows(sheet: _Sheet, design: Design, rows: tuple[int, ...], *, edges: list[float], size: float) -> None:
    heights = _heights(design, size)
    tops = {}
    for place, row in enumerate(rows):
        tops[row] = sheet.at
        if design.striped and place % 2:
            area = pymupdf.Rect(edges[0], sheet.at, edges[-1], sheet.at + heights[row])
            sheet.page.draw_rect(area, color=None, fill=(0.9, 0.9, 0.9))
        sheet.at += heights[row]
    for box in design.boxes:
        if box.row in tops:
            _write_box(sheet, box, tops[box.row], edges=edges, size=size)
    for x0, y0, x1, y1 in _rules(design, rows, edges, tops=[*tops.values(), sheet.at]):
        sheet.page.draw_line((x0, y0), (x1, y1), width=0.7)


def _write_box(sheet: _Sheet, box: Box, top: float, *, edges: list[float], size: float) -> None:
    left, right = edges[box.column] + PADDING, edges[box.column + box.columns] - PADDING
    for number, line in enumerate(box.lines):
        width = _width(line, box, size)
        x = {"left": left, "right": right - width, "centre": (left + right - width) / 2}[box.align]
        y = top + (1.15 * number + 1.1) * size
        sheet.page.insert_text((x, y), line, fontname=BOLD if box.bold else PLAIN, fontsize=size)


def _rules(
    design: Design, rows: tuple[int, ...], edges: list[float], *, tops: list[float]
) -> list[tuple[float, float, float, float]]:
    """The lines to draw as `(x0, y0, x1, y1)`."""
    ends = (edges[0], edges[-1])
    if design.rules == "none":
        return []
    if design.rules == "head":
        return [(ends[0], y, ends[1], y) for y in (tops[0], tops[design.heads], tops[-1])]
    if design.rules == "rows":
        return [(ends[0], y, ends[1], y) for y in tops]
    lines = []
    covered = {
        (row, column): (box.row, box.column)
        for box in design.boxes
        for row in range(box.row, box.row + box.rows)
        for column in range(box.column, box.column + box.columns)
    }
    for place, row in enumerate(rows):
        for column in range(design.columns):
            x0, x1, y0, y1 = edges[column], edges[column + 1], tops[place], tops[place + 1]
            cell = covered.get((row, column), (row, column))
            if place == 0 or cell != covered.get((rows[place - 1], column)):
                lines.append((x0, y0, x1, y0))
            if column == 0 or cell != covered.get((row, column - 1)):
                lines.append((x0, y0, x0, y1))
    lines += [(ends[0], tops[-1], ends[1], tops[-1]), (ends[1], tops[0], ends[1], tops[-1])]
    return lines


def _width(line: str, box: Box, size: float) -> float:
    width: float = pymupdf.get_text_length(line, BOLD if box.bold else PLAIN, size)
    return width


def _scanned(pdf: bytes, chance: Random) -> bytes:
    """The first page as an office scanner gives it: a little askew, soft, compressed."""
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        pixels = document[0].get_pixmap(dpi=SCAN_DPI, colorspace=pymupdf.csGRAY)
        picture = Image.frombytes("L", (pixels.width, pixels.height), pixels.samples)
    picture = picture.rotate(chance.uniform(-TILT, TILT), resample=Image.Resampling.BICUBIC, fillcolor=255)
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.6)).save(out, "JPEG", quality=75, dpi=(SCAN_DPI, SCAN_DPI))
    return out.getvalue()

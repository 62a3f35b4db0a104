"""How large things are on paper: type, margins and columns, for formats that set pages anew. Knows no format."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ocrkit.geometry import union
from ocrkit.layout.flow import FURNITURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.model import Block, Page, Table

_POINTS_AN_INCH = 72.0
_TYPE_IN_LINE = 0.85
"""Size of the type in heights of the box that an engine puts around a line of it: 0.82 to 0.9 on ten papers."""

_MARGIN = (0.5, 1.25)
"""Inches: the least that printers print, and the most that leaves a readable line."""

_MIN_CHARACTERS, _MAX_CHARACTERS = 4, 40
"""What a column without known places counts at least and at most, so that no long text starves the others."""

Margins = tuple[float, float, float, float]
"""Left, top, right and bottom in inches."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """How the pages of a document are set.

    Attributes:
        points: size of the type of most of its text; `None` where no page says its resolution.
        margins: for each size of page, width and height in inches, what all its pages leave free.
        language: code of the language of most pages; `None` where none is known.
    """

    points: float | None
    margins: dict[tuple[float, float], Margins]
    language: str | None


def inches(page: Page) -> tuple[float, float] | None:
    """Width and height of the page in hundredths of an inch; `None` where its resolution is not known."""
    return (round(page.width / page.dpi, 2), round(page.height / page.dpi, 2)) if page.dpi else None


def measure(pages: Iterable[Page]) -> Sheet:
    """The measures of the pages, in one pass over them."""
    sizes: Counter[float] = Counter()
    free: dict[tuple[float, float], list[Margins]] = defaultdict(list)
    languages: Counter[str] = Counter()
    for page in pages:
        if page.detected_language:
            languages[page.detected_language] += 1
        size = inches(page)
        body = [block for block in page.blocks if block.kind not in FURNITURE]
        if size is None or page.dpi is None or not body:
            continue
        for block in body:
            points = type_size(block, page.dpi)
            if points is not None:
                sizes[points] += len(block.text)
        x0, y0, x1, y1 = (side / page.dpi for side in union(block.bbox for block in body))
        free[size].append((x0, y0, size[0] - x1, size[1] - y1))
    return Sheet(
        points=_middle(sizes),
        margins={size: _margins(found, size) for size, found in free.items()},
        language=languages.most_common(1)[0][0] if languages else None,
    )


def type_size(block: Block, dpi: float) -> float | None:
    """Size of the block's type in half points; `None` for a block without lines."""
    heights = [line.font_size or _TYPE_IN_LINE * _height(line.bbox, line.direction) for line in block.lines]
    return round(2 * median(heights) / dpi * _POINTS_AN_INCH) / 2 if heights else None


def column_shares(table: Table) -> list[float]:
    """The share of the table's width that each column has; 1 together.

    Columns are as wide as on the page if every one of them says where it is, else as their texts are long.
    """
    spans: list[list[tuple[float, float]]] = [[] for _ in range(table.columns)]
    for cell in table.cells:
        if cell.bbox is not None and cell.column_span == 1:
            spans[cell.column].append((cell.bbox[0], cell.bbox[2]))
    widths = _by_place(spans) or _by_length(table)
    return [width / sum(widths) for width in widths]


def _height(box: tuple[float, float, float, float], direction: str) -> float:
    return box[2] - box[0] if direction == "ttb" else box[3] - box[1]


def _middle(sizes: Counter[float]) -> float | None:
    """The size in the middle of all characters."""
    left = sizes.total() / 2
    for size, count in sorted(sizes.items()):
        left -= count
        if left <= 0:
            return size
    return None


def _margins(found: Sequence[Margins], size: tuple[float, float]) -> Margins:
    least, most = _MARGIN
    left, top, right, bottom = (
        min(max(min(sides), least), most, side / 4)
        for sides, side in zip(zip(*found, strict=True), (*size, *size), strict=True)
    )
    return left, top, right, bottom


def _by_place(spans: Sequence[Sequence[tuple[float, float]]]) -> list[float] | None:
    """Widths between the middles of the gaps; `None` where a column is unknown or does not follow the one before."""
    if not all(spans):
        return None
    edges = [(min(x0 for x0, _ in column), max(x1 for _, x1 in column)) for column in spans]
    if any(after[0] <= before[0] or after[1] <= before[1] for before, after in pairwise(edges)):
        return None
    cuts = [(before[1] + after[0]) / 2 for before, after in pairwise(edges)]
    borders = [edges[0][0], *cuts, edges[-1][1]]
    widths = [after - before for before, after in pairwise(borders)]
    return widths if min(widths) > 0 else None


def _by_length(table: Table) -> list[float]:
    lengths = [float(_MIN_CHARACTERS)] * table.columns
    for cell in table.cells:
        if cell.column_span == 1:
            longest = max(map(len, cell.text.split("\n")))
            lengths[cell.column] = max(lengths[cell.column], min(longest, _MAX_CHARACTERS))
    return lengths

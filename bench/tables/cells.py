"""How near the tables found are to the true ones: figures from rows of texts, nothing else.

The measure is that of the ICDAR 2013 table competition (Göbel, Hassan, Oro, Orsi: A methodology for evaluating
algorithms for table understanding in PDF documents): F1 over pairs of cells that are neighbours.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from bench.scoring import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

Rows: TypeAlias = list[list[str]]
"""One table: a text for each place of its grid, empty where none begins."""

Neighbours: TypeAlias = Counter[tuple[str, str, str]]
"""How often one text stands left of another (`right`) or above another (`below`)."""


def neighbours(rows: Rows) -> Neighbours:
    """The pairs of texts that follow one another along rows and down columns, blanks skipped.

    Case, spaces and typographic variants are not what tables are judged by.
    """
    grid = [[fold(text, case=True).replace(" ", "") for text in row] for row in rows]
    pairs: Neighbours = Counter()
    for at, row in enumerate(grid):
        for column, text in enumerate(row):
            if not text:
                continue
            beside = next(filter(None, row[column + 1 :]), "")
            under = next(filter(None, (later[column] for later in grid[at + 1 :] if column < len(later))), "")
            pairs.update((text, other, way) for other, way in ((beside, "right"), (under, "below")) if other)
    return pairs


def f1(truth: Neighbours, found: Neighbours) -> float:
    """F1 over two bags of neighbours; 1 where neither has any."""
    total = truth.total() + found.total()
    return 2 * (truth & found).total() / total if total else 1.0


def score(truth: Sequence[Rows], found: Sequence[Rows]) -> float:
    """The mean over the true tables of the F1 of the best table found, each of which counts for one of them.

    Tables found where there are none cost nothing; `spurious` counts them.
    """
    left = [neighbours(rows) for rows in found]
    scores: list[float] = []
    for wanted in map(neighbours, truth):
        best = max(range(len(left)), key=lambda i: f1(wanted, left[i]), default=None)
        scores.append(f1(wanted, left[best]) if best is not None else 0.0)
        if best is not None and scores[-1] > 0:
            left.pop(best)
    return sum(scores) / len(scores) if scores else 0.0


def spurious(truth: Sequence[Rows], found: Sequence[Rows]) -> int:
    """How many more tables were found than there are."""
    return max(0, len(found) - len(truth))


def read_csv(text: str) -> list[Rows]:
    """The tables of a CSV file, parted by blank lines."""
    tables: list[Rows] = [[]]
    for row in csv.reader(io.StringIO(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"), newline="")):
        if row:
            tables[-1].append(row)
        elif tables[-1]:
            tables.append([])
    return [rows for rows in tables if rows]


def write_csv(tables: Sequence[Rows]) -> str:
    """The tables as a CSV file, parted by blank lines."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    for number, rows in enumerate(tables):
        if number:
            out.write("\n")
        # One empty cell alone would be a blank line.
        writer.writerows(row if any(row) or len(row) > 1 else [" "] for row in rows)
    return out.getvalue()

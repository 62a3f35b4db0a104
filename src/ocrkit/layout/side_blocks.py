"""Short blocks that stand side by side: addresses, labels above their values, a remark beside a list.

What looks like names with their values, or items with their prices, stays in rows. Works in the reading frame; every
length is in heights of an ordinary line.
"""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ocrkit.layout.cells import is_number
from ocrkit.layout.order import (
    FAR,
    LEAST,
    LEAST_ALONE,
    LEAST_PROSE,
    LEVEL,
    NARROWEST,
    PROSE_WIDTH,
    TRIES,
    aligned,
    bands_of,
    next_to,
    split_by,
)
from ocrkit.layout.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrkit.layout.grids import Ruling
    from ocrkit.layout.order import Band
    from ocrkit.layout.pieces import Piece

LEAST_NAMED = 4
"""Of so many lines the first may name the figures below it."""

UNALIGNED = 0.7
"""Where less than this share of the lines stands level with lines across, the sides have each their own spacing: half
of them do by chance, but of rows nearly all."""

WALL = 0.6
"""A ruling that goes over this share of the width parts what stands above it from what stands below."""

GROUP = 2.0
"""A blank higher than this parts groups of rows."""

STEADY_STEP = 1.3
"""Lines of one spacing stand no further apart than this many times their usual distance."""

LABEL = 30
"""A label has no more characters than this."""

BELOW = 0.8
"""What a label names begins no further below it than this."""

UNDER = 0.6
"""And no further to its side."""

BREAK = 0.5
"""A blank that is so much higher than that below the labels ends what they name."""

CLOSE = 0.7
"""Blocks are at least this far apart where only their lines tell that they are."""

_YEAR = re.compile(r"\b(19|20)\d\d\b")
_DATE = 20


def blocks_apart(pieces: Sequence[Piece], em: float, rulings: Sequence[Ruling] = ()) -> list[list[Piece]]:
    """Rows without columns of prose and without tables, parted where short blocks stand side by side.

    Args:
        pieces: what stands between two tables, or in a cell.
        em: height of an ordinary line.
        rulings: level rulings; no block goes on across a long one.
    """
    found: list[list[Piece]] = []
    together = False
    for stretch in _between(pieces, rulings, em):
        parts = _apart(stretch, em)
        if len(parts) == 1 and together:
            found[-1] += parts[0]
        else:
            found += parts
        together = len(parts) == 1
    return found


def spaced_apart(rows: Sequence[list[Piece]], em: float, rulings: Sequence[Ruling]) -> list[tuple[int, int]]:
    """Where rows hold blocks that are no table for sure: each with lines of its own spacing, or one twice.

    Args:
        rows: from top to bottom.
        em: height of an ordinary line.
        rulings: level rulings; a long one, as a high blank, parts groups of rows.

    Returns:
        The first row and the row after the last of each such group.
    """
    walls = [r.at for r in rulings if r.end - r.start > PROSE_WIDTH * em]
    edges = [0]
    for at, (above, below) in enumerate(pairwise(rows), 1):
        ruled = any(above[0].middle < wall < below[0].middle for wall in walls)
        if ruled or _gap(above, below) > GROUP * em:
            edges.append(at)
    groups = pairwise([*edges, len(rows)])
    return [(a, b) for a, b in groups if _spaced([p for row in rows[a:b] for p in row], em)]


def _could_part(pieces: Sequence[Piece], least: int) -> bool:
    """Whether so many lines are short enough to be one of two sides; saves looking for gutters in running text."""
    half = (max(p.box[2] for p in pieces) - min(p.box[0] for p in pieces)) / 2 if pieces else 0.0
    return sum(p.width <= half for p in pieces) >= least


def _spaced(pieces: list[Piece], em: float) -> bool:
    """Whether a gutter parts two sides of one spacing each whose lines do not stand level, or two that are alike."""
    if not _could_part(pieces, LEAST_ALONE):
        return False
    for band in sorted(bands_of(pieces, em), key=lambda b: -b.score)[:TRIES]:
        left, right = next_to(band.left, em, left=True), next_to(band.right, em, left=False)
        few = min(len(left), len(right))
        if few < LEAST_ALONE or min(median(p.width for p in side) for side in (left, right)) < NARROWEST * em:
            continue
        if _hold_figures(left, right, em) or _goes_on(band, pieces, em):
            continue
        steady = all(_is_steady(side) for side in (left, right))
        if (steady and aligned(left, right, em) < UNALIGNED) or 2 * _twins(left, right, em) >= few:
            return True
    return False


def _is_steady(side: Sequence[Piece]) -> bool:
    """Whether the lines stand at one distance from each other."""
    steps = [below.middle - above.middle for above, below in pairwise(sorted(side, key=lambda p: p.middle))]
    return max(steps) <= STEADY_STEP * median(steps)


def _twins(left: Sequence[Piece], right: Sequence[Piece], em: float) -> int:
    """How many different lines stand on both sides, level with each other."""
    return len({p.text for p in left for q in right if p.text == q.text and abs(p.middle - q.middle) < em / 2})


def _between(pieces: Sequence[Piece], rulings: Sequence[Ruling], em: float) -> list[list[Piece]]:
    """The pieces, parted at rulings that go over most of their width."""
    if not pieces:
        return []
    start, end = min(p.box[0] for p in pieces), max(p.box[2] for p in pieces)
    least = max(WALL * (end - start), em)
    walls = sorted(r.at for r in rulings if min(r.end, end) - max(r.start, start) >= least)
    stretches: dict[int, list[Piece]] = {}
    for piece in pieces:
        stretches.setdefault(sum(piece.middle > at for at in walls), []).append(piece)
    return [stretches[key] for key in sorted(stretches)]


def _apart(pieces: list[Piece], em: float) -> list[list[Piece]]:
    rows = rows_of(pieces)
    for first, last, columns in _labelled(rows, em):
        above, below = [[p for row in part for p in row] for part in (rows[:first], rows[last:])]
        return [*_apart(above, em), *columns, *_apart(below, em)]
    if not _could_part(pieces, LEAST):
        return [pieces] if pieces else []
    for band in sorted(bands_of(pieces, em), key=lambda b: -b.score)[:TRIES]:
        left, right = next_to(band.left, em, left=True), next_to(band.right, em, left=False)
        if any(len(side) < LEAST or median(p.width for p in side) < NARROWEST * em for side in (left, right)):
            continue
        if _hold_figures(left, right, em) or not _are_blocks(left, right, em) or _goes_on(band, pieces, em):
            continue
        return [side for part in split_by(band, pieces) for side in _apart(part, em)]
    return [pieces] if pieces else []


def _labelled(rows: Sequence[list[Piece]], em: float) -> Iterator[tuple[int, int, list[list[Piece]]]]:
    """Labels side by side with what stands below each: first row, row after the last, and the columns."""
    for first, (row, below) in enumerate(pairwise(rows)):
        above = _gap(rows[first - 1], row) if first else None
        if not _are_labels(row, below, em) or (above is not None and above < _gap(row, below) + BREAK * em):
            continue
        last = first + 2
        while last < len(rows) and _gap(rows[last - 1], rows[last]) < _gap(row, below) + BREAK * em:
            last += 1
        starts = [p.box[0] for p in row]
        columns: list[list[Piece]] = [[] for _ in row]
        fits = True
        for piece in (p for line in rows[first:last] for p in line):
            at = max(sum(piece.box[0] > start - UNDER * em for start in starts) - 1, 0)
            limit = starts[at + 1] if at + 1 < len(starts) else piece.box[2]
            fits = fits and abs(piece.box[0] - starts[at]) < UNDER * em and piece.box[2] <= limit
            columns[at].append(piece)
        after = rows[last] if last < len(rows) else []
        if fits and not any(_is_figures(column[1:]) or _is_continued(column, after, em) for column in columns):
            yield first, last, columns


def _is_continued(column: Sequence[Piece], after: Sequence[Piece], em: float) -> bool:
    """Whether a line after the group stands below the column at the distance that its own lines have."""
    usual = max((below.box[1] - above.box[3] for above, below in pairwise(column)), default=0.0) + BREAK * em / 2
    return any(
        abs(p.box[0] - column[-1].box[0]) < UNDER * em and p.box[1] - column[-1].box[3] <= usual
        for p in after
        if column
    )


def _are_labels(row: Sequence[Piece], below: Sequence[Piece], em: float) -> bool:
    """Whether a row names what begins right below each of its pieces: by type, colons or figures."""
    if len(row) < LEAST or len(below) < LEAST or _gap(row, below) > BELOW * em:
        return False
    starts = [p.box[0] for p in row]
    if any(all(abs(p.box[0] - start) >= UNDER * em for start in starts) for p in below):
        return False
    if any(len(p.text) > LABEL or not p.text[:1].isupper() or any(map(str.isdigit, p.text)) for p in row):
        return False
    if all(map(_is_key, row)) or (all(p.line.bold for p in row) and not any(p.line.bold for p in below)):
        return not any(map(_is_key, below))
    figured = sum(any(map(str.isdigit, p.text)) for p in below)
    return 2 * figured >= len(below) and not any(":" in p.text for p in (*row, *below))


def _is_figures(column: Sequence[Piece]) -> bool:
    """Whether several figures stand in it, as in a column of a table."""
    return len(column) >= LEAST and all(is_number(p.text) for p in column)


def _gap(above: Sequence[Piece], below: Sequence[Piece]) -> float:
    return min(p.box[1] for p in below) - max(p.box[3] for p in above)


def _hold_figures(left: Sequence[Piece], right: Sequence[Piece], em: float) -> bool:
    """Whether what stands on the right, or below a name there, or beside what stands on the left, is mostly values."""
    level = [p for p in right if any(abs(p.middle - q.middle) < LEVEL * em for q in left)]
    named = [side[1:] for side in (right, level) if len(side) >= LEAST_NAMED]
    return any(2 * sum(_is_value(p.text) for p in side) > len(side) for side in (right, level, *named))


def _is_value(text: str) -> bool:
    """Whether the text is a figure, mostly digits without a name before them, or a date in words."""
    signs = text.replace(" ", "")
    named = not any(map(str.isdigit, text.strip().partition(" ")[0]))
    mostly = not named and 2 * sum(map(str.isdigit, signs)) > len(signs)
    return is_number(text) or mostly or (len(text) <= _DATE and _YEAR.search(text) is not None)


def _are_blocks(left: Sequence[Piece], right: Sequence[Piece], em: float) -> bool:
    """Whether two sides are blocks: labelled, with lines of their own, twins, or far apart."""
    if _is_key(left[0]) and _is_key(right[0]) and not any(map(_is_key, (*left[1:], *right[1:]))):
        return True
    if 2 * sum(map(_is_key, left)) > len(left):
        return False
    if min(len(left), len(right)) >= LEAST_ALONE and aligned(left, right, em) < UNALIGNED:
        return True
    blank = min(p.box[0] for p in right) - max(p.box[2] for p in left)
    few = min(len(left), len(right))
    apart = blank >= CLOSE * em and few >= LEAST_PROSE
    alike = 2 * _twins(left, right, em) >= few
    return blank >= FAR * em or (apart and (alike or any(_run_on(side, em) for side in (left, right))))


def _run_on(side: Sequence[Piece], em: float) -> bool:
    """Whether most lines go on with the sentence of the line close above them."""
    steps = list(pairwise(sorted(side, key=lambda p: p.middle)))
    count = sum(
        below.text[:1].islower() and above.text[-1:].isalpha() and below.box[1] - above.box[3] < em / 2
        for above, below in steps
    )
    return 2 * count > len(steps)


def _is_key(piece: Piece) -> bool:
    return piece.text.rstrip().endswith((":", "："))


def _goes_on(band: Band, pieces: Sequence[Piece], em: float) -> bool:
    """Whether the right side has lines beside pieces outside the band, or goes on outside it.

    Then these are rows, and a longer name there shows how near the values stand.
    """
    inside = {id(p) for p in (*band.left, *band.right)}
    start = min(p.box[0] for p in band.right)
    return any(
        abs(p.box[0] - start) < em / 2 or any(abs(p.middle - q.middle) < LEVEL * em for q in band.right)
        for p in pieces
        if id(p) not in inside
    )

"""Grids: ruling lines into cells with their spans.

Works in the reading frame. Knows only lines and boxes, no text.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ocrkit.geometry import union

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.geometry import BBox

SNAP = 0.3
"""Ruling lines closer together than this, in heights of a line, are one."""

REACH = 0.5
"""How far, in heights of a line, two rulings may stay apart and still meet."""

THIN = 3.0
"""A ruling is at least this many times as long as thick."""

WALL = 0.5
"""Share of a cell's edge that a ruling must cover to be a wall."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight line: at `at` on one axis, from `start` to `end` on the other."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """Rulings that cross each other.

    Attributes:
        xs: where its columns begin and end.
        ys: where its rows begin and end.
        upright: its vertical rulings.
        level: its horizontal rulings.
    """

    xs: list[float]
    ys: list[float]
    upright: list[Ruling]
    level: list[Ruling]

    @property
    def box(self) -> BBox:
        """Around the whole grid."""
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def cells(self) -> list[tuple[int, int, int, int]]:
        """Every cell as `(row, column, row_span, column_span)`, merged where no wall parts them."""
        rows, columns = len(self.ys) - 1, len(self.xs) - 1
        right = _walls(self.upright, self.xs, self.ys)
        above = _walls(self.level, self.ys, self.xs)
        taken: set[tuple[int, int]] = set()
        found = []
        for row in range(rows):
            for column in range(columns):
                if (row, column) in taken:
                    continue
                wide = 1
                while (
                    column + wide < columns and (row, column + wide) not in taken and (row, column + wide) not in right
                ):
                    wide += 1
                spots = range(column, column + wide)
                high = 1
                while row + high < rows and not any(
                    (row + high, c) in taken or (c, row + high) in above or (c > column and (row + high, c) in right)
                    for c in spots
                ):
                    high += 1
                taken |= {(r, c) for r in range(row, row + high) for c in spots}
                found.append((row, column, high, wide))
        return found


def rulings_of(boxes: Iterable[BBox], em: float) -> tuple[list[Ruling], list[Ruling]]:
    """The vertical and the horizontal rulings among the boxes, pieces of one line joined."""
    upright, level = [], []
    for x0, y0, x1, y1 in boxes:
        width, height = x1 - x0, y1 - y0
        if width >= THIN * height and width > em / 2:
            level.append(Ruling((y0 + y1) / 2, x0, x1))
        elif height >= THIN * width and height > em / 2:
            upright.append(Ruling((x0 + x1) / 2, y0, y1))
    return _merged(upright, em), _merged(level, em)


def grids_of(upright: Sequence[Ruling], level: Sequence[Ruling], em: float) -> list[Grid]:
    """The rulings in groups that cross, each with at least two cells' walls either way."""
    reach = REACH * em
    groups: list[tuple[list[Ruling], list[Ruling]]] = []
    for post in upright:
        touched = [beam for beam in level if _meet(post, beam, reach)]
        if not touched:
            continue
        mine = ([post], touched)
        apart = []
        for group in groups:
            if any(beam in group[1] for beam in touched):
                mine = (mine[0] + group[0], [*mine[1], *(b for b in group[1] if b not in mine[1])])
            else:
                apart.append(group)
        groups = [*apart, mine]
    grids = []
    for posts, beams in groups:
        xs = _snapped([*(p.at for p in posts), min(b.start for b in beams), max(b.end for b in beams)], em)
        ys = _snapped([*(b.at for b in beams), min(p.start for p in posts), max(p.end for p in posts)], em)
        if len(xs) > 1 and len(ys) > 1 and len(xs) + len(ys) > 4:  # noqa: PLR2004 - more than the four edges of a box
            grids.append(Grid(xs, ys, posts, beams))
    return grids


def stacks_of(level: Sequence[Ruling], em: float, least: int) -> list[list[Ruling]]:
    """Horizontal rulings of the same extent that stand above one another: at least `least` of them."""
    stacks: list[list[Ruling]] = []
    for beam in sorted(level, key=lambda b: b.at):
        for stack in stacks:
            if abs(stack[0].start - beam.start) <= em and abs(stack[0].end - beam.end) <= em:
                stack.append(beam)
                break
        else:
            stacks.append([beam])
    return [stack for stack in stacks if len(stack) >= least]


def around(rulings: Sequence[Ruling]) -> BBox:
    """The box around horizontal rulings."""
    return union((r.start, r.at, r.end, r.at) for r in rulings)


def _merged(rulings: Sequence[Ruling], em: float) -> list[Ruling]:
    """Rulings on one line joined where they touch."""
    lanes: list[list[Ruling]] = []
    for ruling in sorted(rulings, key=lambda r: r.at):
        if lanes and ruling.at - lanes[-1][0].at <= SNAP * em:
            lanes[-1].append(ruling)
        else:
            lanes.append([ruling])
    merged = []
    for lane in lanes:
        lane.sort(key=lambda r: r.start)
        at = sum(r.at for r in lane) / len(lane)
        start, end = lane[0].start, lane[0].end
        for ruling in lane[1:]:
            if ruling.start - end > REACH * em:
                merged.append(Ruling(at, start, end))
                start, end = ruling.start, ruling.end
            end = max(end, ruling.end)
        merged.append(Ruling(at, start, end))
    return merged


def _meet(post: Ruling, beam: Ruling, reach: float) -> bool:
    return beam.start - reach <= post.at <= beam.end + reach and post.start - reach <= beam.at <= post.end + reach


def _snapped(values: Iterable[float], em: float) -> list[float]:
    """The values in order, those closer than `SNAP` as one."""
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > SNAP * em:
            kept.append(value)
    return kept


def _walls(rulings: Sequence[Ruling], places: Sequence[float], steps: Sequence[float]) -> set[tuple[int, int]]:
    """Where rulings stand: `(step, place)` for each edge at `places[place]` that is covered along `steps[step]`."""
    lengths: dict[tuple[int, int], float] = {}
    for ruling in rulings:
        place = min(range(len(places)), key=lambda i: abs(places[i] - ruling.at))
        for step, (start, end) in enumerate(pairwise(steps)):
            common = min(ruling.end, end) - max(ruling.start, start)
            if common > 0:
                lengths[step, place] = lengths.get((step, place), 0.0) + common
    return {key for key, length in lengths.items() if length >= WALL * (steps[key[0] + 1] - steps[key[0]])}

"""Tables thought up: their texts, what spans what, and how they are to be ruled; a seed repeats them.

Knows no paper; `making.py` sets them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from random import Random

    from bench.tables.cells import Rows

Rules = Literal["grid", "rows", "head", "none"]
"""Lines around every cell, between all rows, above and below the head and at the foot, or nowhere."""

Align = Literal["left", "right", "centre"]


def _words(text: str) -> list[str]:
    return text.split()


_ADJECTIVES = _words("annual net gross deferred local other total regional average monthly second direct")
_NOUNS = _words("income staff schools rainfall exports interest housing repairs visitors timber freight wages grants")
_TAILS = ["of the year", "before tax", "in rural districts", "carried forward", "and related services", "at cost"]
_HEADS = _words("2021 2022 2023 2024 Share Change Units Price Budget Actual Total Region North South Count Rate")
_GROUPS = ["First half", "Second half", "Public sector", "Private sector", "Before", "After", "Urban areas"]
_WORDS = _words("open closed pending wood steel glass daily weekly green red Lagos Lima Oslo Porto Quito yes no none")
_BLANKS = ("", "-", "n/a")

GROUPED = 5
"""Columns of a table whose head may have names over several of them, at least."""

LABEL_CHARACTERS = 24
"""Labels longer than this are broken over lines."""


@dataclass(frozen=True, slots=True)
class Box:
    """One cell: where it begins, what it spans, what it says and how it is set."""

    row: int
    column: int
    lines: tuple[str, ...]
    rows: int = 1
    columns: int = 1
    align: Align = "left"
    bold: bool = False


@dataclass(slots=True)
class Design:
    """One table.

    Attributes:
        rules: where lines are drawn.
        heads: rows of its head.
        boxes: its cells, those without text left out.
        striped: whether every other row is shaded.
        columns: how many there are.
    """

    rules: Rules
    heads: int
    columns: int
    striped: bool = False
    boxes: list[Box] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many there are."""
        return max(box.row + box.rows for box in self.boxes)

    def truth(self) -> Rows:
        """Its texts by row and column, each where its cell begins."""
        grid = [[""] * self.columns for _ in range(self.rows)]
        for box in self.boxes:
            grid[box.row][box.column] = " ".join(box.lines)
        return grid


def designed(chance: Random, *, rules: Rules | None = None, body: int | None = None) -> Design:
    """A table: labels and figures, or words; a head of one or two rows; now and then labels that head or span rows.

    Args:
        chance: decides all that is not said.
        rules: where lines are drawn.
        body: rows below the head.
    """
    chosen: Rules = chance.choice(get_args(Rules)) if rules is None else rules
    columns, figures = chance.randint(3, 7), _happens(chance, 0.75)
    design = Design(chosen, heads=1, columns=columns, striped=chosen != "grid" and _happens(chance, 0.2))
    _add_head(design, chance, figures=figures)
    rows = body or chance.randint(4, 14)
    # A label of several rows needs lines to be seen as one.
    spanning = chosen == "grid" and _happens(chance, 0.3)
    at = design.heads
    while at < design.heads + rows:
        if figures and not spanning and _happens(chance, 0.08):
            design.boxes.append(Box(at, 0, (chance.choice(_GROUPS),), bold=True))
            at += 1
        height = min(chance.randint(1, 3), design.heads + rows - at) if spanning else 1
        design.boxes.append(Box(at, 0, _label(chance), rows=height))
        for row in range(at, at + height):
            _add_values(design, chance, row, figures=figures)
        at += height
    return design


def _happens(chance: Random, share: float) -> bool:
    """True in this share of all cases."""
    return chance.random() < share


def _add_head(design: Design, chance: Random, *, figures: bool) -> None:
    align: Align = "right" if figures else "left"
    groups = (design.columns - 1) // 2 if design.columns >= GROUPED and _happens(chance, 0.35) else 0
    names = chance.sample(_HEADS, design.columns - 1)
    if groups:
        design.heads = 2
        for number, name in enumerate(chance.sample(_GROUPS, groups)):
            design.boxes.append(Box(0, 1 + 2 * number, (name,), columns=2, align="centre", bold=True))
    design.boxes.append(Box(design.heads - 1, 0, (chance.choice(("Item", "Name", "Description")),), bold=True))
    for number, name in enumerate(names):
        lines = (name, f"({chance.choice(('000', 'EUR', 'tons'))})") if _happens(chance, 0.15) else (name,)
        design.boxes.append(Box(design.heads - 1, 1 + number, lines, align=align, bold=True))


def _label(chance: Random) -> tuple[str, ...]:
    text = f"{chance.choice(_ADJECTIVES)} {chance.choice(_NOUNS)}".capitalize()
    if _happens(chance, 0.25):
        text = f"{text} {chance.choice(_TAILS)}"
    if len(text) <= LABEL_CHARACTERS:
        return (text,)
    cut = text.rindex(" ", 0, LABEL_CHARACTERS)
    return (text[:cut], text[cut + 1 :])


def _add_values(design: Design, chance: Random, row: int, *, figures: bool) -> None:
    for column in range(1, design.columns):
        if _happens(chance, 0.07):
            text = chance.choice(_BLANKS)
        elif figures:
            text = f"{chance.choice((1, 1, 1, -1)) * chance.randint(1, 10 ** chance.randint(2, 6)):,}"
        else:
            text = " ".join(chance.sample(_WORDS, chance.randint(1, 2)))
        if text:
            design.boxes.append(Box(row, column, (text,), align="right" if figures else "left"))

"""A unit as a claim: of a line the field, of a table the cell that was asked for, with quotes of where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.answerers.extractive.units import Unit, cells, fields, units_of
from ocrkit.answerers.extractive.wanted import holds
from ocrkit.contracts import Claim, Quote
from ocrkit.terms import keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocrkit.answerers.extractive.question import Question

_LONGEST_QUOTE = 240
"""Characters of a row up to its value; a longer way is left out."""


def claim_of(unit: Unit, question: Question) -> Claim:
    """What the unit says of the question, in its own words."""
    if unit.header:
        found = _below(unit, question) if unit.header == unit.text else _cell(unit, question)
        if found is not None:
            return found
    start, end = _narrowed(unit, question)
    text = unit.passage.text[start:end]
    return Claim(_shown(text), (Quote(unit.passage.id, text, start),))


def _narrowed(unit: Unit, question: Question) -> tuple[int, int]:
    """The one field of a unit that says all that the unit says of the question, where there is one; else the unit."""
    best, most = (unit.start, unit.end), 0.0
    for first, last in cells(unit.text):
        parts = list(fields(unit.text[first:last]))
        for start, end in parts if len(parts) > 1 else ():
            text = unit.text[first + start : first + end]
            weight = _weight(text, question)
            if weight > most and holds(text, question.kind, but=question.text):
                best, most = (unit.start + first + start, unit.start + first + end), weight
    return best if most >= _weight(unit.text, question) else (unit.start, unit.end)


def _below(unit: Unit, question: Question) -> Claim | None:
    """The first value under the column of a table's first row that the question names; `None` where it names none."""
    if any(sign.isdigit() or sign in ":：" for sign in unit.header):
        return None  # a label with its value, and no header
    heads = cells(unit.header)
    weight, place = max((_weight(unit.header[slice(*head)], question), -number) for number, head in enumerate(heads))
    if weight <= 0:
        return None
    label = unit.header[slice(*heads[-place])]
    for row in units_of(unit.passage):
        columns = cells(row.text) if row.header == unit.header and row.start > unit.start else []
        if -place < len(columns) and row.text[slice(*columns[-place])].strip():
            start, end = columns[-place]
            quotes = (
                Quote(unit.passage.id, row.text[start:end], row.start + start),
                Quote(unit.passage.id, label, unit.start + heads[-place][0]),
            )
            return Claim(f"{_shown(label)}: {_shown(row.text[start:end])}", quotes)
    return None


def _cell(unit: Unit, question: Question) -> Claim | None:
    """The cell of a row in the column that the question names; `None` where it names none."""
    row, header = unit.text, unit.header
    columns = list(zip(cells(row), cells(header), strict=False))
    named = [
        (_weight(header[slice(*head)], question), -number)
        for number, (cell, head) in enumerate(columns)
        if row[slice(*cell)].strip()
    ]
    weight, place = max(named, default=(0.0, 0))
    if weight <= 0:
        return None
    cell, head = columns[-place]
    start = 0 if cell[1] <= _LONGEST_QUOTE else cell[0]
    value, label = row[slice(*cell)].strip(), " ".join(header[slice(*head)].split())
    quotes = [Quote(unit.passage.id, row[start : cell[1]], unit.start + start)]
    at = unit.passage.text.find(header)
    if at >= 0 and label:
        quotes.append(Quote(unit.passage.id, header[slice(*head)], at + head[0]))
    subject = _shown(row[: cell[0]]) if start == 0 else ""
    shown = f"{label}: {value}" if len(quotes) > 1 or not any(sign.isdigit() for sign in label) else value
    return Claim(f"{subject} – {shown}" if subject else shown, tuple(quotes))


def _weight(text: str, question: Question) -> float:
    return sum(question.weights.get(key, 0.0) for key in set(keys(text)))


def _shown(text: str) -> str:
    """A stretch of a page as a sentence: its cells parted by commas, its lines joined."""
    parts: Iterable[str] = (" ".join(cell.split()) for cell in text.split("\t"))
    return ", ".join(part for part in parts if part)

"""Chooses the unit of the passages that says most of what was asked, and quotes it. Makes up no word."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrkit.answerers.extractive.units import Unit, cells, fields, units_of
from ocrkit.answerers.extractive.wanted import Wanted, holds, wanted
from ocrkit.contracts import Claim, Quote
from ocrkit.terms import content_of, is_unspaced, keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.contracts import AnswererOptions, Inquiry

_AROUND = 0.75
_ON_PAGE = 0.5
"""What a word of the question counts that stands over the unit, or elsewhere on its page, where 1 is in it."""
_ABOUT = 1.5
"""Weight of the words that the question is about, beside its others."""
_KIND = 0.3
"""Weight of a word that names the kind of answer: documents often do without."""
_ENOUGH = 0.5
"""Share of the question's weight that must be found; below it the document does not say."""
_ENOUGH_UNSPACED = 0.45
"""The same for pairs of characters, of which some straddle two words and are in no document."""
_RIGHT_KIND = 0.15
_IN_A_ROW = 0.1
_LENGTH = 0.0015
"""Taken off for each word of a unit: of two that say the same, the shorter is the answer."""
_AS_GOOD = 0.99
"""Part of the best score from which another unit is an answer too."""
_MOST_CLAIMS = 3
_LONGEST_QUOTE = 240
"""Characters of a row up to its value; a longer way is left out."""


@dataclass(frozen=True, slots=True)
class _Question:
    """A question as it is compared with units.

    Attributes:
        weights: of its keys.
        about: keys of what it is about.
    """

    text: str
    weights: dict[str, float]
    about: tuple[str, ...]
    kind: Wanted
    enough: float


class ExtractiveAnswerer:
    """The best units of the passages, at most three, as claims that quote them."""

    def answer(self, inquiry: Inquiry, options: AnswererOptions, /) -> Sequence[Claim]:
        """What the passages say in their own words; nothing where they say too little of what was asked."""
        del options
        units = [unit for passage in inquiry.passages for unit in units_of(passage)]
        question = _question(inquiry.question, units)
        pages: dict[int, set[str]] = {}
        for unit in units:
            pages.setdefault(unit.passage.page, set()).update(unit.keys)
        scored = sorted(
            ((_score(unit, question, pages[unit.passage.page]), -place) for place, unit in enumerate(units)),
            reverse=True,
        )
        best = [(score, units[-place]) for score, place in scored if score > 0]
        chosen = [unit for score, unit in best if score >= best[0][0] * _AS_GOOD]
        claims = {claim.text: claim for claim in (_claim(unit, question) for unit in chosen)}
        return list(claims.values())[:_MOST_CLAIMS]

    def close(self) -> None:
        """Holds nothing."""


def _question(text: str, units: Sequence[Unit]) -> _Question:
    content, about, kinds = content_of(text)
    frequency = Counter(key for unit in units for key in {*unit.keys})
    rarest = math.log(len(units) + 2)
    weights: dict[str, float] = {}
    for key in dict.fromkeys(token.key for token in content):
        weight = math.log((len(units) + 2) / (frequency[key] + 1)) / rarest
        weights[key] = max(weight, 0.1) * (_KIND if key in kinds else 1)
    for key in dict.fromkeys(token.key for token in about):
        weights[key] *= _ABOUT
    unspaced = sum(is_unspaced(token.word[0]) for token in content) * 2 > len(content)
    return _Question(
        text=text,
        weights=weights,
        about=tuple(token.key for token in about),
        kind=wanted(text),
        enough=_ENOUGH_UNSPACED if unspaced else _ENOUGH,
    )


def _score(unit: Unit, question: _Question, on_page: set[str]) -> float:
    """How well the unit answers; 0 where it does not."""
    own = set(unit.keys)
    hits = {
        key: 1.0 if key in own else _AROUND if key in unit.around else _ON_PAGE if key in on_page else 0.0
        for key in question.weights
    }
    all_weight = sum(question.weights.values())
    if not all_weight or not own & question.weights.keys():
        return 0.0
    found = sum(weight * hits[key] for key, weight in question.weights.items()) / all_weight
    if found < question.enough or (question.about and not any(hits[key] >= _AROUND for key in question.about)):
        return 0.0
    if question.kind is not Wanted.ANYTHING and holds(unit.text, question.kind, but=question.text):
        found += _RIGHT_KIND
    if len(question.about) > 1 and _contains(unit.keys, question.about):
        found += _IN_A_ROW
    return max(found - _LENGTH * len(unit.keys), 0.001)


def _contains(many: Sequence[str], few: Sequence[str]) -> bool:
    return any(tuple(many[place : place + len(few)]) == tuple(few) for place in range(len(many) - len(few) + 1))


def _claim(unit: Unit, question: _Question) -> Claim:
    if unit.header and unit.header != unit.text:
        found = _cell(unit, question)
        if found is not None:
            return found
    start, end = unit.start, unit.end
    if "\t" not in unit.text and "\n" not in unit.text:
        first, last = max(fields(unit.text), key=lambda span: _weight(unit.text[slice(*span)], question))
        start, end = unit.start + first, unit.start + last
    text = unit.passage.text[start:end]
    return Claim(_shown(text), (Quote(unit.passage.id, text, start),))


def _cell(unit: Unit, question: _Question) -> Claim | None:
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


def _weight(text: str, question: _Question) -> float:
    return sum(question.weights.get(key, 0.0) for key in set(keys(text)))


def _shown(text: str) -> str:
    """A stretch of a page as a sentence: its cells parted by commas, its lines joined."""
    parts: Iterable[str] = (" ".join(cell.split()) for cell in text.split("\t"))
    return ", ".join(part for part in parts if part)

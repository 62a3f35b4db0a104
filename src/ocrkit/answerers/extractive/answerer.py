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
_FORM = 0.95
"""What another form of a word counts."""
_PART = 0.8
"""What a word counts that is the first half of one in the document: Patent, Patentblatt."""
_SHORTEST_PART = 5
_RIGHT_KIND = 0.15
_NO_NUMBER = 0.25
"""Taken off where a number is asked for and the unit has none."""
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
        words: for each key, the word as it was asked.
        parts: for each key, the words of the document that begin like it.
        about: keys of what it is about.
    """

    text: str
    weights: dict[str, float]
    words: dict[str, str]
    parts: dict[str, frozenset[str]]
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
        chosen: list[Unit] = []
        for score, unit in best:
            if score >= best[0][0] * _AS_GOOD and not any(map(unit.overlaps, chosen)):
                chosen.append(unit)
        claims = {claim.text: claim for claim in (_claim(unit, question) for unit in chosen)}
        return list(claims.values())[:_MOST_CLAIMS]

    def close(self) -> None:
        """Holds nothing."""


def _question(text: str, units: Sequence[Unit]) -> _Question:
    content, about, kinds = content_of(text)
    frequency = Counter(key for unit in units for key in {*unit.keys})
    rarest = math.log(len(units) + 2)
    parts = {token.key: _parts_of(token.key, frequency) for token in content}
    weights: dict[str, float] = {}
    for key, longer in parts.items():
        often = sum(frequency[word] for word in (key, *longer))
        weight = math.log((len(units) + 2) / min(often + 1, len(units) + 1)) / rarest
        weights[key] = max(weight, 0.1) * (_KIND if key in kinds else 1)
    for key in dict.fromkeys(token.key for token in about):
        weights[key] *= _ABOUT
    unspaced = sum(is_unspaced(token.word[0]) for token in content) * 2 > len(content)
    return _Question(
        text=text,
        weights=weights,
        words={token.key: token.word for token in content},
        parts=parts,
        about=tuple(token.key for token in about),
        kind=wanted(text),
        enough=_ENOUGH_UNSPACED if unspaced else _ENOUGH,
    )


def _parts_of(key: str, vocabulary: Iterable[str]) -> frozenset[str]:
    if len(key) < _SHORTEST_PART or not key.isalpha():
        return frozenset()
    return frozenset(word for word in vocabulary if word.startswith(key) and word != key)


def _score(unit: Unit, question: _Question, on_page: set[str]) -> float:
    """How well the unit answers; 0 where it does not."""
    hits = {key: _hit(key, question, unit=unit, on_page=on_page) for key in question.weights}
    all_weight = sum(question.weights.values())
    if not all_weight or not any(hit >= _PART for hit in hits.values()):
        return 0.0
    found = sum(weight * hits[key] for key, weight in question.weights.items()) / all_weight
    held = holds(unit.text, question.kind, but=question.text)
    if question.kind is Wanted.NUMBER and not held:
        found -= _NO_NUMBER
    if found < question.enough or (question.about and not any(hits[key] >= _AROUND for key in question.about)):
        return 0.0
    if question.kind is not Wanted.ANYTHING and held:
        found += _RIGHT_KIND
    if len(question.about) > 1 and _contains(unit.keys, question.about):
        found += _IN_A_ROW
    return max(found - _LENGTH * len(unit.keys), 0.001)


def _hit(key: str, question: _Question, *, unit: Unit, on_page: set[str]) -> float:
    """What a word of the question counts for this unit."""
    if key in unit.keys:
        return 1.0 if question.words[key] in unit.words else _FORM
    alike = {key, *question.parts[key]}
    if not alike.isdisjoint(unit.keys):
        return _PART
    if key in unit.around:
        return _AROUND
    return 0.0 if alike.isdisjoint(on_page) else _ON_PAGE


def _contains(many: Sequence[str], few: Sequence[str]) -> bool:
    return any(tuple(many[place : place + len(few)]) == tuple(few) for place in range(len(many) - len(few) + 1))


def _claim(unit: Unit, question: _Question) -> Claim:
    if unit.header:
        found = _below(unit, question) if unit.header == unit.text else _cell(unit, question)
        if found is not None:
            return found
    start, end = _narrowed(unit, question)
    text = unit.passage.text[start:end]
    return Claim(_shown(text), (Quote(unit.passage.id, text, start),))


def _narrowed(unit: Unit, question: _Question) -> tuple[int, int]:
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


def _below(unit: Unit, question: _Question) -> Claim | None:
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

"""How well a unit answers a question: the share of its words that are found, in the unit or where it stands."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from ocrkit.answerers.extractive.wanted import Wanted, holds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.answerers.extractive.question import Question
    from ocrkit.answerers.extractive.units import Unit

_FORM = 0.95
"""What another form of a word counts, where the word itself counts 1."""
_PART = 0.8
"""What a word counts of which a longer one has the beginning, or that is abbreviated."""
_AROUND = 0.75
"""What it counts over the unit: in a heading, or in the first row of a table."""
_ONLY_PAGE = 0.7
"""What it counts elsewhere on the page of the unit, if it is on no other page at hand: the name of a shop, say."""
_ON_PAGE = 0.5
"""The same where other pages have it too."""
_RIGHT_KIND = 0.15
_NO_NUMBER = 0.5
"""Taken off where a number is asked for and the unit has none."""
_NO_NAME = 0.1
"""Taken off where a person is asked for and the unit has no name."""
_IN_A_ROW = 0.1
_DEFINED = 0.1
"""Added where what is asked about is followed by a colon or `is`, as before its value."""
_CROSSED = 0.15
"""Added where the row has one word of the question, and the head of its table another."""
_LENGTH = 0.0015
"""Taken off for each word of a unit: of two that say the same, the shorter is the answer."""

_COPULA = re.compile(
    r"\s*(?:[:：=]|(?:is|are|was|were|est|sont|ist|sind|war|es|son|è|sono|is|zijn|é|são)\b)", re.IGNORECASE
)


class Scores:
    """Scores of the units at hand."""

    def __init__(self, question: Question, units: Sequence[Unit]) -> None:
        self._question = question
        self._all = sum(question.weights.values())
        self._on_page: dict[int, set[str]] = defaultdict(set)
        for unit in units:
            self._on_page[unit.passage.page] |= {*unit.keys}

    def of(self, unit: Unit) -> float:
        """How well the unit answers; 0 where it does not."""
        question = self._question
        hits = {key: self._hit(key, unit) for key in question.weights}
        if not any(hit >= _PART for hit in hits.values()) or not self._adds(unit):
            return 0.0
        found = sum(weight * hits[key] for key, weight in question.weights.items()) / self._all
        held = holds(unit.text, question.kind, but=question.text)
        if not held:
            found -= _NO_NUMBER if question.kind is Wanted.NUMBER else 0.0
        if found < question.enough or (question.about and not any(hits[key] >= _AROUND for key in question.about)):
            return 0.0
        return max(found + self._bonus(unit, hits, held=held) - _LENGTH * len(unit.keys), 0.001)

    def _hit(self, key: str, unit: Unit) -> float:
        """What a word of the question counts for this unit."""
        if key in unit.keys:
            return 1.0 if self._question.words[key] in unit.words else _FORM
        alike = {key, *self._question.parts[key]}
        if not alike.isdisjoint(unit.keys):
            return _PART
        if key in unit.around:
            return _AROUND
        pages = [page for page, words in self._on_page.items() if not alike.isdisjoint(words)]
        if unit.passage.page not in pages:
            return 0.0
        return _ONLY_PAGE if len(pages) == 1 else _ON_PAGE

    def _adds(self, unit: Unit) -> bool:
        """Whether the unit says anything that the question does not, apart from a row's head."""
        return bool(unit.header) or not {*unit.keys} <= self._question.weights.keys()

    def _bonus(self, unit: Unit, hits: dict[str, float], *, held: bool) -> float:
        question, bonus = self._question, 0.0
        if question.kind is not Wanted.ANYTHING:
            bonus += _RIGHT_KIND if held else -_NO_NAME if question.kind is Wanted.PERSON else 0.0
        if question.about:
            end = unit.end_of(question.about)
            bonus += _IN_A_ROW if end is not None and len(question.about) > 1 else 0.0
            bonus += _DEFINED if end is not None and _COPULA.match(unit.text, end) else 0.0
        if unit.header and unit.header != unit.text:
            in_head = any(hits[key] == _AROUND for key in unit.head_keys & hits.keys())
            bonus += _CROSSED if in_head and any(hit >= _FORM for hit in hits.values()) else 0.0
        return bonus

"""A question as units are measured against it: which words count, how much, and what else stands for them."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrkit.answerers.extractive.wanted import Wanted, wanted
from ocrkit.terms import content_of, fold, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.answerers.extractive.units import Unit
    from ocrkit.terms import Token

_ABOUT = 1.5
"""Weight of the words that the question is about, beside its others."""
_KIND = 0.3
"""Weight of a word that names the kind of answer: documents often do without."""
_VERB = 0.4
"""Weight of the verb of a question with `do`, which documents say in other words: "What does the fee cover?"."""
_LEAST = 0.3
"""Weight of a word that stands everywhere, where one that stands once has 1."""
_ENOUGH = 0.5
"""Share of the question's weight that must be found; below it the document does not say."""
_ENOUGH_UNSPACED = 0.45
"""The same for pairs of characters, of which some straddle two words and are in no document."""
_SHORTEST_PART = 5
"""Characters of a word that is looked for as the first half of longer ones: Patent, Patentblatt."""
_SHORTEST_ABBREVIATED = 6

_DO = re.compile(r"\b(?:do|does|did)\b", re.IGNORECASE)
_SHORT_WORD = re.compile(r"\b([^\W\d_]{3,5})\b(\.?)")


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is compared with units.

    Attributes:
        weights: of its keys.
        words: for each key, the word as it was asked.
        parts: for each key, the keys of the document that begin like it, or abbreviate it.
        about: keys of what it is about.
        kind: what kind of answer it wants.
        enough: share of its weight from which a unit answers it.
    """

    text: str
    weights: dict[str, float]
    words: dict[str, str]
    parts: dict[str, frozenset[str]]
    about: tuple[str, ...]
    kind: Wanted
    enough: float


def question_of(text: str, units: Sequence[Unit]) -> Question:
    """The question, its words weighted by how rare they are among the units."""
    content, about, kinds = content_of(text)
    frequency = Counter(key for unit in units for key in {*unit.keys})
    short = _abbreviations(unit.text for unit in units)
    parts = {token.key: _begun(token.key, frequency) | _shortened(token.word, short) for token in content}
    weights = {key: _rarity(key, longer, frequency, among=len(units)) for key, longer in parts.items()}
    for key in kinds & weights.keys():
        weights[key] *= _KIND
    verb = _verb_of(text, content)
    for key in dict.fromkeys(token.key for token in about if token is not verb):
        weights[key] *= _ABOUT
    if verb is not None:
        weights[verb.key] *= _VERB
    unspaced = sum(is_unspaced(token.word[0]) for token in content) * 2 > len(content)
    return Question(
        text=text,
        weights=weights,
        words={token.key: token.word for token in content},
        parts=parts,
        about=tuple(token.key for token in about if token is not verb),
        kind=wanted(text),
        enough=_ENOUGH_UNSPACED if unspaced else _ENOUGH,
    )


def _abbreviations(texts: Iterable[str]) -> set[str]:
    """The short words that never stand without a full stop."""
    found: tuple[set[str], set[str]] = (set(), set())
    for text in texts:
        for word, stop in _SHORT_WORD.findall(text):
            found[bool(stop)].add(fold(word))
    return found[True] - found[False]


def _rarity(key: str, others: Iterable[str], frequency: Counter[str], *, among: int) -> float:
    often = min(sum(frequency[word] for word in (key, *others)), among)
    return max(math.log((among + 2) / (often + 1)) / math.log(among + 2), _LEAST)


def _begun(key: str, vocabulary: Iterable[str]) -> frozenset[str]:
    """The longer words that begin with this one."""
    if len(key) < _SHORTEST_PART or not key.isalpha():
        return frozenset()
    return frozenset(word for word in vocabulary if word.startswith(key) and word != key)


def _shortened(word: str, abbreviations: Iterable[str]) -> frozenset[str]:
    """The abbreviations that may stand for the word: `Serv.` for service."""
    if len(word) < _SHORTEST_ABBREVIATED:
        return frozenset()
    return frozenset(short for short in abbreviations if word.startswith(short))


def _verb_of(text: str, content: Sequence[Token]) -> Token | None:
    """The verb at the end of an English question with `do`; never the only word that it has."""
    if len(content) <= 1 or not _DO.search(text):
        return None
    last = content[-1]
    return last if not text[last.end :].strip(" ?.!") and _DO.search(text[: last.start]) else None

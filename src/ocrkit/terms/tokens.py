"""A text as tokens, each with its place and with the key under which its other forms are found too.

Scripts without spaces give overlapping pairs of characters: no dictionary is needed, and a word of two characters,
which most of Chinese are, is found whole.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ocrkit.terms.labels import CONCEPTS, ENDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

# Thai, Lao, Myanmar, Khmer; kana; Han; Hangul, whose particles stick to their words.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
)
_PIECE = re.compile(rf"[{_UNSPACED}]+|[^\W{_UNSPACED}]+")
_IN_UNSPACED = re.compile(rf"[{_UNSPACED}]")

_SEAM = re.compile(r"(?<=\d{4})(?=[^\W\d_]{4})|(?<=[^\W\d_]{4})(?=\d{4})")

_STEM = 7
"""Characters of a word that are compared: enough to tell words apart, few enough to leave most endings off."""
_SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Token:
    """A word or pair of characters.

    Attributes:
        start: offset in the text.
        end: offset behind it.
        word: folded by `fold`.
        key: the same for all forms of a word, and for the words that name one label.
    """

    start: int
    end: int
    word: str
    key: str


def tokens(text: str) -> list[Token]:
    """The tokens of a text, in its order."""
    found: list[Token] = []
    for piece in _PIECE.finditer(text):
        if is_unspaced(piece[0][0]):
            found += _pairs(text, piece.start(), piece.end())
        else:
            for start, end in _runs(piece[0], piece.start()):
                word = fold(text[start:end])
                found += [Token(start, end, part, key_of(part)) for part in _parts(word) if part]
    return found


def keys(text: str) -> list[str]:
    """The keys of a text, in its order."""
    return [token.key for token in tokens(text)]


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """The text without case, accents and the forms of width."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def is_unspaced(sign: str) -> bool:
    """Whether the character is of a script whose words are not parted by spaces, or stick together as in Korean."""
    return _IN_UNSPACED.match(sign) is not None


@lru_cache(maxsize=100_000)
def key_of(word: str) -> str:
    """The key of a folded word."""
    if word in CONCEPTS:
        return CONCEPTS[word]
    if not word.isalpha():
        return word
    stem = _stem(word)
    return CONCEPTS.get(stem, stem)[:_STEM]


def _stem(word: str) -> str:
    """The word without its commonest endings; crude, and the same in every language of alphabets."""
    if len(word) > _SHORTEST_STEM and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > _SHORTEST_STEM and word.endswith(("sses", "xes", "ches", "shes")):
        word = word[:-2]
    elif len(word) >= _SHORTEST_STEM and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def _runs(piece: str, start: int) -> Iterator[tuple[int, int]]:
    """A piece, parted where a value runs into its label, as in PDFs whose columns touch: `12508334Ordernummer`."""
    seam = _SEAM.search(piece)
    if seam:
        yield start, start + seam.start()
    yield start + (seam.start() if seam else 0), start + len(piece)


def _parts(word: str) -> Iterator[str]:
    """A compound of a label (Rechnungsnummer, factuurdatum) as its two words; any other word as it is."""
    for ending in ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= _SHORTEST_STEM and rest.isalpha():
            yield from (rest, ending)
            return
    yield word


def _pairs(text: str, start: int, end: int) -> Iterator[Token]:
    if end - start == 1:
        word = fold(text[start:end])
        yield Token(start, end, word, word)
    for place in range(start, end - 1):
        word = fold(text[place : place + 2])
        yield Token(place, place + 2, word, word)

"""How far a text is from the truth: figures from two strings, nothing else.

All figures are between 0 and 1 (an error rate may exceed 1 where much was invented). Both sides are folded
alike first: typographic quotes, dashes, digits and white space are not what an OCR engine is judged by.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein

_ALIKE = {
    "'": "‘’`´ʼ",
    '"': "“”„«»″",
    "-": "–—−‐‑",
    "": "\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}",
    **{str(digit): chr(0x660 + digit) + chr(0x6F0 + digit) for digit in range(10)},
}
_FOLD = str.maketrans({variant: plain for plain, variants in _ALIKE.items() for variant in variants})

# Kana, Han, Hangul and Thai are written without spaces between words: each character counts as a word.
_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_]+")
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")


def fold(text: str, *, case: bool = False) -> str:
    """`text` in NFKC with quotes, dashes and digits made plain and every run of white space one space.

    With `case` upper and lower case are made one as well.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_FOLD).split())
    return plain.casefold() if case else plain


def words(text: str) -> Counter[str]:
    """How often each word stands in `text`; of scripts without spaces, each character."""
    return Counter(_WORD.findall(text))


def tokens(text: str) -> list[str]:
    """The pieces of `text` between spaces, punctuation kept; of scripts without spaces, each character."""
    return _TOKEN.findall(text)


def word_f1(truth: str, got: str) -> float:
    """F1 over bags of words, whatever their order: a lost line, an invented one and a missing space all cost."""
    expected, found = words(truth), words(got)
    total = expected.total() + found.total()
    return 2 * (expected & found).total() / total if total else 1.0


def infix_distance(needle: str, hay: str) -> int:
    """Edits that turn `needle` into the substring of `hay` nearest to it (Sellers 1980); at most its length."""
    letters = np.array([ord(char) for char in hay], dtype=np.int64)
    at = np.arange(len(hay) + 1)
    row = np.zeros(len(hay) + 1, dtype=np.int64)  # a match may start anywhere at no cost
    for count, char in enumerate(needle, start=1):
        best = np.empty_like(row)
        best[0] = count
        best[1:] = np.minimum(row[1:] + 1, row[:-1] + (letters != ord(char)))
        # Skipping letters of the hay costs one each: a running minimum does that for the whole row at once.
        row = at + np.minimum.accumulate(best - at)
    return int(row.min())


@dataclass(frozen=True, slots=True)
class Score:
    """One page, or several added up, against the truth.

    Attributes:
        pages: how many pages.
        word_f1: sum over pages of the bag-of-words F1.
        line_edits: edits of every line of the truth to the nearest place in the text, spaces left out.
        line_length: characters of those lines.
        edits: edits between the whole texts, capped at the truth's length.
        length: characters of the truth.
    """

    pages: int = 0
    word_f1: float = 0.0
    line_edits: int = 0
    line_length: int = 0
    edits: int = 0
    length: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            pages=self.pages + other.pages,
            word_f1=self.word_f1 + other.word_f1,
            line_edits=self.line_edits + other.line_edits,
            line_length=self.line_length + other.line_length,
            edits=self.edits + other.edits,
            length=self.length + other.length,
        )

    @property
    def mean_f1(self) -> float:
        """Word F1, each page weighing the same."""
        return self.word_f1 / max(1, self.pages)

    @property
    def line_error(self) -> float:
        """Line error (lCER): order-free, blind to extra text, each character weighing the same."""
        return self.line_edits / max(1, self.line_length)

    @property
    def character_error(self) -> float:
        """Character error rate (CER) in reading order, each character weighing the same."""
        return self.edits / max(1, self.length)


def score(truth: str, got: str) -> Score:
    """The score of one page.

    A truth without a single small letter was transcribed in capitals and says nothing of case: case is folded.
    """
    case = not any(char.islower() for char in truth)
    expected, found = fold(truth, case=case), fold(got, case=case)
    lines = [line for line in (fold(line, case=case).replace(" ", "") for line in truth.splitlines()) if line]
    hay = found.replace(" ", "")
    return Score(
        pages=1,
        word_f1=word_f1(expected, found),
        line_edits=sum(infix_distance(line, hay) for line in lines),
        line_length=sum(map(len, lines)),
        edits=min(Levenshtein.distance(expected, found), max(1, len(expected))),
        length=max(1, len(expected)),
    )

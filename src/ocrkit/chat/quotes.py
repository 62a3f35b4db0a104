"""Whether a quote is on a page, and where.

It is there letter by letter, but for what readings differ in; or nearly, with the same numbers and negations. Pure:
texts in, places out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ocrkit.chat.matching import nearest
from ocrkit.terms import fold, is_unspaced

_NEAR = 0.92
"""Share of the characters that must be the same: a wrong letter or two in a line, as OCR and models make them."""
_SHORTEST_NEAR = 12
"""Characters of the shortest quote that may differ at all."""
_LONGEST = 1000
"""Characters; a longer quote is a page, not a citation."""

_SAME = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u00b4": "'", "`": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\u00ad": None, "\u200b": None, "\u200e": None, "\u200f": None, "\ufeff": None,
})  # fmt: skip
"""Quotation marks, apostrophes and dashes that are the same to readers; and what nobody sees."""

_HYPHENATED = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad][ \t]*\n[ \t]*(?=[^\W\d_])")
"""A word parted at the end of a line; whether it is one shows in the letter that goes on."""
_NUMBER = re.compile(r"\d+(?:[.,:/']\d+|[ \u00a0\u202f]\d{3}(?!\d))*")
_GROUPING = re.compile(r"[ \u00a0\u202f'](?=\d)|[.,](?=\d{3}(?!\d))")
_NEGATION_WORDS = """
    not no never without except unless neither nor none cannot nicht kein keine keinen keiner keinem nie niemals
    ohne ne pas jamais sans aucun aucune ni nunca ningun ninguna tampoco sin non mai senza nessun nessuna nao
    sem niet geen nooit zonder нет не без ни никогда
    """
_NEGATIONS = frozenset(_NEGATION_WORDS.split())
_UNSPACED_NEGATIONS = re.compile("[不没沒無无非未]|ない|ません|なし|아니|않|없|ไม่")
_ADDRESS = re.compile(r"(?:[\w+-]+[.@])+[^\W\d_]{2,}\b")
_MINUS = "-△▲"
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:\.\.\.|…)\s*\]|\.\.\.|…)\s*")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a page's text: offsets of its beginning and behind its end."""

    start: int
    end: int
    exact: bool


class Text:
    """A text to look for quotes in."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _normal(self) -> tuple[str, list[int]]:
        """The text as quotes are compared, and for each of its characters the offset that it comes from."""
        return _normalised(self.text)

    def find(self, quote: str, *, near: int | None = None) -> Span | None:
        """Where the quote stands; `None` where it does not.

        A quote with an ellipsis stands where its parts follow one another, and its span holds all of them.

        Args:
            quote: the words.
            near: offset in the text at or before the beginning of the quote, where it is known.
        """
        if len(quote) > _LONGEST:
            return None
        after = self._at(near)
        whole = _bare(quote)
        if whole.strip(" .") and (found := self._exact(whole, after) or self._exact(whole, 0)):
            return self._span(*found)
        parts = [part for part in map(_bare, _ELLIPSIS.split(quote)) if part]
        spans: list[Span] = []
        for part in parts:
            at = self._exact(part, after) or (self._exact(part, 0) if not spans else None) or self._near(part)
            if at is None:
                return None
            spans.append(self._span(*at))
            after = at[1]
        if not spans or any(later.start < before.start for before, later in pairwise(spans)):
            return None
        return Span(spans[0].start, spans[-1].end, exact=all(span.exact for span in spans))

    def _at(self, offset: int | None) -> int:
        if not offset:
            return 0
        _, offsets = self._normal
        return next((place for place, origin in enumerate(offsets) if origin >= offset), 0)

    def _span(self, start: int, end: int, exact: bool) -> Span:
        _, offsets = self._normal
        behind = offsets[end - 1] + 1
        while behind < len(self.text) and unicodedata.combining(self.text[behind]):
            behind += 1
        return Span(offsets[start], behind, exact)

    def _exact(self, part: str, after: int) -> tuple[int, int, bool] | None:
        text, _ = self._normal
        start = text.find(part, after)
        while start >= 0:
            end = start + len(part)
            if _whole(text, start, end):
                return start, end, True
            start = text.find(part, start + 1)
        return None

    def _near(self, part: str) -> tuple[int, int, bool] | None:
        text, _ = self._normal
        if len(part) < _SHORTEST_NEAR:
            return None
        match = nearest(part, text, most=int(len(part) * (1 - _NEAR)))
        if match is None:
            return None
        start, end = _widened(text, match.start, match.end)
        if numbers(text[start:end]) != numbers(part) or negations(text[start:end]) != negations(part):
            return None
        return start, end, False


def numbers(text: str) -> Counter[str]:
    """The numbers in a text, without what parts their thousands, and how often each is there."""
    plain = unicodedata.normalize("NFKC", text).replace("\n", " ")
    return Counter(_GROUPING.sub("", number[0]) for number in _NUMBER.finditer(plain))


def addresses(text: str) -> set[str]:
    """The web and mail addresses in a text: where a document that gives orders to a model would send its reader."""
    return {found.casefold() for found in _ADDRESS.findall(text)}


def negations(text: str) -> Counter[str]:
    """The words of a text that turn its meaning round, and how often each is there."""
    words = (fold(word) for word in re.findall(r"[^\W\d_]+", text))
    found = Counter("not" if word in {"no", "cannot"} else word for word in words if word in _NEGATIONS)
    found["n't"] = len(re.findall(r"n['’]t\b", text.casefold()))
    found.update(_UNSPACED_NEGATIONS.findall(text))
    return +found


def _bare(part: str) -> str:
    """A quote as it is compared, without the marks that only say that it is one."""
    return _normalised(part)[0].strip(' "')


def _normalised(text: str) -> tuple[str, list[int]]:
    signs: list[str] = []
    offsets: list[int] = []
    skip = {
        place
        for match in _HYPHENATED.finditer(text)
        if text[match.end()].islower() or text[match.start() - 1].isupper()
        for place in range(*match.span())
    }
    for offset, sign in enumerate(text):
        if offset in skip:
            continue
        for one in fold(sign.translate(_SAME)).translate(_SAME):
            if not one.isspace():
                signs.append(one)
                offsets.append(offset)
            elif signs and signs[-1] != " ":
                signs.append(" ")
                offsets.append(offset)
    return "".join(signs), offsets


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch cuts no word and no number in two, and leaves no sign of a negative number behind."""
    return not (_cut_before(text, start) or _cut_behind(text, end))


def _cut_before(text: str, start: int) -> bool:
    before = text[max(0, start - 2) : start]
    if not before or start == len(text):
        return False
    if _joined(before[-1], text[start]):
        return True
    if not text[start].isdigit():
        return False
    signed = before[-1] in _MINUS and not before[:-1].isalnum()
    return signed or re.fullmatch(r"\d[.,]", before) is not None


def _cut_behind(text: str, end: int) -> bool:
    behind = text[end : end + 2]
    if not behind or end == 0:
        return False
    return _joined(text[end - 1], behind[0]) or (
        text[end - 1].isdigit() and re.fullmatch(r"[.,]\d", behind) is not None
    )


def _joined(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and not (is_unspaced(left) or is_unspaced(right))


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch with the rest of the words and numbers that it cuts."""
    if _cut_before(text, start):
        while start > 0 and _in_word(text[start - 1]):
            start -= 1
    if _cut_behind(text, end):
        while end < len(text) and _in_word(text[end]):
            end += 1
    return start, end


def _in_word(sign: str) -> bool:
    return (sign.isalnum() and not is_unspaced(sign)) or sign in ".," + _MINUS

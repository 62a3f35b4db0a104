"""What must come through a translation unchanged, kept out of it by marks such as `⟦0⟧`; and whether it did.

Pure functions over texts. Plain small numbers stay in the text, since grammar needs them (`1 day`, `2 days`); all are
compared afterwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

_OPEN, _CLOSE = "⟦", "⟧"
_MARK = re.compile(rf"{_OPEN}\s*(\d+)\s*{_CLOSE}")

_EXACT = "|".join(
    [
        rf"[{_OPEN}{_CLOSE}]+",
        r"`[^`\n]+`",
        r"<math\b.*?</math>|\\\(.*?\\\)|\\\[.*?\\\]|\$\$[^$\n]+\$\$|\$(?=[^$\n]*[\\^_{])[^$\s](?:[^$\n]*[^$\s])?\$",
        r"</?[A-Za-z][^<>\n]*>",
        r"\{\{[^{}\n]{1,60}\}\}|\$?\{[^{}\n]{1,60}\}|%\(\w+\)[sdif]|%[sdif]\b",
        r"(?:https?|ftp)://[^\s<>\"]*[^\s<>\"'.,;:!?)\]]|\bwww\.[^\s<>\"]*[^\s<>\"'.,;:!?)\]]",
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        r"\b[a-z0-9_-]{2,}(?:\.[a-z0-9_-]{2,})*\.[a-z]{2,}\b(?:/[^\s<>\"]*[^\s<>\"'.,;:!?)\]])?",
        r"\b\w*[^\W_]_[^\W_]\w*\b",
        r"(?<![\w.])(?:[A-Za-z]:\\|~?/)[\w.~-]+(?:[\\/][\w.~-]+)+",
    ]
)
"""Code, formulas, markup, fields to be filled in, addresses and paths."""

_NUMBER = (
    r"(?<![\w.,])(?<!\w[-/._:#+])[-−–+±]?[$€£¥]?\s?(?:\d+(?:[.,:/'’\u00a0\u202f -]\d+)+)(?:\s?[%‰°$€£¥])?(?![\w])"
    r"|(?<![\w.,])[-−+±]\d+(?:\s?[%‰°])?(?!\w)"
    r"|(?<!\w)[$€£¥]\s?\d+(?!\w)"
    r"|(?<!\w)\d+\s?[%‰°€£¥](?!\w)"
    r"|(?<!\w)\d{5,}(?!\w)"
)
"""Numbers that a translator would be tempted to write as its language does (1,234.50), and long ones."""

_CODE = re.compile(r"\w+(?:[-/._:#+]\w+)*")
_COUNTED = re.compile(r"\d+(?:st|nd|rd|th|s|º|ª|er|e|ème|a|o)", re.IGNORECASE)
"""1st, 1990s: words of a language, which must be translated."""

_KEPT = re.compile(rf"{_EXACT}|{_NUMBER}")
_WITH_DIGITS = re.compile(rf"{_EXACT}|{_NUMBER}|\w*\d\w*")
_DIGITS = re.compile(r"\d+(?:[.,:'’/]\d+)*")
_GLUED = re.compile(r"[^\W\d_]\d")

_MOST_GROWTH, _GROWTH_ROOM = 5, 80
"""A translation longer than so many times its source and so many characters is no translation."""


@dataclass(frozen=True, slots=True)
class Shielded:
    """A text with marks, and what they stand for in order."""

    text: str
    kept: tuple[str, ...]

    @property
    def wordy(self) -> bool:
        """Whether there is anything to translate."""
        return any(letter.isalpha() for letter in _MARK.sub("", self.text))

    def between_marks(self) -> list[Shielded]:
        """The text cut at its marks: what stands before, between and after them, and they."""
        return [Shielded(part, self.kept) for part in _split_at_marks(self.text) if part]


def shielded(text: str, *, digits: bool = False) -> Shielded:
    """The text with marks for what must not change; with `digits` for every word that has a digit, too."""
    kept: list[str] = []

    def mark(found: re.Match[str]) -> str:
        whole = found[0]
        if found.re is _CODE and not _is_code(whole):
            return whole
        kept.append(whole.strip())
        blank = whole[: len(whole) - len(whole.lstrip())]
        return f"{blank}{_OPEN}{len(kept) - 1}{_CLOSE}"

    parts = _split_at_marks((_WITH_DIGITS if digits else _KEPT).sub(mark, text))
    # A code is looked for between the marks, whose own digits are none of the text's.
    parts[::2] = [_CODE.sub(mark, part) for part in parts[::2]]
    return Shielded("".join(parts), tuple(kept))


def restored(translation: str, source: Shielded) -> str | None:
    """The translation with what was kept in the place of its marks; `None` where a mark is lost, doubled or new."""
    found = Counter(int(mark[1]) for mark in _MARK.finditer(translation))
    asked = Counter(int(mark[1]) for mark in _MARK.finditer(source.text))
    if found != asked:
        return None
    text = _MARK.sub(lambda mark: source.kept[int(mark[1])], translation)
    return text if text.count(_OPEN) == sum(part.count(_OPEN) for part in _used(source)) else None


def faithful(translation: str, source: str) -> bool:
    """Whether the translation says something, is no essay, and has the numbers of its source, each as it was."""
    if not translation.strip() or len(translation) > _MOST_GROWTH * len(source) + _GROWTH_ROOM:
        return False
    glued = len(_GLUED.findall(translation)) > len(_GLUED.findall(source))
    return not glued and numbers(translation) == numbers(source)


def numbers(text: str) -> Counter[str]:
    """The numbers of the text, in digits 0 to 9, separators as written, and how often each."""
    plain = "".join(_plain(sign) for sign in text)
    return Counter(_DIGITS.findall(plain))


def _used(source: Shielded) -> list[str]:
    return [source.kept[int(mark[1])] for mark in _MARK.finditer(source.text)]


def _plain(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def _split_at_marks(text: str) -> list[str]:
    """The text before, between and after the marks, and at odd places the marks."""
    return re.split(rf"({_OPEN}\d+{_CLOSE})", text)


def _is_code(word: str) -> bool:
    """Whether a word with digits is a name for something (INV-2024-7, x86_64, A4) and no word of the language."""
    digits = any(sign.isdecimal() for sign in word)
    letters = any(sign.isalpha() for sign in word)
    if not digits or not letters or _COUNTED.fullmatch(word):
        return False
    mixed = any(
        any(sign.isdecimal() for sign in run) and any(sign.isalpha() for sign in run) and not _COUNTED.fullmatch(run)
        for run in re.split(r"[-/._:#+]", word)
    )
    return mixed or word.upper() == word

"""When two readings of a word are the same word: case, accents, ligatures, quotes and look-alikes folded; numbers not.

Pure: strings in, strings out.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACELESS = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
_SPACELESS += "\uf900-\ufaff\uff66-\uff9d\U00020000-\U000323af"
"""Scripts whose words no spaces part: Han, kana, Thai, Lao, Tibetan, Burmese, Khmer. Each sign is a token."""

_MARKS = "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u0f35-\u0f84\u0f90-\u0fbc"
_MARKS += "\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u3099\u309a"

TOKEN = re.compile(f"[{_SPACELESS}][{_MARKS}]*|[^\\s{_SPACELESS}]+")
"""One word; of scripts without spaces, one sign with its marks."""

_POINTING = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")
"""Accents, and the vowel points of Hebrew and Arabic: the marks that engines lose most easily."""

_LOOKALIKES = str.maketrans(
    {
        **dict(zip("01i|ıøđłæœ", ("o", "l", "l", "l", "l", "o", "d", "l", "ae", "oe"), strict=True)),
        **dict(zip("аеорсухіѕј", "aeopcyxlsj", strict=True)),
        **dict(zip("οανρτυχκι", "oavptuxkl", strict=True)),
    }
)
"""What is printed alike or nearly so, in Latin, Cyrillic and Greek."""

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **dict.fromkeys("‘’‚‛′´`ʼ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("●◦▪■○∙‧", "•"),
    }
)

_NUMBER = re.compile(r"(?:(?<!\w)-)?\d+(?:[.,:/'\- ]\d+)*")
_MISREAD_DIGITS = str.maketrans("OoQlI|SBZ", "000111582")
"""Letters that stand for digits where an engine has misread them, and the other way round."""


@lru_cache(maxsize=1 << 15)
def fold(text: str) -> str:
    """The letters and digits of a token without case, accents and look-alikes; of a token without any, its signs."""
    plain = _POINTING.sub("", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(sign for sign in plain if sign.isalnum() or unicodedata.category(sign)[0] == "M")
    return bare.translate(_LOOKALIKES) if bare else plain.translate(_SIGNS)


def is_word(key: str) -> bool:
    """Whether a folded token holds a letter or a digit."""
    return any(sign.isalnum() for sign in key)


@lru_cache(maxsize=1 << 15)
def numbers(text: str) -> tuple[str, ...]:
    """The numbers in a token as they are written: `(1,250.00)` holds `1,250.00`; digits of all scripts as 0 to 9."""
    plain = "".join(
        str(unicodedata.digit(sign, sign)) for sign in unicodedata.normalize("NFKC", text).translate(_SIGNS)
    )
    return tuple(_NUMBER.findall(plain))


def same_numbers(text: str, printed: str) -> bool:
    """Whether both hold the same numbers, to the last sign and separator.

    `printed` is what an engine saw: it is forgiven letters that look like the digits (`1O5`), and a blank where the
    text has a separator or nothing (`80 91` for `80.91`, `12 000` for `12000`), as faint dots are lost.
    """
    if numbers(text) == numbers(printed):
        return True
    known, seen = numbers(text.translate(_MISREAD_DIGITS)), numbers(printed.translate(_MISREAD_DIGITS))
    if known in {seen, numbers(printed.translate(_MISREAD_DIGITS).replace(" ", ""))}:
        return True
    return len(known) == len(seen) and all(map(_same_but_blanks, known, seen))


def _same_but_blanks(known: str, seen: str) -> bool:
    """Whether the numbers are the same where `seen` has no blank."""
    parts = [re.escape(part) for part in seen.split(" ")]
    return len(parts) > 1 and re.fullmatch("[.,:/' -]?".join(parts), known) is not None

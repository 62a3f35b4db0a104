"""Says in which language a text is written, among those of its script; light until the first text that needs a model.

The model is that of `py3langid` (BSD-3-Clause, 139 languages, in its wheel): 0.2 ms a page.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from ocrkit.kept import kept
from ocrkit.languages import script_of, written_in

_SURE = 0.5
"""Probability among the languages of the script from which one is named."""
_MOST_CHARACTERS = 4000
"""What is read of a text; more changes nothing."""
_NO_LANGUAGE = "zxx"
"""The model's name for numbers, markup and the like."""
_TABLES = ("chances", "priors", "labels", "moves", "rows", "output")
"""What the model consists of, in its loader's order."""
_OUR_CODES = {"tl": "fil", "nn": "no", "arz": "ar", "ary": "ar", "gom": "kok", "uzs": "uz"}
"""Codes of the model, where the table of languages has another."""

_UNKNOWN = {
    "am": (
        "ti",
        "ናይ ካብ ወይ እዚ ኣብ ከም እዩ ድማ ዝኾነ ይኹን እቲ ምስ",
        "ወይም ነው እና ላይ ውስጥ ማንኛውም ሁሉ አለው እንደ ወደ ጋር ነበር",
    ),
    "dz": ("bo", "ལ ནས ཀྱི ཡིན སུ རྣམས བཅས ནི", "ལུ ཚུ ཨིན འབད དགོ ལས ག"),
    "he": (
        "yi",
        "און די דער אין פון איז מיט צו ניט אויף דאס האט",
        "של את על לא הוא או כל זה גם כי אל היא",
    ),
}
"""Languages that the model does not know, by the one that it takes them for: with the most frequent words of both."""
_WORDS_END = re.compile(r"[\s་།༌፡።፣፤,.;:()]+")

_SIMPLIFIED = frozenset(
    "这们国来时会说对学过还发经么后动两长样现当开问没点见东车门书马鸟鱼龙黄电话语钱银铁飞风业产务员师区"
)
_TRADITIONAL = frozenset(
    "這們國來時會說對學過還發經麼後動兩長樣現當開問沒點見東車門書馬鳥魚龍黃電話語錢銀鐵飛風業產務員師區"
)
"""The same frequent characters in both spellings of Chinese."""


def identify(text: str, script: str | None = None) -> str | None:
    """The code of the language of the text; `None` where that is not sure.

    Args:
        text: a line or more; words in other scripts are passed over.
        script: ISO 15924 as `script_of` gives it; found out if not given.
    """
    script = script or script_of(text)
    if script is None:
        return None
    if script == "Hani":
        return _chinese(text)
    codes = [language.code for language in written_in(script)]
    if len(codes) <= 1:
        return codes[0] if codes else None
    words = " ".join(word for word in text.split() if script_of(word) == script)[:_MOST_CHARACTERS]
    found = _likeliest(words, frozenset(codes)) if words else None
    return _unknown(words, found) if found in _UNKNOWN else found


def _unknown(text: str, known: str) -> str:
    """The language of a text that the model takes for `known`: the unknown one if more of its words are there."""
    unknown, its_words, known_words = _UNKNOWN[known]
    # Points of Hebrew come and go in print; the marks of other scripts are letters of theirs.
    letters = text if known != "he" else (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    words = Counter(_WORDS_END.split("".join(letters)))
    its, others = (sum(words[word] for word in frequent.split()) for frequent in (its_words, known_words))
    return unknown if its > others else known


def _likeliest(text: str, codes: frozenset[str]) -> str | None:
    """The language of the text among `codes`, by the model."""
    chances: dict[str, float] = {}
    for label, chance in _identifier().rank(text):
        code = _code(label, codes)
        if code in codes or label == _NO_LANGUAGE:
            chances[code] = chances.get(code, 0.0) + chance
    best = max(chances, key=lambda code: chances[code], default=_NO_LANGUAGE)
    return best if best != _NO_LANGUAGE and chances[best] >= _SURE * sum(chances.values()) else None


def _code(label: str, codes: frozenset[str]) -> str:
    """Our code for the model's: `sr` is `sr-Latn` among languages in Latin letters."""
    code = _OUR_CODES.get(label, label)
    return next((other for other in (code, f"{code}-Latn", f"{code}-Cyrl") if other in codes), code)


def _chinese(text: str) -> str | None:
    """Simplified or traditional, by the characters that differ."""
    simplified = sum(letter in _SIMPLIFIED - _TRADITIONAL for letter in text)
    traditional = sum(letter in _TRADITIONAL - _SIMPLIFIED for letter in text)
    if simplified == traditional:
        return None
    return "zh-Hans" if simplified > traditional else "zh-Hant"


@cache
def _identifier() -> Any:
    """The model, loaded once; importing it loads numpy, so it waits for a text that needs it.

    Unpacking it takes half a second and 100 MB. Its tables are kept unpacked instead, and mapped: a process reads what
    its words need, and shares that with all others.
    """
    langid = import_module("py3langid.langid")
    file = Path(langid.MODEL_DIR, langid.MODEL_FILE)
    known = file.stat()
    folder = kept(f"langid-{known.st_size:x}-{known.st_mtime_ns:x}", lambda folder: _unpack(file, folder))
    if folder is None:
        return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    numpy = import_module("numpy")
    chances, priors, labels, moves, rows, output = (
        numpy.load(folder / f"{table}.npy", mmap_mode="r") for table in _TABLES
    )
    # Plain views: an element of one is a number of Python's, and comes faster than out of an array.
    return langid.LanguageIdentifier(
        chances, priors, labels.tolist(), memoryview(moves), memoryview(output), norm_probs=True, tk_row=rows.tolist()
    )


def _unpack(file: Path, folder: Path) -> None:
    numpy = import_module("numpy")
    for name, table in zip(_TABLES, import_module("py3langid.modelio").load_model(file), strict=True):
        numpy.save(folder / f"{name}.npy", numpy.asarray(table))

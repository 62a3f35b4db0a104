"""Finds the script of a picture: reads a sample with one script's model after another and keeps the surest.

A script model reads Latin letters too, so only letters of its own script speak for it. Tesseract's own script
detection (`osd`) is not used: it knows no Georgian, Khmer or Ethiopic, and calls single lines of Hebrew Thai.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from ocrkit.engines.tesseract.lines import symbols, text_of
from ocrkit.errors import EngineUnavailableError
from ocrkit.languages import SCRIPT_MODELS, block_of, scripts_in, written_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ocrkit.engines.tesseract.apis import Apis
    from ocrkit.engines.tesseract.ink import Grey, Ink

_GROUPS = (
    ("Latn", "Viet", "Grek", "Cyrl"),
    *(("Arab",), ("Deva",), ("Kore",), ("Hans", "Hant", "Jpan"), ("Hebr",), ("Thai", "Laoo"), ("Beng",), ("Taml",)),
    *(("Telu", "Knda"), ("Gujr",), ("Guru",), ("Mlym",), ("Orya",), ("Sinh",), ("Geor",), ("Armn",), ("Ethi",)),
    *(("Khmr",), ("Mymr",), ("Tibt",), ("Syrc",), ("Thaa",), ("Cans",), ("Cher",)),
)
"""Scripts by the number of readers; those that share shapes are heard together before one is believed. `Viet` is Latin
with the Vietnamese tone marks, which the Latin model drops."""

_USUAL = {
    "Latn": "eng",
    "Viet": "vie",
    "Grek": "ell",
    "Cyrl": "rus",
    "Arab": "ara",
    "Deva": "hin",
    "Kore": "kor",
    "Hans": "chi_sim",
    "Hant": "chi_tra",
    "Jpan": "jpn",
    "Hebr": "heb",
    "Beng": "ben",
    "Ethi": "amh",
    "Tibt": "bod",
}
"""The language whose model stands for its script where several could: it tells the script by reading, and reads where
that of the script is not installed. It is loaded in a tenth of the time that the script's takes, and as sure."""

VIETNAMESE = "Viet"
"""What `found_script` calls Latin letters with the tone marks of Vietnamese."""
_MODELS = SCRIPT_MODELS | {VIETNAMESE: "Vietnamese"}
_LATIN = frozenset({"Latn", VIETNAMESE})
_TONES = re.compile("[\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
"""Letters that stand for Vietnamese: ơ, ư, and those with a dot or hook or two marks."""
_LETTERS = {"Hans": ("Hani",), "Hant": ("Hani",), "Jpan": ("Hani", "Hira", "Kana"), "Kore": ("Hang",)}

_COMMON = frozenset(".,:;!?-'\"()\u2018\u2019\u201c\u201d\u2013\u2014\u3001\u3002\u200c\u200d ")
"""Signs of every script."""
_SURE = 0.98
"""Confidence from which a letter counts: the right model gives it to most letters, a wrong one to few, though the mean
over all letters may differ by as little as 0.98 and 0.96."""
_CERTAIN = 0.8
"""Share of sure letters from which no further group is tried. On a line each of ten pages, clean to bad, the right one
had 0.74 to 1.0, the best of the wrong ones 0.23 to 0.55, but Gujarati on Hindi, of like shapes, 0.74."""
_CLOSE = 0.15
"""A model with a share less than the best by more than this is out of the question."""
_OWN = 0.2
"""Share of letters of its own script from which a model may have the say; the rest may be Latin, as on many pages."""
_TONAL = 0.05
"""Share of such letters from which a text is Vietnamese, where every sixth is one."""
_SAMPLES = 4
_LIKELY = 4
"""Scripts whose models read all samples, after each has read the longest one."""
_SAMPLE_HEIGHTS = 20
"""A sample is cut to this many times its height: some twenty letters."""
_ENOUGH = 15
"""Length of the samples that every model reads, in heights; the likely ones read all."""
_LINES, _LINE_HEIGHTS = 6, 50
"""Lines by which a language is told, and their length."""
_ALIKE = 0.7
"""Lines are of one height if they differ by no more than this factor."""


class Verdict(NamedTuple):
    """How much of the picture a model reads as its own script, 0 to 1."""

    share: float
    script: str


class Candidates(NamedTuple):
    """Which scripts to try: those around `first` before the others, and only `among` where that names any."""

    first: str = ""
    among: frozenset[str] = frozenset()

    def groups(self) -> list[list[str]]:
        """The scripts in the order of trying, those heard together side by side."""
        ordered = sorted(_GROUPS, key=lambda group: self.first not in group)
        wanted = ([script for script in group if not self.among or script in self.among] for group in ordered)
        return [group for group in wanted if group]


def found_script(ink: Ink, installed: Mapping[str, Path], apis: Apis, *, candidates: Candidates) -> str:
    """The script of the picture, told by whose model reads it best.

    Raises:
        EngineUnavailableError: no model is installed.
    """
    samples = sorted(_samples(ink), key=lambda sample: sample.shape[1] / sample.shape[0], reverse=True)
    few = _few(samples)

    def heard(script: str, of: Sequence[Grey] = samples) -> Verdict:
        file = installed[_telling(script, installed)]
        return Verdict(_evidence(script, [each for grey in of for each in symbols(apis.showing(grey, [file]))]), script)

    def told_by(stretch: Sequence[Grey]) -> str:
        verdicts: list[Verdict] = []
        for group in candidates.groups():
            told = [heard(script, stretch) for script in group if _telling(script, installed)]
            verdicts += told
            if told and max(told).share >= _CERTAIN:
                break
        if not verdicts:
            raise EngineUnavailableError(
                "No Tesseract model is installed.", hint="Install them: apt-get install tesseract-ocr-all."
            )
        surest = max(verdicts)
        likely = [verdict for verdict in verdicts if verdict.share > surest.share - _CLOSE]
        if len(likely) == 1:
            return surest.script
        likely = sorted(likely, reverse=True)[:_LIKELY]
        return max(heard(verdict.script) for verdict in likely).script

    script = told_by(few)
    others = samples[len(few) :]
    if script not in _LATIN or not others:
        return script
    # Names and terms in Latin letters stand on pages of every script: what was heard may be just them.
    latin = heard(script)
    return script if latin.share >= _CERTAIN else max(latin, heard(told_by(_few(others)))).script


def _few(samples: Sequence[Grey]) -> Sequence[Grey]:
    """The first of the samples, as many as every model reads."""
    lengths = itertools.accumulate(sample.shape[1] / sample.shape[0] for sample in samples)
    return samples[: 1 + sum(1 for length in lengths if length < _ENOUGH)]


def sample_text(ink: Ink, file: Path, apis: Apis) -> str:
    """A few lines of the picture as the model reads them, enough to tell the language by."""
    lines = _samples(ink, count=_LINES, length=_LINE_HEIGHTS)
    return "\n".join(text_of(apis.showing(line, [file])) for line in lines)


def _telling(script: str, installed: Mapping[str, Path]) -> str:
    """The installed model that tells the script most cheaply: a language's, else the script's; empty without any."""
    languages = (model for language in written_in(script) for model in language.tesseract if model.islower())
    wanted = (_USUAL.get(script, ""), *languages, _MODELS.get(script, ""))
    return next((model for model in wanted if model in installed), "")


def model_of(script: str, installed: Mapping[str, Path]) -> str:
    """The installed model that reads every language of the script; empty where there is none."""
    others = (model for language in written_in(script) for model in language.tesseract)
    wanted = (_MODELS.get(script, ""), _USUAL.get(script, ""), *others)
    return next((model for model in wanted if model in installed), "")


def _evidence(script: str, found: Sequence[tuple[str, float]]) -> float:
    """The share of the letters that are of the script, or Latin, and surely read; 0 where hardly one is its own."""
    counts = scripts_in("".join(text for text, _ in found))
    letters = max(1, sum(counts.values()))
    if script in _LATIN:
        tones = sum(len(_TONES.findall(text)) for text, _ in found)
        if (tones >= _TONAL * letters) != (script == VIETNAMESE):
            return 0.0
    scripts = {"Latn"} if script == VIETNAMESE else set(_LETTERS.get(script, (script,)))
    if sum(counts[name] for name in scripts) < _OWN * letters:
        return 0.0
    signs = [(text, sure) for text, sure in found if text not in _COMMON and not text.isdecimal()]
    sure = sum(1 for text, sure in signs if sure >= _SURE and block_of(text[0]) in scripts | {"Latn"})
    return sure / max(1, len(signs), len(found) // 2)


def _samples(ink: Ink, *, count: int = _SAMPLES, length: int = _SAMPLE_HEIGHTS) -> list[Grey]:
    """A few lines of the usual height, from all over the picture."""
    strips = ink.strips() if ink.shape != "line" else []
    heights = sorted(box[3] - box[1] for box in strips)
    usual = heights[len(heights) // 2] if heights else 0
    lines = [box for box in strips if _ALIKE * usual <= box[3] - box[1] <= usual / _ALIKE] or [ink.box]
    chosen = lines[:: -(-len(lines) // count)]
    return [ink.cut((x0, y0, min(x1, x0 + length * (y1 - y0)), y1))[0] for x0, y0, x1, y1 in chosen]

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
    from collections.abc import Collection, Mapping, Sequence
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
_TONES = re.compile("[\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
"""Letters that stand for Vietnamese: ơ, ư, and those with a dot or hook or two marks."""
_LETTERS = {"Hans": ("Hani",), "Hant": ("Hani",), "Jpan": ("Hani", "Hira", "Kana"), "Kore": ("Hang",)}

_COMMON = frozenset(".,:;!?-'\"()\u2018\u2019\u201c\u201d\u2013\u2014\u3001\u3002\u200c\u200d ")
"""Signs of every script."""
_CERTAIN = 0.988
"""From which no further group is tried, where 1 is every character sure and of the script. On some thirty printed pages
of as many languages, clean to bad, the right model had 0.990 to 0.996, the best of the wrong ones 0.91 to 0.985."""
_CLOSE = 0.03
"""A model less sure than the surest by more than this is out of the question."""
_SURER = 0.8
"""Share of the characters that count for the confidence: the surer ones."""
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
    """How sure a model is that the picture is in its script, 0 to 1."""

    confidence: float
    script: str


def found_script(ink: Ink, installed: Mapping[str, Path], apis: Apis, *, first: str = "") -> str:
    """The script of the picture, told by whose model reads it best; the scripts around `first` are tried first.

    Raises:
        EngineUnavailableError: no model is installed.
    """
    samples = sorted(_samples(ink), key=lambda sample: sample.shape[1] / sample.shape[0], reverse=True)
    lengths = itertools.accumulate(sample.shape[1] / sample.shape[0] for sample in samples)
    few = samples[: 1 + sum(1 for length in lengths if length < _ENOUGH)]

    def heard(script: str, of: Sequence[Grey]) -> Verdict:
        model = _telling(script, installed)
        return Verdict(_own_confidence(script, *_read(of, installed[model], apis)), script)

    verdicts: list[Verdict] = []
    for group in sorted(_GROUPS, key=lambda group: first not in group):
        told = [heard(script, few) for script in group if _telling(script, installed)]
        verdicts += told
        if told and max(told).confidence >= _CERTAIN:
            break
    if not verdicts:
        raise EngineUnavailableError(
            "No Tesseract model is installed.", hint="Install them: apt-get install tesseract-ocr-all."
        )
    surest = max(verdicts)
    likely = [verdict for verdict in verdicts if verdict.confidence > surest.confidence - _CLOSE]
    if len(likely) == 1:
        return surest.script
    likely = sorted(likely, reverse=True)[:_LIKELY]
    return max(heard(verdict.script, samples) for verdict in likely).script


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


def _read(samples: Sequence[Grey], file: Path, apis: Apis) -> tuple[str, float]:
    """The characters of all samples, and the mean confidence of the surer ones.

    One odd letter of an unusual type pulls the right model down to where the wrong ones are; they doubt most letters.
    """
    found = [symbol for sample in samples for symbol in symbols(apis.showing(sample, [file]))]
    surer = sorted((confidence for _, confidence in found), reverse=True)[: max(1, round(_SURER * len(found)))]
    return "".join(text for text, _ in found), sum(surer) / len(surer) if surer else 0.0


def _own_confidence(script: str, text: str, mean: float) -> float:
    counts = scripts_in(text)
    letters = max(1, sum(counts.values()))
    if script in {"Latn", VIETNAMESE}:
        vietnamese = len(_TONES.findall(text)) >= _TONAL * letters
        return mean * _share(text, {"Latn"}) if vietnamese == (script == VIETNAMESE) else 0.0
    scripts = _LETTERS.get(script, (script,))
    own = sum(counts[name] for name in scripts)
    return mean * _share(text, {*scripts, "Latn"}) if own >= _OWN * letters else 0.0


def _share(text: str, scripts: Collection[str]) -> float:
    """Share of the signs that belong to the scripts; a model that does not know a script sees digits and brackets."""
    signs = [sign for sign in text if sign not in _COMMON]
    return sum(1 for sign in signs if block_of(sign) in scripts and not sign.isdecimal()) / max(1, len(signs))


def _samples(ink: Ink, *, count: int = _SAMPLES, length: int = _SAMPLE_HEIGHTS) -> list[Grey]:
    """A few lines of the usual height, from all over the picture."""
    strips = ink.strips() if ink.shape != "line" else []
    heights = sorted(box[3] - box[1] for box in strips)
    usual = heights[len(heights) // 2] if heights else 0
    lines = [box for box in strips if _ALIKE * usual <= box[3] - box[1] <= usual / _ALIKE] or [ink.box]
    chosen = lines[:: -(-len(lines) // count)]
    return [ink.cut((x0, y0, min(x1, x0 + length * (y1 - y0)), y1))[0] for x0, y0, x1, y1 in chosen]

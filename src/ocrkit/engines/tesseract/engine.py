"""Reads pictures with Tesseract through tesserocr.

Tesseract is not safe to share between threads, so every call takes a lock. Its page layout takes a line of few long
joined pieces (Arabic, Bengali) for a drawing and drops it; such lines are found by their ink and read as raw lines.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tesserocr import PSM, tesseract_version

from ocrkit.engines.tesseract.apis import Apis
from ocrkit.engines.tesseract.data import installed_models, model_for
from ocrkit.engines.tesseract.ink import look
from ocrkit.engines.tesseract.lines import Frame, mean_confidence, recognized
from ocrkit.engines.tesseract.scripts import VIETNAMESE, Candidates, found_script, model_of, sample_text
from ocrkit.langid import identify
from ocrkit.languages import AUTO, resolve, script_of, written_in
from ocrkit.model import EngineRun

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ocrkit.engines.tesseract import TesseractOptions
    from ocrkit.engines.tesseract.ink import Ink, Span
    from ocrkit.model import Line, Page
    from ocrkit.raster import PageImage

_MODES = {"page": PSM.AUTO, "block": PSM.SINGLE_BLOCK, "line": PSM.SINGLE_LINE}
_JOIN = "+"
_JOINED = frozenset({"Arab", "Beng", "Deva", "Guru", "Syrc", "Tibt"})
"""Scripts whose letters join into pieces as long as words, which the page layout may take for drawings."""
_SURE = 0.6
"""A line found by its ink alone counts from this confidence: letters are read with 0.8 and more, drawings below 0.5."""
_DOUBTED = 0.7
"""A line read with less is read again as a raw line, and a page with words of less perhaps with English beside."""
_UPRIGHT = 0.85
"""Han, kana or Hangul read with less is read again as vertical: level text had 0.76 to 0.93, upright 0.4 to 0.8."""


_LATIN = frozenset(model for code in written_in("Latn") for model in code.tesseract)
"""Models that spell Latin letters. Where another one doubts some words, they may be in Latin letters, as on most pages
of any script; English read along costs a Hebrew or Bashkir line words, so it has to earn its place, line by line."""
_DOUBTFUL_SHARE = 0.03
"""Share of letters in doubted words from which it is tried."""
_TRIED = 6
"""The most doubted lines, of which English must better one for the others to be tried."""
_CLEAR = 0.85
"""Confidence of Latin words from which it is kept: true ones have 0.9, Cyrillic or Hebrew in disguise 0.6 to 0.8."""
_GAIN = 0.1
"""Gain in confidence of the line from which it is kept too: much Latin, in bad print or strange type."""
_MISSED = 0.04
"""Share of the ink outside all lines found, from which the page layout may have dropped some."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one set of models made of a picture."""

    lines: list[Line]
    models: Sequence[str]

    @property
    def confidence(self) -> float:
        """Mean confidence of the words, by their letters."""
        return _confidence(self.lines)

    @property
    def doubtful(self) -> bool:
        """Whether more than a few words are doubted."""
        return _doubted(self.lines) > _DOUBTFUL_SHARE * sum(
            len(word.text) for line in self.lines for word in line.words
        )

    def uncovered(self, ink: Ink) -> float:
        """Share of the ink that lies outside all lines."""
        rest = ink.mask.copy()
        for x0, y0, x1, y1 in (line.bbox for line in self.lines):
            rest[int(y0 * ink.scale) : int(y1 * ink.scale) + 1, int(x0 * ink.scale) : int(x1 * ink.scale) + 1] = False
        return float(rest.sum() / max(1, ink.mask.sum()))


@dataclass(frozen=True, slots=True)
class _Work:
    """One picture to be read with one set of models."""

    ink: Ink
    frame: Frame
    files: tuple[Path, ...]
    psm: int | None


class TesseractEngine:
    """Every language Tesseract has a model for; with `auto`, the model of the script that a sample shows."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._apis = Apis()
        self._version = tesseract_version().split()[1]
        self._last_script = ""

    def recognize(self, images: Iterable[PageImage], options: TesseractOptions, /) -> Iterator[Page]:
        """One page for each image: lines with words, in Tesseract's reading order.

        Raises:
            UnknownLanguageError: `options.language` names no language.
            EngineUnavailableError: no installed model reads it.
        """
        installed = installed_models(options.tessdata)
        given = _models(options, installed)
        for image in images:
            with self._lock:
                read = self._read(image, options, given=given, installed=installed)
            run = EngineRun(engine="tesseract", version=self._version, model="+".join(read.models) or None)
            yield image.page(run=run, lines=read.lines)

    def close(self) -> None:
        """Lets go of the models; a later call would load them again."""
        with self._lock:
            self._apis.close()

    def _read(
        self, image: PageImage, options: TesseractOptions, *, given: Sequence[str], installed: Mapping[str, Path]
    ) -> _Reading:
        ink = look(image.pixels)
        if ink is None:
            return _Reading([], given)
        psm = options.psm
        names = given or [self._found_model(ink, installed, among=options.script)]

        def reading(models: Sequence[str], mode: int | None) -> _Reading:
            files = tuple(installed[name] for name in models)
            return _Reading(self._lines(_Work(ink, Frame(image.width, image.height, ink.scale), files, mode)), models)

        best = reading(names, psm)
        if psm is None and ink.shape == "page" and best.doubtful and best.uncovered(ink) > _MISSED:
            # The page layout drops cells and short columns of joined scripts; without it every line stands alone.
            best = max(best, reading(names, PSM.SPARSE_TEXT), key=lambda each: _sure_letters(each.lines))
        vertical = [f"{name}_vert" for name in names if f"{name}_vert" in installed]
        if vertical and psm is None and not ink.flat and best.confidence < _UPRIGHT:
            best = max(best, reading(vertical, PSM.SINGLE_BLOCK_VERT_TEXT), key=lambda each: each.confidence)
        if len(names) == 1 and names[0] not in _LATIN and "eng" in installed and best.models == names and best.doubtful:
            frame = Frame(image.width, image.height, ink.scale)
            best = self._with_english(_Work(ink, frame, (installed[names[0]], installed["eng"]), psm), best)
        return best

    def _with_english(self, work: _Work, reading: _Reading) -> _Reading:
        """The reading with the lines that two models together read better, the most doubted ones tried first."""
        lines = list(reading.lines)
        better = False
        doubted = sorted((line for line in lines if _doubted([line])), key=lambda line: _doubted([line]), reverse=True)
        for tried, line in enumerate(doubted):
            if tried == _TRIED and not better:
                break
            grey, (x, y, _, _) = work.ink.cut(work.frame.span(line.bbox))
            again = recognized(self._apis.showing(grey, work.files, psm=PSM.SINGLE_LINE), work.frame.at(x, y))
            if len(again) == 1 and _is_better(again[0], line):
                lines[lines.index(line)] = again[0]
                better = True
        return _Reading(lines, [*reading.models, "eng"]) if better else reading

    def _found_model(self, ink: Ink, installed: Mapping[str, Path], *, among: str) -> str:
        """The model of the language that a few lines are in; that of the script where they do not tell."""
        candidates = Candidates(self._last_script, frozenset(filter(None, among.split(_JOIN))))
        script = found_script(ink, installed, self._apis, candidates=candidates)
        self._last_script = script
        common = model_of(script, installed)
        text = sample_text(ink, installed[common], self._apis)
        # Letters of one language are missing from the model of another, so the script's own reads the sample.
        language = "vi" if script == VIETNAMESE else identify(text, script)
        return model_for(resolve(language), installed) if language else common

    def _lines(self, work: _Work) -> list[Line]:
        psm = _MODES[work.ink.shape] if work.psm is None else work.psm
        lines = recognized(self._apis.showing(work.ink.grey, work.files, psm=psm), work.frame)
        if work.psm is not None:
            return lines
        if work.ink.shape == "line":
            return self._surer_line(work, lines)
        covered = [work.frame.span(line.bbox) for line in lines]
        for strip in work.ink.strips(covered):
            for line in self._raw_line(work, strip):
                if (line.confidence or 0.0) >= _SURE:
                    lines.insert(_place(line, lines), line)
        return lines

    def _surer_line(self, work: _Work, lines: list[Line]) -> list[Line]:
        """The reading, or that of a raw line where this one may have lost words and that one has more."""
        whole = len(lines) == 1 and _confidence(lines) >= _DOUBTED and script_of(lines[0].text) not in _JOINED
        raw = [] if whole else self._raw_line(work, work.ink.box)
        return max(lines, raw, key=_certain_letters)

    def _raw_line(self, work: _Work, box: Span) -> list[Line]:
        grey, (x, y, _, _) = work.ink.cut(box)
        return recognized(self._apis.showing(grey, work.files, psm=PSM.RAW_LINE), work.frame.at(x, y))


def _models(options: TesseractOptions, installed: Mapping[str, Path]) -> list[str]:
    """The models for the codes joined by `+`, or for the script; none where it is to be found."""
    if options.language != AUTO:
        codes = options.language.split(_JOIN)
        return list(dict.fromkeys(model_for(resolve(code), installed) for code in codes))
    model = model_of(options.script, installed) if options.script and _JOIN not in options.script else ""
    return [model] if model else []


def _doubted(lines: Iterable[Line]) -> int:
    """Letters of words that are doubted."""
    words = (word for line in lines for word in line.words)
    return sum(len(word.text) for word in words if (word.confidence or 0.0) < _DOUBTED)


def _is_better(mixed: Line, line: Line) -> bool:
    """Whether a line read with English beside is the truer one: sure Latin words where there were doubts."""
    words = [word for word in mixed.words if script_of(word.text) == "Latn"]
    letters = sum(len(word.text) for word in words)
    latin = sum(len(word.text) * (word.confidence or 0.0) for word in words) / max(1, letters)
    gained = _confidence([mixed]) - _confidence([line])
    return gained >= _GAIN or (gained > 0 and latin >= _CLEAR)


def _certain_letters(lines: Iterable[Line]) -> float:
    return sum(len(word.text) * (word.confidence or 0.0) for line in lines for word in line.words)


def _sure_letters(lines: Iterable[Line]) -> int:
    return sum(len(w.text) for line in lines for w in line.words if (w.confidence or 0.0) >= _DOUBTED)


def _confidence(lines: Iterable[Line]) -> float:
    return mean_confidence(word for line in lines for word in line.words)


def _place(line: Line, lines: Sequence[Line]) -> int:
    """Where the line belongs among the others: before the first that lies below it in its column."""
    x0, y0, x1, y1 = line.bbox
    middle = (y0 + y1) / 2
    below = (
        index
        for index, other in enumerate(lines)
        if other.bbox[1] > middle and min(x1, other.bbox[2]) > max(x0, other.bbox[0])
    )
    return next(below, len(lines))

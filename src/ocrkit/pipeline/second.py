"""The second engine: which script it sees in lines that the first could not read, and what it reads of lines apart."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from ocrkit.geometry import area
from ocrkit.langid import identify
from ocrkit.languages import AUTO, block_of, script_of
from ocrkit.pipeline.pictures import mapped
from ocrkit.pipeline.routing import SURE, in_doubt, readable, seen_script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ocrkit.contracts import EngineOptions
    from ocrkit.model import Line, Page
    from ocrkit.pipeline.engines import Engines
    from ocrkit.pipeline.request import Request
    from ocrkit.pipeline.strips import Strip
    from ocrkit.raster import PageImage

STRAY = 0.2
"""Share of letters in another script up to which lines in doubt were just badly read."""

MOST_FAILURES = 6
"""Lines cut out one after another that gave nothing, from which the others are not tried."""

_BESIDE = "+Latn+Cyrl"
"""Scripts that share shapes with one of which the first engine knows letters: these may be theirs."""

_BADLY = 0.5
"""Confidence that most lines have less of whose letters the first engine knows none."""

_MARGIN = 0.15
"""Of its height, added around a line that is cut out: marks above and below are easily left out."""


class Told(NamedTuple):
    """How surely lines in doubt were read, 0 to 1, and the second engine's options for the script they show.

    The options are `None` where the first engine reads that script, or no line shows any.
    """

    certainty: float
    options: EngineOptions | None


@dataclass(frozen=True, slots=True)
class Second:
    """The engine that reads what the request's engine cannot."""

    engines: Engines
    name: str
    options: EngineOptions
    scripts: frozenset[str]
    """Those that the first engine reads."""

    @classmethod
    def of(cls, engines: Engines, request: Request) -> Second:
        """The request's second engine; it must have one."""
        assert request.second is not None
        name, options = request.second
        return cls(engines, name, options, request.scripts)

    def read(self, image: PageImage, options: EngineOptions) -> Page:
        """What it reads of the image."""
        return self.engines.recognize(image, self.name, options)

    def told(self, image: PageImage, lines: Iterable[Line]) -> Told:
        """What a sample of those lines of the image that are in doubt shows.

        An engine whose options know no script finds it for itself.
        """
        # Loaded when needed: it brings numpy, which `import ocrkit` must not.
        sample: Callable[[PageImage, Iterable[Line]], PageImage | None] = _of("samples").sample
        doubted = [line for line in lines if in_doubt(line, self.scripts)]
        if "script" not in type(self.options).model_fields:
            return Told(1.0, self.options)
        picture = sample(image, badly_read(doubted))
        if picture is None:
            return Told(0.0, None)
        seen = seen_script(" ".join(line.text for line in doubted), self.scripts)
        likely = {"script": f"{seen}{_BESIDE}"} if seen and self.options.language == AUTO else {}
        read = self.read(picture, self.options.model_copy(update=likely))
        script = self._foreign_script(read.text)
        if script is None:
            return Told(certainty(read), None)
        language = identify(read.text, script)
        options = self.options.model_copy(update={"script": script, "language": language or self.options.language})
        return Told(certainty(read) * _letters(read.text), options)

    def read_apart(self, image: PageImage, lines: Iterable[Line], options: EngineOptions) -> list[Line]:
        """What it surely reads of lines that it did not find by itself, each cut out of the image and read alone.

        Labels in drawings and cells of tables are found by the first engine and missed by a layout made for pages of
        running text.
        """
        strip: Callable[..., Strip | None] = _of("strips").strip
        found: list[Line] = []
        failed = 0
        for line in lines:
            cutting = strip(image, line, margin=_MARGIN)
            read = self.read(cutting.image, options).lines if cutting else ()
            sure = [each for each in read if (each.confidence or 0.0) >= SURE]
            found += mapped(sure, cutting.to_page) if cutting else []
            failed = 0 if sure else failed + 1
            if failed == MOST_FAILURES:
                break
        return found

    def _foreign_script(self, text: str) -> str | None:
        """The script of the letters that the first engine cannot read, where they are more than strays."""
        known = readable(self.scripts)
        letters = [letter for letter in text if script_of(letter)]
        foreign = [letter for letter in letters if script_of(letter) not in known]
        return script_of("".join(foreign)) if len(foreign) > STRAY * len(letters) else None


def badly_read(doubted: list[Line]) -> list[Line]:
    """Those of the lines that were read badly, where they are most of them, else all.

    Among them a Latin name, which is read better, would be taken for what the page shows: it is often the longest line.
    """
    badly = [line for line in doubted if (line.confidence or 0.0) < _BADLY]
    most = sum(area(line.bbox) for line in badly) > sum(area(line.bbox) for line in doubted) / 2
    return badly if most else doubted


def _letters(text: str) -> float:
    """Share of the signs that are of some script: what is read upside down is full of digits and brackets."""
    signs = "".join(text.split())
    return sum(1 for sign in signs if block_of(sign) and not sign.isdecimal()) / max(1, len(signs))


def certainty(page: Page) -> float:
    """Characters of the page, each counting as much as its line is sure."""
    return sum(len(line.text) * (line.confidence or 0.0) for line in page.lines) / max(
        1, sum(len(line.text) for line in page.lines)
    )


def _of(module: str) -> Any:
    return import_module(f"ocrkit.pipeline.{module}")

"""One page: text layer or engine, arrangement, provenance. Knows values and specs; opens no file, stores nothing."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from ocrkit import languages
from ocrkit.contracts import EngineOptions
from ocrkit.discovery import named
from ocrkit.errors import EngineFailedError, EngineUnavailableError, OcrkitError, OptionError
from ocrkit.layout import arrange
from ocrkit.model import (
    EngineRun,
    Page,
    PageError,
    PageStatus,
    PageWarning,
    TextLayerDecision,
    TextLayerUse,
)
from ocrkit.options import parse_options
from ocrkit.pipeline.pictures import cut, placed, regions, unread
from ocrkit.pipeline.promise import breach
from ocrkit.pipeline.trust import judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocrkit.contracts import Engine, Tier
    from ocrkit.raster import PageImage, TextLayer
    from ocrkit.registry import Registry

TextLayerMode = Literal["auto", "always", "never"]
"""`auto`: where it can be trusted. `always`: wherever there is one. `never`: recognize every page."""

DEFAULT_ENGINES: dict[Tier, str] = {"cpu": "rapidocr", "vlm": "surya"}
"""The engine of each tier; said here once, so that no engine elects itself."""

TEXT_LAYER_ENGINE = "textlayer"

LOW_CONFIDENCE = 0.6
"""Mean confidence of a page below which it carries the warning `low_confidence`."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of every page; made by `Pipeline.request`, which checks it.

    Attributes:
        engine: name of the engine that recognizes.
        options: its options, the language among them.
        text_layer: when a PDF page's own text is used.
    """

    engine: str
    options: EngineOptions
    text_layer: TextLayerMode = "auto"


class Pipeline:
    """Reads page images with the engines of a registry, which it makes on first use and keeps until `close`."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._engines: dict[str, Engine[EngineOptions]] = {}
        self._lock = threading.Lock()

    def request(
        self,
        *,
        tier: Tier = "cpu",
        engine: str | None = None,
        language: str = "auto",
        text_layer: TextLayerMode = "auto",
        options: Mapping[str, object] | None = None,
    ) -> Request:
        """A checked request; nothing is loaded for it.

        Raises:
            UnknownEngineError: there is no such engine.
            UnknownLanguageError: there is no such language.
            OptionError: a tier, mode or engine option does not exist or has a bad value.
        """
        if tier not in DEFAULT_ENGINES:
            raise OptionError(f"There is no tier {tier!r}.", hint=f"Tiers: {', '.join(DEFAULT_ENGINES)}.")
        if text_layer not in ("auto", "always", "never"):
            raise OptionError(f"There is no text_layer={text_layer!r}.", hint="Modes: auto, always, never.")
        name = engine or DEFAULT_ENGINES[tier]
        spec = self._registry.engine_spec(name)
        given = {"language": languages.normalize(language), **(options or {})}
        return Request(
            engine=name,
            options=parse_options(spec.options, given, owner=f"engine {name}"),
            text_layer=text_layer,
        )

    def read(self, image: PageImage, request: Request) -> Page:
        """The page, read and arranged; one that cannot be read comes back with status `failed`.

        Raises:
            EngineUnavailableError: the engine asked for cannot be loaded.
        """
        started = time.perf_counter()
        try:
            page = self._read(image, request)
        except EngineUnavailableError:
            raise
        except OcrkitError as error:
            page = failed_page(image, error, engine=request.engine)
        return _finished(page, seconds=time.perf_counter() - started)

    def close(self) -> None:
        """Closes the engines that were made; the pipeline can be used again and makes new ones."""
        with self._lock:
            made, self._engines = list(self._engines.values()), {}
        for engine in made:
            engine.close()

    def _read(self, image: PageImage, request: Request) -> Page:
        layer = image.text_layer if request.text_layer != "never" or request.engine == TEXT_LAYER_ENGINE else None
        if layer is None or request.engine == TEXT_LAYER_ENGINE:
            page = self._recognize(image, request.engine, request.options)
            return self._arranged(page, request.engine, layer)
        decision = _decided(layer, image, request)
        if decision.use is TextLayerUse.USED:
            page = self._own_text(image, request)
        elif decision.use is TextLayerUse.MERGED:
            page = self._merged(image, layer, request)
        else:
            page = self._recognize(image, request.engine, request.options)
        kept = decision.use in (TextLayerUse.USED, TextLayerUse.MERGED)
        page = self._arranged(page, TEXT_LAYER_ENGINE if kept else request.engine, layer)
        return _with_provenance(page, text_layer=decision)

    def _own_text(self, image: PageImage, request: Request) -> Page:
        return self._recognize(image, TEXT_LAYER_ENGINE, EngineOptions(language=request.options.language))

    def _merged(self, image: PageImage, layer: TextLayer, request: Request) -> Page:
        """The page's own text, and what the engine reads in its pictures."""
        own = self._own_text(image, request)
        lines, runs = list(own.lines), [*_runs(own)]
        for box in regions(layer.pictures, width=image.width, height=image.height):
            part = self._recognize(cut(image, box), request.engine, request.options)
            lines += unread(placed(part.lines, box), layer.lines)
            runs += [run for run in _runs(part) if run not in runs]
        return _with_provenance(image.page(run=runs[0], lines=lines, warnings=own.warnings), runs=tuple(runs))

    def _recognize(self, image: PageImage, name: str, options: EngineOptions) -> Page:
        engine = self._engine(name)
        try:
            # Two at most: an engine that gives more than one page might never stop.
            given = list(islice(engine.recognize([image], options), 2))
        except (OcrkitError, KeyboardInterrupt):
            raise
        except BaseException as error:
            # Whatever a plugin raises, SystemExit too, is that page's failure, never the end of the document.
            raise EngineFailedError(f"Engine {name!r} failed on page {image.number}: {named(error)}.") from error
        broken = breach(given, image)
        if broken:
            raise EngineFailedError(
                f"Engine {name!r} broke its contract on page {image.number}: {broken}.",
                hint="Run ocrkit.testing's contract tests on the engine.",
            )
        return given[0]

    def _engine(self, name: str) -> Engine[EngineOptions]:
        with self._lock:
            if name not in self._engines:
                self._engines[name] = self._registry.engine(name)
            return self._engines[name]

    def _arranged(self, page: Page, name: str, layer: TextLayer | None) -> Page:
        if "blocks" in self._registry.engine_spec(name).provides:
            return page
        if layer is None:
            return arrange(page)
        return arrange(page, rulings=layer.rulings, pictures=layer.pictures)


def _decided(layer: TextLayer, image: PageImage, request: Request) -> TextLayerDecision:
    if request.text_layer == "always" and layer.characters:
        return TextLayerDecision(use=TextLayerUse.USED, reason="asked_for", detail="text_layer=always")
    language = request.options.language
    script = None if language == "auto" else languages.resolve(language).script
    return judge(layer, width=image.width, height=image.height, script=script)


def _runs(page: Page) -> tuple[EngineRun, ...]:
    return page.provenance.runs if page.provenance else ()


def _with_provenance(page: Page, **changes: object) -> Page:
    if page.provenance is None:
        return page
    return page.model_copy(update={"provenance": page.provenance.model_copy(update=changes)})


def failed_page(image: PageImage, error: OcrkitError, *, engine: str) -> Page:
    """The page that stands where `engine` could read none: status `failed`, the error's code and message."""
    page = image.page(run=EngineRun(engine=engine), status=PageStatus.FAILED)
    return page.model_copy(update={"error": PageError(code=error.code, message=str(error))})


def _finished(page: Page, *, seconds: float) -> Page:
    """The page with what every page says of itself: time spent, and warnings where it holds little or doubtful text."""
    warnings = list(page.warnings)
    if page.status is not PageStatus.FAILED:
        confidence = page.confidence
        if not page.text.strip():
            warnings.append(PageWarning(code="no_text", message="No text was found on the page."))
        elif confidence is not None and confidence < LOW_CONFIDENCE:
            message = f"The text was read with a mean confidence of {confidence:.2f}; check it."
            warnings.append(PageWarning(code="low_confidence", message=message))
    page = page.model_copy(update={"warnings": tuple(warnings)})
    return _with_provenance(page, seconds=round(seconds, 4))

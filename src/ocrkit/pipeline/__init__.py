"""One page: text layer or engine, arrangement, provenance. Knows values and specs; opens no file, stores nothing."""

from __future__ import annotations

import time
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from ocrkit.contracts import EngineOptions
from ocrkit.errors import EngineUnavailableError, OcrkitError
from ocrkit.layout import arrange
from ocrkit.model import PageStatus, TextLayerDecision, TextLayerUse
from ocrkit.pipeline.ceiling import Ceiling, was_refused
from ocrkit.pipeline.engines import Engines
from ocrkit.pipeline.pages import failed_page, finished, lines_of, runs_of, with_provenance
from ocrkit.pipeline.pictures import cut, placed, placed_box, regions, unread
from ocrkit.pipeline.request import Asked, Request, TextLayerMode, checked_request, script_asked_for
from ocrkit.pipeline.tiers import Tiers
from ocrkit.pipeline.trust import judge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ocrkit.contracts import Tier, TierAsked
    from ocrkit.geometry import BBox
    from ocrkit.model import Page
    from ocrkit.raster import PageImage, TextLayer
    from ocrkit.registry import Registry

__all__ = ["Ceiling", "Pipeline", "Request", "TextLayerMode", "failed_page", "was_refused"]

TEXT_LAYER_ENGINE = "textlayer"


class Pipeline:
    """Reads page images with the engines of a registry, which it makes on first use and keeps until `close`."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._engines = Engines(registry)
        self._tiers = Tiers(self._engines)

    def request(
        self,
        *,
        tier: TierAsked = "cpu",
        engine: str | None = None,
        cpu_engine: str | None = None,
        language: str = "auto",
        text_layer: TextLayerMode = "auto",
        options: Mapping[str, object] | None = None,
        align: bool = True,
    ) -> Request:
        """A checked request; nothing is loaded for it.

        Raises:
            UnknownEngineError: there is no such engine.
            UnknownLanguageError: there is no such language.
            OptionError: a tier, mode or engine option does not exist or has a bad value.
        """
        asked = Asked(
            tier=tier,
            engine=engine,
            cpu_engine=cpu_engine,
            language=language,
            text_layer=text_layer,
            options=options,
            align=align,
        )
        return checked_request(self._registry, asked)

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
        page = with_provenance(page, tier=self._tier(page))
        return finished(page, seconds=time.perf_counter() - started)

    def needs_engine(self, image: PageImage, request: Request) -> bool:
        """Whether reading the page takes an engine, and not only the text that its file carries.

        Raises:
            SourceError: the page cannot be opened.
        """
        if request.engine == TEXT_LAYER_ENGINE:
            return False
        layer = image.text_layer if request.text_layer != "never" else None
        return layer is None or _decided(layer, image, request).use is not TextLayerUse.USED

    def at_once(self, request: Request) -> int:
        """How many pages are worth reading at a time in threads of one process: 1 where its own cores do the work.

        An engine of tier `vlm` mostly waits for an endpoint, which bounds by itself what it is asked at a time; one
        page more is made ready meanwhile.
        """
        if self._engines.tier(request.engine) != "vlm":
            return 1
        # Imported only now: the HTTP client costs a tenth of a second, and nothing else of this room uses it.
        allowed: int = import_module("ocrkit.inference").concurrency("vlm")
        return 1 + (request.options.model_dump().get("concurrency") or allowed)

    def close(self) -> None:
        """Closes the engines that were made; the pipeline can be used again and makes new ones."""
        self._engines.close()

    def _read(self, image: PageImage, request: Request) -> Page:
        layer = image.text_layer if request.text_layer != "never" or request.engine == TEXT_LAYER_ENGINE else None
        arranged = partial(self._arranged, image=image, layer=layer, seen=layer is None)
        if layer is None or request.engine == TEXT_LAYER_ENGINE:
            return self._tiers.read(image, request, arranged=arranged)
        decision = _decided(layer, image, request)
        if decision.use is TextLayerUse.USED:
            page = arranged(self._own_text(image, request), TEXT_LAYER_ENGINE)
        elif decision.use is TextLayerUse.MERGED:
            merged, rulings = self._merged(image, layer, request)
            page = arranged(merged, TEXT_LAYER_ENGINE, rulings=rulings)
        else:
            page = self._tiers.read(image, request, arranged=partial(arranged, seen=True))
        return with_provenance(page, text_layer=decision)

    def _tier(self, page: Page) -> Tier | None:
        """The tier whose work the page mainly is; its own text costs no more than the cheapest."""
        if page.status is PageStatus.FAILED:
            return None
        return self._registry.engine_spec(runs_of(page)[0].engine).tier or "cpu"

    def _own_text(self, image: PageImage, request: Request) -> Page:
        options = EngineOptions(language=request.options.language)
        return self._engines.recognize(image, TEXT_LAYER_ENGINE, options)

    def _merged(self, image: PageImage, layer: TextLayer, request: Request) -> tuple[Page, list[BBox]]:
        """The page's own text and what the engine reads in its pictures; and the rulings seen in these."""
        own = self._own_text(image, request)
        lines, runs, warnings = list(own.lines), [*runs_of(own)], [*own.warnings]
        status = PageStatus.OK
        rulings: list[BBox] = []
        for box in regions(layer.pictures, width=image.width, height=image.height):
            picture = cut(image, box)
            part = self._tiers.read(picture, request, arranged=self._as_found)
            if not self._engines.gives_blocks(runs_of(part)[0].engine):
                part, found = _seen(picture, part)
                rulings += [placed_box(ruling, box) for ruling in found]
            lines += unread(placed(lines_of(part), box), layer.lines)
            runs += [run for run in runs_of(part) if run not in runs]
            warnings += [warning for warning in part.warnings if not warning.boxes]  # boxes are of the part's frame
            status = PageStatus.FALLBACK if part.status is PageStatus.FALLBACK else status
        page = image.page(run=runs[0], lines=lines, warnings=warnings, status=status)
        return with_provenance(page, runs=tuple(runs)), rulings

    @staticmethod
    def _as_found(page: Page, _engine: str) -> Page:
        """Part of a page: it is arranged with the rest."""
        return page

    def _arranged(
        self,
        page: Page,
        name: str,
        *,
        image: PageImage,
        layer: TextLayer | None,
        seen: bool,
        rulings: Sequence[BBox] = (),
    ) -> Page:
        """The page in blocks; what was read from its pixels is `seen`, and so are its rulings, bullets and weights."""
        if self._engines.gives_blocks(name):
            return page
        if seen:
            page, rulings = _seen(image, page)
        elif layer:
            rulings = (*layer.rulings, *rulings)
        return arrange(page, rulings=rulings, pictures=layer.pictures if layer else ())


def _seen(image: PageImage, page: Page) -> tuple[Page, list[BBox]]:
    """The page with what its pixels show beside its text, list dots and bold type; and the rulings there."""
    page = import_module("ocrkit.pipeline.bullets").with_bullets(image, page)
    page = import_module("ocrkit.pipeline.weight").with_weight(image, page)
    return page, import_module("ocrkit.pipeline.rulings").find_rulings(image, page)


def _decided(layer: TextLayer, image: PageImage, request: Request) -> TextLayerDecision:
    if request.text_layer == "always" and layer.characters:
        return TextLayerDecision(use=TextLayerUse.USED, reason="asked_for", detail="text_layer=always")
    return judge(layer, width=image.width, height=image.height, script=script_asked_for(request))

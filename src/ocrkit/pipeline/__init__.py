"""One page: text layer or engine, arrangement, provenance. Knows values and specs; opens no file, stores nothing."""

from __future__ import annotations

import time
from importlib import import_module
from typing import TYPE_CHECKING

from ocrkit.contracts import EngineOptions
from ocrkit.errors import EngineUnavailableError, OcrkitError
from ocrkit.layout import arrange
from ocrkit.model import TextLayerDecision, TextLayerUse
from ocrkit.pipeline.engines import Engines
from ocrkit.pipeline.pages import failed_page, finished, runs_of, with_provenance
from ocrkit.pipeline.pictures import cut, placed, regions, unread
from ocrkit.pipeline.request import Request, TextLayerMode, checked_request, script_asked_for
from ocrkit.pipeline.rereading import recognize
from ocrkit.pipeline.trust import judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocrkit.contracts import Tier
    from ocrkit.model import Page
    from ocrkit.raster import PageImage, TextLayer
    from ocrkit.registry import Registry

__all__ = ["Pipeline", "Request", "TextLayerMode", "failed_page"]

TEXT_LAYER_ENGINE = "textlayer"


class Pipeline:
    """Reads page images with the engines of a registry, which it makes on first use and keeps until `close`."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._engines = Engines(registry)

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
        return checked_request(
            self._registry, tier=tier, engine=engine, language=language, text_layer=text_layer, options=options
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

    def close(self) -> None:
        """Closes the engines that were made; the pipeline can be used again and makes new ones."""
        self._engines.close()

    def _read(self, image: PageImage, request: Request) -> Page:
        layer = image.text_layer if request.text_layer != "never" or request.engine == TEXT_LAYER_ENGINE else None
        if layer is None or request.engine == TEXT_LAYER_ENGINE:
            page = recognize(self._engines, image, request)
            return self._arranged(page, request.engine, image=image, layer=layer)
        decision = _decided(layer, image, request)
        if decision.use is TextLayerUse.USED:
            page = self._own_text(image, request)
        elif decision.use is TextLayerUse.MERGED:
            page = self._merged(image, layer, request)
        else:
            page = recognize(self._engines, image, request)
        kept = decision.use in (TextLayerUse.USED, TextLayerUse.MERGED)
        page = self._arranged(page, TEXT_LAYER_ENGINE if kept else request.engine, image=image, layer=layer)
        return with_provenance(page, text_layer=decision)

    def _own_text(self, image: PageImage, request: Request) -> Page:
        options = EngineOptions(language=request.options.language)
        return self._engines.recognize(image, TEXT_LAYER_ENGINE, options)

    def _merged(self, image: PageImage, layer: TextLayer, request: Request) -> Page:
        """The page's own text, and what the engine reads in its pictures."""
        own = self._own_text(image, request)
        lines, runs = list(own.lines), [*runs_of(own)]
        for box in regions(layer.pictures, width=image.width, height=image.height):
            part = recognize(self._engines, cut(image, box), request)
            lines += unread(placed(part.lines, box), layer.lines)
            runs += [run for run in runs_of(part) if run not in runs]
        return with_provenance(image.page(run=runs[0], lines=lines, warnings=own.warnings), runs=tuple(runs))

    def _arranged(self, page: Page, name: str, *, image: PageImage, layer: TextLayer | None) -> Page:
        if self._engines.gives_blocks(name):
            return page
        if layer is None:
            find_rulings = import_module("ocrkit.pipeline.rulings").find_rulings
            return arrange(page, rulings=find_rulings(image, page))
        return arrange(page, rulings=layer.rulings, pictures=layer.pictures)


def _decided(layer: TextLayer, image: PageImage, request: Request) -> TextLayerDecision:
    if request.text_layer == "always" and layer.characters:
        return TextLayerDecision(use=TextLayerUse.USED, reason="asked_for", detail="text_layer=always")
    return judge(layer, width=image.width, height=image.height, script=script_asked_for(request))

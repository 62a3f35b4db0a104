"""Who reads a page: the engine asked for, the cpu tier where that fails, and under `auto` whichever is worth its price.

Knows requests and engines, nothing of text layers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from ocrkit.errors import (
    EndpointCancelledError,
    EndpointError,
    EngineError,
    EngineUnavailableError,
    OcrkitError,
    WorkerCrashedError,
)
from ocrkit.model import PageStatus
from ocrkit.pipeline.doubt import doubt
from ocrkit.pipeline.pages import runs_of, with_provenance, with_warning
from ocrkit.pipeline.rereading import recognize

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocrkit.geometry import BBox
    from ocrkit.model import Page
    from ocrkit.pipeline.engines import Engines
    from ocrkit.pipeline.request import Request
    from ocrkit.raster import PageImage

    Arranged: TypeAlias = Callable[[Page, str], Page]
    """Arranges the page of the engine of this name."""


class Tiers:
    """Reads pages with the engines of a pipeline."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._unavailable: dict[str, str] = {}

    def read(self, image: PageImage, request: Request, *, arranged: Arranged) -> Page:
        """The page as the request's tier reads it.

        Raises:
            EngineUnavailableError: the engine asked for cannot be loaded.
            OcrkitError: nobody could read it.
        """
        if request.premium is not None:
            return self._auto(image, request, request.premium, arranged=arranged)
        if request.cpu is None:
            return arranged(recognize(self._engines, image, request), request.engine)
        try:
            if not request.may_use_vlm:
                raise WorkerCrashedError("It ended the process that read it in earlier attempts.")
            return self._premium(image, request, arranged=arranged)
        except _NOT_FALLEN_BACK:
            raise
        except (EngineError, EndpointError) as error:
            return self._fallback(image, request, error, arranged=arranged)

    def _auto(self, image: PageImage, request: Request, premium: Request, *, arranged: Arranged) -> Page:
        """The cpu reading, unless it is doubtful and the other engine can be had."""
        page = arranged(recognize(self._engines, image, request), request.engine)
        why = doubt(page)
        if not why:
            return page
        if not request.may_use_vlm:
            message = f"The reading is doubtful ({why}); the page was not given leave to use tier vlm."
            return with_warning(page, "vlm_ceiling", message)
        if premium.engine in self._unavailable:
            return self._without(page, why, premium)
        try:
            better = self._premium(image, premium, arranged=arranged, cpu=page)
        except EndpointCancelledError:
            raise
        except EngineUnavailableError as error:
            self._unavailable[premium.engine] = str(error)
            return self._without(page, why, premium)
        except (EngineError, EndpointError) as error:
            return with_provenance(_fallen_back(page, premium, error), doubt=why)
        return with_provenance(better, doubt=why)

    def _without(self, page: Page, why: str, premium: Request) -> Page:
        message = f"The reading is doubtful ({why}), and tier vlm cannot be used: {self._unavailable[premium.engine]}"
        return with_warning(page, "vlm_unavailable", message)

    def _premium(self, image: PageImage, request: Request, *, arranged: Arranged, cpu: Page | None = None) -> Page:
        """The page as the engine of tier vlm reads it, its words placed by a cpu reading.

        Raises:
            EngineError, EndpointError: it could not.
        """
        page = recognize(self._engines, image, request)
        if page.status is PageStatus.FAILED:
            raise EngineError(page.error.message if page.error else f"Engine {request.engine!r} read nothing.")
        page = arranged(page, request.engine)
        if not request.align or not page.blocks or page.words:
            return page
        assert request.cpu is not None
        try:
            witness = cpu or arranged(recognize(self._engines, image, request.cpu), request.cpu.engine)
        except OcrkitError as error:
            return with_warning(page, "not_compared", f"There is no other reading to compare the text with: {error}")
        aligned: Page = import_module("ocrkit.layout.alignment").align(page, witness, unread=_unread(witness))
        if aligned.status is PageStatus.PARTIAL and aligned.agreement is not None and aligned.agreement < _HARDLY_READ:
            share = f"{aligned.agreement:.0%}"
            return _fallen_back(witness, request, EngineError(f"Its reading broke off; {share} of the page agreed."))
        runs = [*runs_of(page), *(run for run in runs_of(witness) if run not in runs_of(page))]
        return with_provenance(aligned, runs=tuple(runs))

    def _fallback(self, image: PageImage, request: Request, error: OcrkitError, *, arranged: Arranged) -> Page:
        assert request.cpu is not None
        try:
            page = arranged(recognize(self._engines, image, request.cpu), request.cpu.engine)
        except OcrkitError as second:
            raise error from second
        return _fallen_back(page, request, error)


_HARDLY_READ = 0.5
"""A reading that broke off before it agreed with half of the other one has less of the page than that one."""
_NOT_FALLEN_BACK = (EngineUnavailableError, EndpointCancelledError)
"""The engine asked for is not there at all, which the user must know; or the user no longer wants the page."""


def _fallen_back(page: Page, request: Request, error: OcrkitError) -> Page:
    message = f"Engine {request.engine} did not read the page, {runs_of(page)[0].engine} did: {error}"
    page = with_warning(page, "fallback", message)
    return with_provenance(page.model_copy(update={"status": PageStatus.FALLBACK}), requested=request.engine)


def _unread(page: Page) -> Sequence[BBox]:
    return [box for warning in page.warnings if warning.code == "unread_regions" for box in warning.boxes]

"""The engines of a pipeline: made on first use, kept, and held to their promise on every page."""

from __future__ import annotations

import threading
from itertools import islice
from typing import TYPE_CHECKING

from ocrkit.discovery import named
from ocrkit.errors import EngineFailedError, OcrkitError
from ocrkit.pipeline.promise import breach

if TYPE_CHECKING:
    from ocrkit.contracts import Engine, EngineOptions, Tier
    from ocrkit.model import Page
    from ocrkit.raster import PageImage
    from ocrkit.registry import Registry


class Engines:
    """Engines of a registry by name."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._made: dict[str, Engine[EngineOptions]] = {}
        self._lock = threading.Lock()

    def recognize(self, image: PageImage, name: str, options: EngineOptions) -> Page:
        """What the engine reads on the image.

        Raises:
            EngineUnavailableError: it cannot be loaded.
            EngineFailedError: it raised, or broke its contract.
        """
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

    def gives_blocks(self, name: str) -> bool:
        """Whether the engine arranges its pages itself."""
        return "blocks" in self._registry.engine_spec(name).provides

    def tier(self, name: str) -> Tier | None:
        """The tier that the engine serves."""
        return self._registry.engine_spec(name).tier

    def close(self) -> None:
        """Closes the engines that were made."""
        with self._lock:
            made, self._made = list(self._made.values()), {}
        for engine in made:
            engine.close()

    def _engine(self, name: str) -> Engine[EngineOptions]:
        with self._lock:
            if name not in self._made:
                self._made[name] = self._registry.engine(name)
            return self._made[name]

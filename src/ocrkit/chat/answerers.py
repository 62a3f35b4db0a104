"""Answerers that were loaded once and are kept, for one conversation or for many."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from ocrkit.registry import Registry

if TYPE_CHECKING:
    from ocrkit.contracts import Answerer, AnswererOptions, AnswererSpec


class Answerers:
    """The answerers of a registry, each loaded when it is first asked; from any thread; a context manager.

    Args:
        registry: by default the built-in and installed ones.
    """

    def __init__(self, registry: Registry | None = None) -> None:
        self._registry = registry or Registry.discover()
        self._lock = threading.Lock()
        self._loaded: dict[str, Answerer[AnswererOptions]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def spec(self, name: str) -> AnswererSpec:
        """The spec of the answerer of this name.

        Raises:
            UnknownAnswererError: there is none.
        """
        return self._registry.answerer_spec(name)

    def get(self, name: str) -> Answerer[AnswererOptions]:
        """The answerer of this name.

        Raises:
            UnknownAnswererError: there is none.
            AnswererUnavailableError: it cannot be imported or made.
        """
        with self._lock:
            if name not in self._loaded:
                self._loaded[name] = self._registry.answerer(name)
            return self._loaded[name]

    def close(self) -> None:
        """Closes them; a second call does nothing."""
        with self._lock:
            loaded, self._loaded = list(self._loaded.values()), {}
        for answerer in loaded:
            answerer.close()

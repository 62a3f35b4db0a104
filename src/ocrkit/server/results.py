"""The latest results as the API tells them, kept in memory: a job that is done never changes."""

from __future__ import annotations

import threading
from collections import OrderedDict

_BYTES = 32 << 20
"""Kept in all: thousands of short documents, or a few long ones."""


class Results:
    """Results by job; safe from several threads."""

    def __init__(self, limit: int = _BYTES) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, job: str) -> bytes | None:
        """The result, if it is kept."""
        with self._lock:
            found = self._kept.get(job)
            if found is not None:
                self._kept.move_to_end(job)
            return found

    def keep(self, job: str, result: bytes) -> None:
        """Keeps a result, and lets those go that were asked for longest ago."""
        with self._lock:
            self._drop(job)
            self._kept[job] = result
            self._size += len(result)
            while self._size > self._limit:
                self._drop(next(iter(self._kept)))

    def forget(self, job: str) -> None:
        """Lets a result go, as when its job was deleted."""
        with self._lock:
            self._drop(job)

    def _drop(self, job: str) -> None:
        self._size -= len(self._kept.pop(job, b""))

"""Who waits for a job in an event loop is told from the dispatcher's threads. Knows ids, nothing of what they are."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Changes:
    """Announcements by job."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, list[tuple[asyncio.AbstractEventLoop, asyncio.Event, bool]]] = {}

    @contextmanager
    def of(self, job: str, *, end_only: bool = False) -> Iterator[asyncio.Event]:
        """An event of the running loop that is set at every announcement; clear it before looking at the job.

        Args:
            job: its id.
            end_only: set it at its end alone.
        """
        entry = (asyncio.get_running_loop(), asyncio.Event(), end_only)
        with self._lock:
            self._waiting.setdefault(job, []).append(entry)
        try:
            yield entry[1]
        finally:
            with self._lock:
                self._waiting[job].remove(entry)
                if not self._waiting[job]:
                    del self._waiting[job]

    def announce(self, job: str, *, ended: bool) -> None:
        """Tells whoever waits for the job, from any thread: that something of it changed, or that it ended."""
        with self._lock:
            for loop, event, end_only in self._waiting.get(job, ()):
                if (ended or not end_only) and not loop.is_closed():
                    loop.call_soon_threadsafe(event.set)

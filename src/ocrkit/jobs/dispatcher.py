"""Sends pages out and writes their ends down, as long as it leads. Keeps nothing that a crash could lose."""

from __future__ import annotations

import logging
import math
import queue
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from ocrkit.errors import DatabaseUnavailableError, OcrkitError
from ocrkit.jobs.executor import AHEAD
from ocrkit.jobs.leader import leadership_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocrkit.jobs.executor import Executor
    from ocrkit.jobs.ledger import Ledger
    from ocrkit.jobs.records import Committed, PageEnd

POLL = 0.5
"""Seconds between looks for what other processes have submitted, and for the leader's place."""

_LONGEST_PAUSE = 30.0

log = logging.getLogger(__name__)


class Chore:
    """Something that the leader does from time to time, in a thread of its own.

    Args:
        name: for the log.
        every: seconds from one end to the next start.
        do: the work.
    """

    def __init__(self, name: str, *, every: float, do: Callable[[], None]) -> None:
        self._name = name
        self._every = every
        self._do = do
        self._due = 0.0
        self._running: Future[None] | None = None

    def soon(self) -> None:
        """Has it done at the next opportunity."""
        self._due = 0.0

    def start_if_due(self, threads: ThreadPoolExecutor) -> None:
        """Starts it in one of the threads if its time has come and it is not running."""
        if time.monotonic() >= self._due and (self._running is None or self._running.done()):
            self._due = time.monotonic() + self._every
            self._running = threads.submit(self._attempt)

    def _attempt(self) -> None:
        try:
            self._do()
        except OcrkitError as error:
            log.warning("%s: %s", self._name, error)
        except Exception:
            log.exception("%s failed", self._name)


class Dispatcher:
    """A thread that leads, or stands by to do so.

    Args:
        ledger: the truth.
        executor: runs the pages.
        chores: done by whoever leads.
        on_commit: told in the dispatcher's thread of what changed.
    """

    def __init__(
        self,
        ledger: Ledger,
        executor: Executor,
        *,
        chores: Sequence[Chore] = (),
        on_commit: Callable[[Committed], None] | None = None,
    ) -> None:
        self._ledger = ledger
        self._executor = executor
        self._chores = chores
        self._on_commit = on_commit
        self._lock = leadership_of(ledger.database)
        self._ended: queue.SimpleQueue[PageEnd] = queue.SimpleQueue()
        self._uncommitted: list[PageEnd] = []
        self._in_flight: dict[tuple[str, int], bool] = {}
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._pause = 0.0
        self._resume_at = 0.0
        self._thread = threading.Thread(target=self._run, name="ocrkit-dispatcher", daemon=True)
        self._chore_threads = ThreadPoolExecutor(max(1, len(chores)), thread_name_prefix="ocrkit-chore")
        self.leading = False

    def start(self) -> None:
        """Starts the workers and the thread."""
        self._executor.start()
        self._thread.start()

    def wake(self) -> None:
        """Has it look now for what is to be done."""
        self._wake.set()

    def stop(self, *, grace: float = 10.0) -> None:
        """Takes no more pages, waits `grace` seconds for those that are out, and hands the rest back."""
        self._stopping.set()
        self.wake()
        self._thread.join()
        self._executor.stop(grace=grace)
        try:
            self._commit()
        except DatabaseUnavailableError as error:
            log.warning("The last pages will be read again: %s", error)
        self._chore_threads.shutdown(cancel_futures=True)
        self._lock.release()
        self.leading = False

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._step()
            except DatabaseUnavailableError as error:
                self._back_off(f"Waiting for the database: {error}")
            except Exception:
                log.exception("The dispatcher goes on after an error")
                self._back_off("Waiting after an error")
            self._wake.wait(POLL)
            self._wake.clear()

    def _step(self) -> None:
        self._commit()
        leading = self._lock.held()
        if leading != self.leading:
            log.info("This process leads" if leading else "This process no longer leads")
        self.leading = leading
        if not leading or time.monotonic() < self._resume_at:
            return
        self._send()
        for chore in self._chores:
            chore.start_if_due(self._chore_threads)

    def _commit(self) -> None:
        """Writes the ends that have come in; those that cannot be written stay for the next time."""
        while not self._ended.empty():
            self._uncommitted.append(self._ended.get())
        if not self._uncommitted:
            return
        committed = self._ledger.commit(self._uncommitted)
        for end in self._uncommitted:
            self._in_flight.pop((end.job, end.number), None)
        if any(end.outcome == "done" for end in self._uncommitted):
            self._pause = 0.0
        if not self._stopping.is_set():
            for end in self._uncommitted:
                if end.outcome == "returned":
                    self._back_off(f"Page {end.number} of {end.job} came back unread: {end.error}")
        self._uncommitted = []
        if self._on_commit:
            self._on_commit(committed)

    def _send(self) -> None:
        room = math.ceil(AHEAD * self._executor.slots()) - len(self._in_flight)
        if room <= 0:
            return
        for page in self._ledger.take(room, self._in_flight):
            self._in_flight[page.job, page.number] = page.may_use_vlm
            self._executor.run(page).add_done_callback(self._came_back)

    def _came_back(self, future: Future[PageEnd]) -> None:
        self._ended.put(future.result())
        self.wake()

    def _back_off(self, why: str) -> None:
        """Sends nothing for a while, longer each time until a page is read again."""
        if time.monotonic() >= self._resume_at:
            self._pause = min(_LONGEST_PAUSE, max(POLL, 2 * self._pause))
            self._resume_at = time.monotonic() + self._pause
            log.warning("%s (next attempt in %.1f s)", why, self._pause)

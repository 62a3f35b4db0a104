"""Shields side by side, one a core: pages of a document spread over them, results in order, memory bounded."""

from __future__ import annotations

import os
import queue
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

from ocrkit.workers.shield import Shield

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from types import TracebackType

    from ocrkit.errors import OcrkitError
    from ocrkit.model import Page
    from ocrkit.workers.shield import ShieldLimits
    from ocrkit.workers.task import PageTask


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


class Pool:
    """`size` shields, each driven by a thread; may be used by several callers at once.

    Args:
        size: how many children; default one a core.
        limits: of each child.
    """

    def __init__(self, size: int | None = None, limits: ShieldLimits | None = None) -> None:
        self.size = size or cores()
        self._shields = [Shield(limits) for _ in range(self.size)]
        self._free: queue.SimpleQueue[Shield] = queue.SimpleQueue()
        for shield in self._shields:
            self._free.put(shield)
        self._threads = ThreadPoolExecutor(self.size, thread_name_prefix="ocrkit-page")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(at_once=kind is not None)

    def submit(self, task: PageTask) -> Future[Page | OcrkitError]:
        """The page, in time; the future never holds an exception of the child's."""
        return self._threads.submit(self._run, task)

    def map(self, tasks: Iterable[PageTask]) -> Generator[Page | OcrkitError, None, None]:
        """The results in the order of the tasks; at most a few more tasks than children are ahead of the reader."""
        ahead: list[Future[Page | OcrkitError]] = []
        try:
            for task in tasks:
                ahead.append(self.submit(task))
                if len(ahead) > 2 * self.size:
                    yield ahead.pop(0).result()
            while ahead:
                yield ahead.pop(0).result()
        finally:
            for future in ahead:
                future.cancel()

    def close(self, *, at_once: bool = False) -> None:
        """Ends the children: after their pages, or at once."""
        if at_once:
            for shield in self._shields:
                shield.kill()
        self._threads.shutdown(cancel_futures=at_once)
        for shield in self._shields:
            shield.close()

    def _run(self, task: PageTask) -> Page | OcrkitError:
        shield = self._free.get()
        try:
            return shield.run(task)
        finally:
            self._free.put(shield)

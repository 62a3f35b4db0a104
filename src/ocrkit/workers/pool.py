"""Shields side by side, one a core: pages of a document spread over them, results in order, memory bounded."""

from __future__ import annotations

import os
import queue
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Self, TypeVar

from ocrkit.workers.shield import Shield

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from types import TracebackType

    from ocrkit.errors import OcrkitError
    from ocrkit.workers.shield import ShieldLimits
    from ocrkit.workers.task import Task

Item = TypeVar("Item")
Result = TypeVar("Result")


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

    def submit(self, task: Task[Result]) -> Future[Result | OcrkitError]:
        """The result, in time; the future never holds an exception of the child's."""
        return self._threads.submit(self._run, task)

    def map(self, tasks: Iterable[Task[Result]]) -> Generator[Result | OcrkitError, None, None]:
        """The results in the order of the tasks; at most a few more tasks than children are ahead of the reader."""
        return _in_order((self.submit(task) for task in tasks), ahead=2 * self.size)

    def abreast(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Generator[Result, None, None]:
        """`work` on each item in threads of this process that wait for the children, results in order.

        One thread more than there are children keeps them busy while one document is opened.
        """
        with ThreadPoolExecutor(self.size + 1, thread_name_prefix="ocrkit-document") as threads:
            try:
                yield from _in_order((threads.submit(work, item) for item in items), ahead=self.size + 1)
            except BaseException:
                # Whoever leaves early must not wait for pages that nobody wants.
                threads.shutdown(wait=False, cancel_futures=True)
                self.kill()
                raise

    def kill(self) -> None:
        """Ends the children at once; what they were doing comes back as an error. Later tasks start new ones."""
        for shield in self._shields:
            shield.kill()

    def close(self, *, at_once: bool = False) -> None:
        """Ends the children: after their pages, or at once."""
        if at_once:
            self.kill()
        self._threads.shutdown(cancel_futures=at_once)
        for shield in self._shields:
            shield.close()

    def _run(self, task: Task[Result]) -> Result | OcrkitError:
        shield = self._free.get()
        try:
            return shield.run(task)
        finally:
            self._free.put(shield)


def in_threads(work: Callable[[Item], Result], items: Iterable[Item], *, at_once: int) -> Generator[Result, None, None]:
    """`work` on each item in threads of this process, which mostly wait for others to work; results in order.

    Whoever leaves early does not wait for what is under way.
    """
    threads = ThreadPoolExecutor(at_once, thread_name_prefix="ocrkit-waiting")
    try:
        yield from _in_order((threads.submit(work, item) for item in items), ahead=at_once)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def _in_order(futures: Iterable[Future[Result]], *, ahead: int) -> Generator[Result, None, None]:
    """The results in order, with at most `ahead` more begun than the reader has taken."""
    begun: deque[Future[Result]] = deque()
    try:
        for future in futures:
            begun.append(future)
            if len(begun) > ahead:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        for future in begun:
            future.cancel()

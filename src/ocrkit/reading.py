"""One document being read: its pages in order, in this process or spread over others when that pays.

Knows an open source, the pipeline and the pool; knows nothing of documents as a whole or of formats.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrkit.errors import CorruptSourceError, EngineUnavailableError, OcrkitError
from ocrkit.pipeline import failed_page, was_refused
from ocrkit.raster import PageImage
from ocrkit.workers.pool import in_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ocrkit.model import Page
    from ocrkit.pipeline import Ceiling, Pipeline, Request
    from ocrkit.raster import Pixels
    from ocrkit.sources import Source
    from ocrkit.workers import PageTask, Pool

SPREAD_FROM = 3.0
"""Seconds of work still ahead from which pages are spread over processes; below it, starting them costs more."""

AT_ONCE = 5
"""Pages ahead from which, where an engine must read them, none is read in this process first to see what it costs:
loading the engine here would keep the other cores waiting for as long as starting the processes takes."""


def spreading_pays(seconds: float, *, done: int, ahead: int) -> bool:
    """Whether `ahead` things like the `done` that took `seconds` are worth spreading over processes."""
    return done > 0 and ahead > 1 and seconds / done * ahead > SPREAD_FROM


@dataclass(frozen=True, slots=True)
class Spread:
    """How pages may be spread.

    Attributes:
        pool: gives the pool, made on first use.
        task: what a child must know of this document; `path` is empty where the document has none.
        always: spread from the first page on, so that no page is read in this process.
    """

    pool: Callable[[], Pool]
    task: PageTask
    always: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The pages `numbers` of an open file, to be read once by iterating over `pages()`."""

    file: Source
    numbers: Sequence[int]
    request: Request
    pipeline: Pipeline
    spread: Spread | None
    ceiling: Ceiling

    def pages(self) -> Iterator[Page]:
        """The pages in order, each as soon as it is read; closes the file at the end.

        Raises:
            EngineUnavailableError: the engine asked for cannot be loaded.
        """
        with self.file:
            at_once = self.pipeline.at_once(self.request)
            if at_once > 1 and len(self.numbers) > 1 and not (self.spread and self.spread.always):
                yield from in_threads(self._page, self.numbers, at_once=at_once)
                return
            seconds = 0.0
            for done, number in enumerate(self.numbers):
                ahead = self.numbers[done:]
                if self.spread and self._pays(seconds, done, ahead):
                    yield from self._side_by_side(self.spread, ahead)
                    return
                started = time.perf_counter()
                page = self._page(number)
                seconds += time.perf_counter() - started
                yield page

    def _pays(self, seconds: float, done: int, ahead: Sequence[int]) -> bool:
        if self.spread is None or self.spread.always:
            return self.spread is not None
        if done == 0 and len(ahead) >= AT_ONCE and self.spread.pool().size > 1:
            return self._needs_engine(ahead[0])
        return spreading_pays(seconds, done=done, ahead=len(ahead))

    def _needs_engine(self, number: int) -> bool:
        try:
            return self.pipeline.needs_engine(self.file.page(number), self.request)
        except OcrkitError:
            return False  # the page says so itself when its turn comes

    def _side_by_side(self, spread: Spread, numbers: Sequence[int]) -> Iterator[Page]:
        with _on_disk(self.file, spread.task) as task:
            results = spread.pool().map(self._task(task, number) for number in numbers)
            try:
                for number, result in zip(numbers, results, strict=True):
                    page = self._page_of(result, number)
                    self.ceiling.settle(number, page)
                    if was_refused(page) and self.ceiling.leave(number):
                        # It was sent out while others had all the leave there is, and one of them did not need it.
                        again = task.model_copy(update={"number": number})
                        page = self._page_of(spread.pool().submit(again).result(), number)
                        self.ceiling.settle(number, page)
                    yield page
            finally:
                results.close()

    def _task(self, task: PageTask, number: int) -> PageTask:
        return task.model_copy(update={"number": number, "may_use_vlm": self.ceiling.leave(number)})

    def _page_of(self, result: Page | OcrkitError, number: int) -> Page:
        if isinstance(result, EngineUnavailableError):
            raise result
        if isinstance(result, OcrkitError):
            return self._failed(number, result)
        return result

    def _page(self, number: int) -> Page:
        try:
            image = self.file.page(number)
        except OcrkitError as error:
            return self._failed(number, error)
        page = self.pipeline.read(image, replace(self.request, may_use_vlm=self.ceiling.leave(number)))
        self.ceiling.settle(number, page)
        return page

    def _failed(self, number: int, error: OcrkitError) -> Page:
        """The page in its place; of 1 × 1 pixel where even its size cannot be known."""
        try:
            image = self.file.page(number)
        except OcrkitError:
            image = PageImage(number=number, width=1, height=1, load=_no_pixels)
        return failed_page(image, error, engine=self.request.engine)


def _no_pixels(_scale: float) -> Pixels:
    raise CorruptSourceError("The page has no pixels.")


@contextmanager
def _on_disk(file: Source, task: PageTask) -> Iterator[PageTask]:
    """The task with a path that other processes can open; bytes and streams are written to a temporary file."""
    if task.path:
        yield task
        return
    with tempfile.NamedTemporaryFile(prefix="ocrkit-") as copy:
        copy.write(file.read())
        copy.flush()
        yield task.model_copy(update={"path": copy.name})

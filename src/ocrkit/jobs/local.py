"""Pages in shielded child processes of this machine."""

from __future__ import annotations

import logging
import math
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ocrkit.errors import OcrkitError, OptionError, PageTimeoutError, StorageError, WorkerCrashedError
from ocrkit.jobs.blobs import page_key, upload_key
from ocrkit.jobs.executor import AHEAD
from ocrkit.jobs.records import PageEnd
from ocrkit.workers import PageTask, Pool, Shield, ShieldLimits, WarmTask

if TYPE_CHECKING:
    from ocrkit.contracts import Tier
    from ocrkit.jobs.blobs import Blobs
    from ocrkit.jobs.records import Outcome, PageRun
    from ocrkit.workers.task import Warmed

_KILL_AGAIN = 0.2

log = logging.getLogger(__name__)

WORKER_LIMITS = ShieldLimits(seconds=180.0, address_bytes=8 << 30, network=False, nice=5)
"""What a worker may cost. Engines map more memory than they use, so that the limit is far above what they need; and
whoever asks how a job stands goes before the pages."""


class LocalExecutor:
    """As many children as `workers`, each with its engine loaded; and others for pages that go out to an endpoint.

    Those mostly wait, so that they hold up no page that the cores could read, and they alone may reach the network.

    Args:
        blobs: where uploads are and results go.
        workers: children that read pages; default one a core.
        limits: of each child.
        online: children for pages that may go to tier `vlm`, each started at its first page; with 0 the others read
            them.
        online_seconds: for one page of theirs, in the place of that in `limits`.
        warm: tiers whose engines are loaded at the start.
        disabled_plugins: entry-point names that the children must not import.
    """

    def __init__(
        self,
        blobs: Blobs,
        workers: int | None = None,
        *,
        limits: ShieldLimits = WORKER_LIMITS,
        online: int = 0,
        online_seconds: float = 600.0,
        warm: tuple[Tier, ...] = ("cpu",),
        disabled_plugins: tuple[str, ...] = (),
    ) -> None:
        self._blobs = blobs
        limits = replace(limits, user=blobs.reader)
        self._pool = Pool(workers, limits)
        self._online = Pool(online, replace(limits, network=True, seconds=online_seconds)) if online else None
        self._warm = warm
        self._warming: list[Future[Warmed | OcrkitError]] = []
        self._disabled = disabled_plugins
        self._stopping = threading.Event()
        self._running: set[Future[PageEnd]] = set()
        self._threads = ThreadPoolExecutor(math.ceil(AHEAD * self.slots()), thread_name_prefix="ocrkit-run")

    def start(self) -> None:
        """Starts the children and has them load their engines; returns at once."""
        tasks = [WarmTask(tier=tier, disabled_plugins=self._disabled) for tier in self._warm]
        self._warming = [self._pool.submit(task) for task in tasks for _ in range(self._pool.size)]

    def ready(self) -> bool:
        """Whether the children have been through their first page."""
        return all(future.done() for future in self._warming)

    def slots(self) -> int:
        """As many as there are children."""
        return sum(pool.size for pool in self._pools)

    def run(self, page: PageRun) -> Future[PageEnd]:
        """The end of the page, in time; its result is a blob by then."""
        future = self._threads.submit(self._run, page)
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future

    def stop(self, *, grace: float) -> None:
        """Ends the children: after their pages, or after `grace` seconds; what was not read ends as `returned`."""
        self._stopping.set()
        left = wait(tuple(self._running), timeout=grace).not_done
        while left:  # one that was about to start when its like were killed is killed a little later
            for pool in self._pools:
                pool.kill()
            left = wait(left, timeout=_KILL_AGAIN).not_done
        self._threads.shutdown()
        for pool in self._pools:
            pool.close(at_once=True)

    @property
    def _pools(self) -> tuple[Pool, ...]:
        return (self._pool, self._online) if self._online else (self._pool,)

    def _run(self, page: PageRun) -> PageEnd:
        if self._stopping.is_set():
            return PageEnd(page.job, page.number, "returned")
        try:
            return self._read(page)
        except StorageError as error:
            return _ended(page, "returned", error)
        except OcrkitError as error:
            return _ended(page, "failed", error)
        except OSError as error:  # no process or no file can be opened here now: this machine's trouble, not the page's
            return _ended(page, "returned", StorageError(f"{type(error).__name__}: {error}"))
        except Exception as error:
            # A page that never came back would be waited for until the next start; one that fails is told of.
            log.exception("Page %d of job %s came to an end that nobody foresaw", page.number, page.job)
            return _ended(page, "crashed", OcrkitError(f"{type(error).__name__}: {error}"))

    def _read(self, page: PageRun) -> PageEnd:
        with self._blobs.local(upload_key(page.job)) as path:
            task = _task(page, path=str(path), disabled_plugins=self._disabled)
            stays = page.tier == "cpu" or not page.may_use_vlm
            pool = self._pool if stays or self._online is None else self._online
            result = pool.submit(task).result()
        if isinstance(result, WorkerCrashedError | PageTimeoutError):
            return _ended(page, "returned" if self._stopping.is_set() else "crashed", result)
        if isinstance(result, OcrkitError):
            raise result
        self._blobs.put(page_key(page.job, page.number), result.model_dump_json().encode())
        if result.error is not None:
            return PageEnd(page.job, page.number, "failed", error_code=result.error.code, error=result.error.message)
        return PageEnd(page.job, page.number, "done", tier=result.provenance.tier if result.provenance else None)


def trial(blobs: Blobs, *, engine: str | None = None) -> OcrkitError | None:
    """Why a child cannot read a page as the user that is to read the blobs; `None` where it can.

    What it needs may lie where that user has no rights: Python's packages, plugins, models.
    """
    shield = Shield(replace(WORKER_LIMITS, user=blobs.reader))
    try:
        found = shield.run(WarmTask(engine=engine))
    finally:
        shield.close()
    return found if isinstance(found, OcrkitError) else None


def _task(page: PageRun, **more: object) -> PageTask:
    """The page as a child is told of it.

    Raises:
        OptionError: the job's settings are of another version of ocrkit.
    """
    settings = {name: value for name, value in page.settings.items() if name in PageTask.model_fields}
    known = {"number": page.number, "tier": page.tier, "language": page.language, "may_use_vlm": page.may_use_vlm}
    try:
        return PageTask.model_validate({**settings, **known, **more})
    except ValidationError as error:
        raise OptionError("The settings of the job cannot be read.", hint="Submit it again.") from error


def _ended(page: PageRun, outcome: Outcome, error: OcrkitError) -> PageEnd:
    return PageEnd(page.job, page.number, outcome, error_code=error.code, error=str(error))

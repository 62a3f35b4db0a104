"""Jobs whose pages have all ended become documents. Begun again after a crash, it gives the same document."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrkit.errors import DatabaseUnavailableError, NothingReadError, OcrkitError, StorageError
from ocrkit.jobs.paperwork import TRANSLATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ocrkit.jobs.ledger import Ledger
    from ocrkit.jobs.paperwork import Paperwork
    from ocrkit.jobs.records import Job

_ABREAST = 2
_MAX_TRIES = 3
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Attempt:
    """Where a job stands that could not be put together."""

    tries: int = 0
    failures: int = 0
    not_before: float = 0.0


class Assembler:
    """Puts documents together, a few at a time.

    Args:
        on_end: told in a thread of the assembler's which job has ended, as it stood before.
    """

    def __init__(self, ledger: Ledger, paperwork: Paperwork, *, on_end: Callable[[Job], None]) -> None:
        self._ledger = ledger
        self._paperwork = paperwork
        self._on_end = on_end
        self._lock = threading.Lock()
        self._begun: set[str] = set()
        self._attempts: dict[str, _Attempt] = {}
        self._threads = ThreadPoolExecutor(_ABREAST, thread_name_prefix="ocrkit-assemble")
        # Translating may take long; others do not wait for it.
        self._translating = ThreadPoolExecutor(TRANSLATIONS, thread_name_prefix="ocrkit-translate")

    def look(self) -> None:
        """Begins with the jobs that are `assembling` and are not being put together.

        Raises:
            DatabaseUnavailableError: the database does not answer.
        """
        self.begin(self._ledger.assembling())

    def begin(self, jobs: Iterable[Job]) -> None:
        """Begins with those of the jobs, all `assembling`, that are not being put together."""
        for job in jobs:
            with self._lock:
                attempt = self._attempts.get(job.id, _Attempt())
                if job.id in self._begun or time.monotonic() < attempt.not_before:
                    continue
                self._begun.add(job.id)
            threads = self._translating if job.translate_to else self._threads
            threads.submit(self._attempt, job)

    def close(self) -> None:
        """Begins nothing more, and waits for what was begun."""
        self._threads.shutdown(cancel_futures=True)
        self._translating.shutdown(cancel_futures=True)

    def _attempt(self, job: Job) -> None:
        try:
            ended = self._assemble(job)
        except (StorageError, DatabaseUnavailableError) as error:
            self._later(job.id, error, its_own=False)
        except OcrkitError as error:
            self._later(job.id, error, its_own=True)
        except Exception as error:
            log.exception("Job %s could not be put together", job.id)
            self._later(job.id, OcrkitError(f"{type(error).__name__}: {error}"), its_own=True)
        else:
            self._attempts.pop(job.id, None)
            if ended:
                self._on_end(job)
        finally:
            with self._lock:
                self._begun.discard(job.id)

    def _assemble(self, job: Job) -> bool:
        """Whether it was this that ended the job.

        Another may have by now, or it was deleted: `finish` tells, and until then nothing is lost but work.
        """
        attempt = self._attempts.get(job.id)
        if job.pages_done == 0:
            return self._fail(job, self._nothing_read(job))
        if attempt is not None and attempt.failures >= _MAX_TRIES:
            return self._fail(job, OcrkitError("The document could not be put together; its pages are not charged."))
        assembled = self._paperwork.assemble(job, *self._ledger.pages_to_assemble(job.id))
        self._paperwork.translate(job)
        ended = self._ledger.finish(
            job.id,
            state="done",
            mean_confidence=assembled.mean_confidence,
            detected_language=assembled.detected_language,
        )
        if not ended and self._ledger.job(job.id) is None:
            self._paperwork.discard(job.id)
        return ended

    def _fail(self, job: Job, error: OcrkitError) -> bool:
        return self._ledger.finish(job.id, state="failed", error_code=error.code, error=error.message)

    def _nothing_read(self, job: Job) -> NothingReadError:
        first = min(self._ledger.pages(job.id), key=lambda page: page.number)
        return NothingReadError(f"No page could be read; page {first.number}: {first.error}")

    def _later(self, job: str, error: OcrkitError, *, its_own: bool) -> None:
        """Notes when to try again. A store or database that is away is no fault of the job's."""
        attempt = self._attempts.setdefault(job, _Attempt())
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt.tries)
        attempt.tries += 1
        attempt.failures += its_own
        attempt.not_before = time.monotonic() + pause
        log.warning("Job %s is not put together yet, next attempt in %.0f s: %s", job, pause, error)

"""Jobs as the server uses them: one value that puts ledger, blobs, dispatcher and chores together.

What blocks is to be called in a thread; what is `async` runs in the caller's event loop.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ocrkit.errors import SourceNotFoundError
from ocrkit.jobs.assembler import Assembler
from ocrkit.jobs.blobs import document_key, page_key, translation_key, upload_key
from ocrkit.jobs.changes import Changes
from ocrkit.jobs.deliveries import Deliveries
from ocrkit.jobs.dispatcher import Chore, Dispatcher
from ocrkit.jobs.ledger import Ledger
from ocrkit.jobs.paperwork import Paperwork
from ocrkit.jobs.retention import Retention
from ocrkit.jobs.webhooks import Courier
from ocrkit.model import Document, Page
from ocrkit.sources import Limits

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from pathlib import Path
    from typing import Any

    from sqlalchemy import Connection

    from ocrkit.database import Database
    from ocrkit.jobs.blobs import Blobs
    from ocrkit.jobs.executor import Executor
    from ocrkit.jobs.records import Committed, Job, NewJob, PageState, Terms
    from ocrkit.jobs.webhooks import Sign
    from ocrkit.workers import Inspected

_POLL_LEADING = 5.0
"""Seconds between looks at a job that this process works on: it is told of changes, a look only makes sure."""

_POLL = 0.5
"""The same where another process leads."""


@dataclass(frozen=True, slots=True)
class JobsOptions:
    """How jobs are kept.

    Attributes:
        keep_uploads: whether an upload stays as long as its job; if not, it goes when the job ends.
        private_webhooks: whether webhooks may lead to addresses that are not of the public internet.
        disabled_plugins: entry-point names that are not imported for exports; the executor has its own.
    """

    keep_uploads: bool = True
    private_webhooks: bool = False
    disabled_plugins: tuple[str, ...] = ()


class Jobs:
    """The jobs of a database.

    Args:
        database: migrated.
        blobs: where uploads and results are.
        executor: runs the pages; without one this process takes jobs in and leaves them to others.
        sign: signs messages to webhooks in the name of an account; without it none are sent.
    """

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        *,
        executor: Executor | None = None,
        options: JobsOptions | None = None,
        sign: Sign | None = None,
    ) -> None:
        options = options or JobsOptions()
        self.ledger = Ledger(database)
        self.blobs = blobs
        self._executor = executor
        self._keep_uploads = options.keep_uploads
        self._changes = Changes()
        self._paperwork = Paperwork(blobs, disabled_plugins=options.disabled_plugins)
        self._assembler = Assembler(self.ledger, self._paperwork, on_end=self._ended)
        retention = Retention(self.ledger, blobs, keep_uploads=options.keep_uploads)
        self._assembling = Chore("assembling", every=5.0, do=self._assembler.look)
        self._sweeping = Chore("retention", every=30.0, do=retention.sweep)
        chores = [self._assembling, self._sweeping]
        self._courier: Courier | None = None
        if sign is not None:
            deliveries = Deliveries(database)
            self._courier = Courier(deliveries, self.ledger, sign=sign, allow_private=options.private_webhooks)
            self._delivering = Chore("webhooks", every=5.0, do=self._courier.deliver_due)
            chores.append(self._delivering)
        self._dispatcher: Dispatcher | None = None
        if executor is not None:
            self._dispatcher = Dispatcher(self.ledger, executor, chores=chores, on_commit=self._committed)

    # ------------------------------------------------------------------ life

    def start(self) -> None:
        """Starts the workers, and leads or stands by; takes a second or so."""
        # Pages first: after a crash there are some to be read, and nobody has sent a new file yet.
        if self._dispatcher is not None:
            self._dispatcher.start()
        self._paperwork.start()

    def stop(self, *, grace: float = 8.0) -> None:
        """Ends everything; pages that are not read within `grace` seconds are handed back."""
        if self._courier is not None:
            self._courier.close()
        if self._dispatcher is not None:
            self._dispatcher.stop(grace=grace)
        self._paperwork.close()
        self._assembler.close()
        self.blobs.close()

    def wake(self) -> None:
        """Has it look for new pages now; to be called after the transaction that submitted some."""
        if self._dispatcher is not None:
            self._dispatcher.wake()

    @property
    def leading(self) -> bool:
        """Whether this process sends the pages out."""
        return self._dispatcher is not None and self._dispatcher.leading

    def ready(self) -> bool:
        """Whether the workers, where there are any, have loaded what they need."""
        return self._executor is None or self._executor.ready()

    # ------------------------------------------------------------------ what comes in

    def inspect(self, path: Path, *, limits: Limits | None = None) -> Inspected:
        """What a file is, told by a child: media type and pages.

        Raises:
            SourceError: it is nothing that can be read, or beyond the limits.
            WorkerCrashedError: it ended the process that opened it.
            PageTimeoutError: opening it took too long.
        """
        return self._paperwork.inspect(path, limits=limits or Limits())

    def inspect_upload(self, job: str, *, limits: Limits | None = None) -> Inspected:
        """What the upload of a job, submitted or not yet, is.

        Raises:
            SourceError: as `inspect`; there is no upload.
            StorageError: the blobs cannot be used.
        """
        with self.blobs.local(upload_key(job)) as path:
            return self.inspect(path, limits=limits)

    def submit(self, connection: Connection, new: NewJob, terms: Terms) -> Job:
        """Queues a job within the caller's transaction; see `Ledger.submit`. Call `wake` after it."""
        return self.ledger.submit(connection, new, terms)

    # ------------------------------------------------------------------ what is known

    def job(self, job: str) -> Job | None:
        """The job, if there is one of this id."""
        return self.ledger.job(job)

    def jobs_of(self, account: str, *, before: float | None = None, limit: int = 50) -> list[Job]:
        """Jobs of an account, newest first; see `Ledger.jobs_of`."""
        return self.ledger.jobs_of(account, before=before, limit=limit)

    def pages(self, job: str, *, after_ended_as: int = 0) -> list[PageState]:
        """The pages that have ended, in the order in which they did, from a place on."""
        return self.ledger.pages(job, after_ended_as=after_ended_as)

    def page(self, job: str, number: int) -> Page:
        """A page that has been read, as it was before the document was put together.

        Raises:
            SourceNotFoundError: there is none.
            StorageError: the blobs cannot be used.
        """
        return Page.model_validate_json(self.blobs.get(page_key(job, number)))

    def document(self, job: str) -> Document:
        """The document of a job that is done, as it was read.

        Raises:
            SourceNotFoundError: there is none.
            StorageError: the blobs cannot be used.
        """
        return Document.from_json(self.blobs.get(document_key(job)))

    def result(self, job: Job) -> Document:
        """The document of a job that is done, in the language asked for.

        Raises:
            SourceNotFoundError: there is none.
            StorageError: the blobs cannot be used.
        """
        key = document_key(job.id) if job.translate_to is None else translation_key(job.id)
        return Document.from_json(self.blobs.get(key))

    def export(self, job: str, name: str, options: Mapping[str, Any] | None = None) -> str:
        """The key of the blob that holds the document of a job in a format, made in a child unless it is there.

        Raises:
            UnknownFormatError: there is no such format.
            OptionError: an option does not exist or has a bad value.
            SourceRequiredError: the format needs the upload, and that is gone.
            ExportError: the document cannot be written in this format.
            SourceNotFoundError: there is no such job, or no document of it.
            StorageError: the blobs cannot be used.
        """
        found = self.ledger.job(job)
        if found is None:
            raise SourceNotFoundError("There is no such job.")
        return self._kept(job, self._paperwork.export(found, name, options or {}))

    def rendered(self, job: Job, name: str, *, load: str) -> bytes:
        """What the function that `load` names makes of the result of a job, in a child unless it was made before.

        For long documents: parsing one holds up everything else in its process.

        Raises:
            SourceNotFoundError: there is no such job, or no document of it.
            StorageError: the blobs cannot be used.
        """
        return self.blobs.get(self._kept(job.id, self._paperwork.render(job, name, load=load)))

    def _kept(self, job: str, key: str) -> str:
        """The key, if its job was not deleted while the blob was made."""
        if self.ledger.job(job) is None:
            self.blobs.delete_job(job)
            raise SourceNotFoundError("There is no such job.")
        return key

    # ------------------------------------------------------------------ what ends

    def cancel(self, job: str) -> bool:
        """Ends a job that is open; see `Ledger.cancel`."""
        done = self.ledger.cancel(job)
        self._sweeping.soon()
        self._changes.announce(job, ended=True)
        return done

    def delete(self, job: str) -> bool:
        """Removes everything of a job at once. Whether there was one.

        Raises:
            StorageError: the blobs cannot be used; then the job is still there.
        """
        self.ledger.cancel(job)
        self.blobs.delete_job(job)
        done = self.ledger.delete(job)
        # Again, for what was stored between the two; who stores later finds no job and deletes it himself.
        self.blobs.delete_job(job)
        self._changes.announce(job, ended=True)
        return done

    # ------------------------------------------------------------------ waiting

    async def changes(self, job: str) -> AsyncGenerator[Job, None]:
        """The job as it is now, and whenever something of it changes; ends after its end, or when it is gone."""
        seen: Job | None = None
        with self._changes.of(job) as changed:
            while True:
                changed.clear()
                found = await self.ledger.database.look(partial(self.ledger.job, job))
                if found is None:
                    return
                if found != seen:
                    yield found
                if found.ended:
                    return
                seen = found
                await _set_within(changed, self._poll)

    async def wait(self, job: str, timeout: float) -> Job | None:  # noqa: ASYNC109 - its end is an answer, not an error
        """The job once it has ended, or as it stands after `timeout` seconds; `None` if it is gone."""
        deadline = time.monotonic() + timeout
        with self._changes.of(job, end_only=True) as ended:
            while True:
                ended.clear()
                found = await self.ledger.database.look(partial(self.ledger.job, job))
                left = deadline - time.monotonic()
                if found is None or found.ended or left <= 0:
                    return found
                await _set_within(ended, min(left, self._poll))

    @property
    def _poll(self) -> float:
        return _POLL_LEADING if self.leading else _POLL

    # ------------------------------------------------------------------ told by the threads

    def _committed(self, committed: Committed) -> None:
        for job in committed.gone:
            self.blobs.delete_job(job)
        self._assembler.begin(committed.assembling)
        for job in committed.progressed:
            self._changes.announce(job, ended=False)

    def _ended(self, job: Job) -> None:
        # Who waits for it goes first: chores would only get in the way of the answer.
        self._changes.announce(job.id, ended=True)
        due = []
        if not self._keep_uploads:
            due.append(self._sweeping)
        if self._courier is not None and job.webhook_url:
            due.append(self._delivering)
        for chore in due:
            chore.soon()
        if due:
            self.wake()


async def _set_within(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()

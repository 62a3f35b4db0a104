"""Whole files in children: what an upload is, documents put together, exports. The server's process parses none."""

from __future__ import annotations

import json
from concurrent.futures import CancelledError
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ocrkit.errors import OcrkitError, SourceNotFoundError, StorageError, WorkerCrashedError
from ocrkit.inference import configured
from ocrkit.jobs.blobs import document_key, export_key, page_key, translation_key, upload_key
from ocrkit.jobs.copies import made
from ocrkit.languages import AUTO
from ocrkit.model import PageError
from ocrkit.registry import Registry
from ocrkit.workers import (
    AssembleTask,
    ExportTask,
    InspectTask,
    Pool,
    RenderTask,
    ShieldLimits,
    ToolTask,
    TranslateTask,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import TypeVar

    from ocrkit.jobs.blobs import Blobs
    from ocrkit.jobs.copies import Scratch
    from ocrkit.jobs.records import Job, PageState
    from ocrkit.sources import Limits
    from ocrkit.workers import Inspected
    from ocrkit.workers.task import Assembled, Task

    Result = TypeVar("Result")

_SMALL = ShieldLimits(seconds=120.0, address_bytes=8 << 30, network=False)
_LARGE = ShieldLimits(seconds=600.0, address_bytes=8 << 30, network=False, nice=5)
_TRANSLATING = ShieldLimits(seconds=3600.0, address_bytes=32 << 30, nice=5)
"""Of the children that translate: they open no upload, and some translators are reached over the network."""

_QUICK_CHILDREN = 2
_SHORT = 50
"""Pages of a document that is put together beside what callers wait for; a longer one waits for the exports instead."""

TRANSLATIONS = 2
"""Documents that are translated at a time."""

_SMALLEST_PDF = b"%PDF-1.4\n1 0 obj<</Pages 2 0 R>>endobj\n2 0 obj<</Kids[3 0 R]/Count 1>>endobj\n3 0 obj<<>>endobj\n"
_SMALLEST_PDF += b"trailer<</Root 1 0 R>>"


class Paperwork:
    """Children for whole files: some for what callers wait for, one for exports, which may take long.

    Args:
        blobs: where files are.
        disabled_plugins: entry-point names that the children must not import.
    """

    def __init__(self, blobs: Blobs, *, disabled_plugins: tuple[str, ...] = ()) -> None:
        self._blobs = blobs
        self._quick = Pool(_QUICK_CHILDREN, replace(_SMALL, user=blobs.reader))
        self._slow = Pool(1, replace(_LARGE, user=blobs.reader))
        self._translators = Pool(TRANSLATIONS, replace(_TRANSLATING, user=blobs.reader))
        self._disabled = disabled_plugins
        self._registry = Registry.discover(disabled=disabled_plugins)

    def start(self) -> None:
        """Starts the children that callers wait for, on a small file, so that the first caller waits no longer."""
        with self._blobs.scratch() as scratch:
            task = InspectTask(path=str(scratch.give("smallest.pdf", _SMALLEST_PDF)))
            for warm in [self._quick.submit(task) for _ in range(_QUICK_CHILDREN)]:
                warm.result()

    def close(self) -> None:
        """Ends the children at once."""
        self._quick.close(at_once=True)
        self._slow.close(at_once=True)
        self._translators.close(at_once=True)

    def inspect(self, path: Path, *, limits: Limits) -> Inspected:
        """What the file is.

        Raises:
            SourceError: it is nothing that can be read, or beyond the limits.
            WorkerCrashedError: it ended the process that opened it.
        """
        return _done(self._quick, InspectTask(path=str(path), limits=limits))

    def assemble(self, job: Job, numbers: list[int], ended: list[PageState]) -> Assembled:
        """Puts the pages of the job together into the blob of its document.

        Raises:
            StorageError: there is no room for it.
            OcrkitError: it cannot be done.
        """
        # A child that may reach the network opens no upload: it gets the document that another has put together.
        online = job.tool is not None and self._registry.tool_spec(job.tool).online and configured("llm")
        unseen = {page.number: _page_error(page) for page in ended if page.state != "done"}
        with self._blobs.scratch() as scratch:
            for number in numbers:
                try:
                    content = self._blobs.get(page_key(job.id, number))
                except SourceNotFoundError as error:
                    unseen.setdefault(number, PageError(code=error.code, message="The result of the page is gone."))
                else:
                    unseen.pop(number, None)
                    scratch.give(f"{number}.json", content)
            task = AssembleTask(
                path=None,
                folder=str(scratch.folder),
                numbers=tuple(numbers),
                errors=unseen,
                source=job.filename,
                media_type=job.media_type,
                page_count=job.file_pages,
                out=str(scratch.out / "document.json"),
                tool=None if online else job.tool,
                disabled_plugins=self._disabled,
            )
            assembled = self._with_upload(job, task)
            whole = scratch.out / "document.json"
            self._blobs.put(document_key(job.id), self._tooled(job.tool, whole, scratch) if online else whole)
        return assembled

    def _tooled(self, tool: str | None, document: Path, scratch: Scratch) -> Path:
        """Where the document stands that the tool makes of this one."""
        assert tool is not None
        with made(document, self._blobs.reader) as file:
            given = scratch.give("assembled.json", file.read())
        out = scratch.out / "tooled.json"
        task = ToolTask(document=str(given), tool=tool, out=str(out), disabled_plugins=self._disabled)
        _done(self._translators, task)
        return out

    def translate(self, job: Job) -> None:
        """Makes the document of the job in the language asked for, unless it was made before.

        Where that cannot be done, it is the document as read, with a warning on its pages: what was read is not lost.

        Raises:
            SourceNotFoundError: there is no document.
            StorageError: there is no room for it.
        """
        if job.translate_to is None or self._blobs.size(translation_key(job.id)) is not None:
            return
        with self._blobs.scratch() as scratch, self._blobs.local(document_key(job.id)) as document:
            task = TranslateTask(
                document=str(document),
                to=job.translate_to,
                source=None if job.language == AUTO else job.language,
                translator=job.settings.get("translator"),
                out=str(scratch.out / "translation.json"),
                disabled_plugins=self._disabled,
            )
            try:
                _done(self._translators, task)
            except StorageError:
                raise
            except OcrkitError as error:
                # Whatever befell the translator, what was read and paid for is there.
                _done(self._quick, task.model_copy(update={"failure": error.message}))
            self._blobs.put(translation_key(job.id), scratch.out / "translation.json")

    def discard(self, job: str) -> None:
        """Deletes what was put together for a job that was deleted meanwhile.

        Raises:
            StorageError: the store cannot be reached.
        """
        self._blobs.delete_job(job)

    def export(self, job: Job, name: str, options: Mapping[str, Any]) -> str:
        """The key of the export, made now unless it was before.

        Raises:
            UnknownFormatError: there is no such format.
            OptionError: an option does not exist or has a bad value.
            SourceRequiredError: the format needs the upload, and that is gone.
            ExportError: the document cannot be written in this format.
            SourceNotFoundError: there is no document.
            StorageError: there is no room for it.
        """
        self._registry.exporter_spec(name)
        told = json.dumps(options, sort_keys=True)
        key = export_key(job.id, f"{name}-{sha256(told.encode()).hexdigest()[:16]}" if options else name)
        if self._blobs.size(key) is not None:
            return key
        with self._blobs.scratch() as scratch, self._blobs.local(_told_by(job)) as document:
            task = ExportTask(
                document=str(document),
                format=name,
                options=dict(options),
                source=None,
                out=str(scratch.out / "export"),
                disabled_plugins=self._disabled,
            )
            try:
                with self._blobs.local(upload_key(job.id)) as upload:
                    _done(self._slow, task.model_copy(update={"source": str(upload)}))
            except SourceNotFoundError:
                _done(self._slow, task)
            self._blobs.put(key, scratch.out / "export")
        return key

    def render(self, job: Job, name: str, *, load: str) -> str:
        """The key of what the function that `load` names makes of the document, made now unless it was before.

        Raises:
            SourceNotFoundError: there is no document.
            StorageError: there is no room for it.
        """
        key = export_key(job.id, name)
        if self._blobs.size(key) is not None:
            return key
        with self._blobs.scratch() as scratch, self._blobs.local(_told_by(job)) as document:
            out = scratch.out / "rendered"
            _done(
                self._slow,
                RenderTask(document=str(document), load=load, out=str(out), disabled_plugins=self._disabled),
            )
            self._blobs.put(key, out)
        return key

    def _with_upload(self, job: Job, task: AssembleTask) -> Assembled:
        """The document with what its file says of itself; without, where the file is gone or cannot be opened."""
        pool = self._quick if job.page_count <= _SHORT else self._slow
        try:
            with self._blobs.local(upload_key(job.id)) as path:
                return _done(pool, task.model_copy(update={"path": str(path)}))
        except SourceNotFoundError:
            return _done(pool, task)


def _told_by(job: Job) -> str:
    """The key of the document that its owner is told of."""
    return document_key(job.id) if job.translate_to is None else translation_key(job.id)


def _done(pool: Pool, task: Task[Result]) -> Result:
    try:
        result = pool.submit(task).result()
    except (CancelledError, RuntimeError) as error:  # RuntimeError: the pool is closed
        raise WorkerCrashedError("The service is stopping.", hint="Try again later.") from error
    if isinstance(result, OcrkitError):
        raise result
    return result


def _page_error(page: PageState) -> PageError:
    return PageError(code=page.error_code or OcrkitError.code, message=page.error or "The page was not read.")

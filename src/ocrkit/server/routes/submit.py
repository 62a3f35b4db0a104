"""`POST /api/v1/ocr/`: a file comes in, a job goes out; done already if the file is short."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool

from ocrkit.errors import OutOfCreditsError, PageTimeoutError, StorageError, TooManyPagesError, WorkerCrashedError
from ocrkit.jobs.blobs import upload_key
from ocrkit.jobs.ledger import new_id
from ocrkit.jobs.records import NewJob
from ocrkit.server.answers import credit_headers
from ocrkit.server.auth import payer_of
from ocrkit.server.forms import reading_settings, submission, tiers
from ocrkit.server.idempotency import Key, checked_key, job_of, remember
from ocrkit.server.names import safe_name
from ocrkit.server.problems import Problem, no_such_job
from ocrkit.server.routes.jobs import job_response
from ocrkit.server.routes.routing import service_of
from ocrkit.server.uploads import received
from ocrkit.server.waiting import ended
from ocrkit.sources import parse_pages

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ocrkit.accounts import Account
    from ocrkit.jobs.records import Job
    from ocrkit.server.forms import Submission
    from ocrkit.server.service import Service
    from ocrkit.server.uploads import Upload

logger = logging.getLogger(__name__)

_DAY = 86400.0
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class _Entry:
    """A submission on its way into the ledger; its upload is a blob of the job that it will be."""

    job: str
    account: Account
    asked: Submission
    upload: Upload
    key: Key | None


async def submit(request: Request) -> Response:
    """Takes the file in, queues it, and waits for a short one."""
    service = service_of(request)
    account = await run_in_threadpool(payer_of, request, service)
    key = checked_key(request.headers.get("idempotency-key"))
    uuid, limit = new_id(), service.settings.max_upload_bytes
    try:
        upload = await received(request, service.jobs.blobs, upload_key(uuid), max_bytes=limit)
        asked = submission(upload.fields, service.registry, engines=service.settings.engines)
    except BaseException:
        await run_in_threadpool(_discard, service, uuid)
        raise
    entry = _Entry(uuid, account, asked, upload, Key(account.id, key, upload.digest) if key else None)
    job = await service.aside(partial(_entered, service, entry))
    if job.page_count <= service.settings.inline_pages:
        found = await ended(service, job, seconds=service.settings.inline_seconds)
        if found is None:  # deleted while this call waited for it
            raise no_such_job()
        job = found
    return await run_in_threadpool(_answer, service, account, job)


def _answer(service: Service, account: Account, job: Job) -> Response:
    return job_response(service, job, headers=credit_headers(service.credits.own_balance(account.id)))


def _entered(service: Service, entry: _Entry) -> Job:
    """The job of an upload: a new one, or the one that its key gave before.

    Raises:
        SourceError: the file is nothing that can be read, or beyond the limits.
        OutOfCreditsError: nothing covers its pages.
        StorageError: there is no room for it.
    """
    job: Job | None = None
    try:
        job = _given_before(service, entry) or _queued(service, entry, _new_job(service, entry))
    except (IntegrityError, OutOfCreditsError, TooManyPagesError):
        # The same key came in twice at once, and the other was faster: it has the key, and perhaps the last credits.
        job = _given_before(service, entry)
        if job is None:
            raise
    finally:
        if job is None or job.id != entry.job:
            _discard(service, entry.job)
    service.jobs.wake()
    return job


def _discard(service: Service, uuid: str) -> None:
    """Deletes the upload of a job that is not to be; where that cannot be done now, the sweep does it later."""
    try:
        service.jobs.blobs.delete_job(uuid)
    except StorageError as error:
        logger.warning("An upload that led to no job is still there: %s", error)


def _given_before(service: Service, entry: _Entry) -> Job | None:
    if entry.key is None:
        return None
    with service.database.read() as connection:
        known = job_of(connection, entry.key)
    if known is None:
        return None
    job = service.jobs.job(known)
    if job is None:
        raise no_such_job()
    return job


def _queued(service: Service, entry: _Entry, new: NewJob) -> Job:
    with service.database.write() as connection:
        pages = len(new.page_numbers)
        terms = service.credits.terms(
            connection, entry.account.id, pages=pages, tier=new.tier, vlm_pages=new.settings["vlm_pages"]
        )
        job = service.jobs.submit(connection, new, terms)
        if entry.key:
            remember(connection, entry.key, job.id)
    return job


def _new_job(service: Service, entry: _Entry) -> NewJob:
    """The job that is asked for.

    Raises:
        Problem: nobody here translates into the language asked for, or the file cannot be opened.
    """
    asked, upload = entry.asked, entry.upload
    wanted = asked.translate_to
    target = service.translations.target(wanted, source=asked.code) if wanted else None
    try:
        found = service.jobs.inspect_upload(entry.job, limits=service.limits)
    except (WorkerCrashedError, PageTimeoutError) as error:
        raise Problem(400, "corrupt_source", message="The file cannot be opened.") from error
    numbers = tuple(parse_pages(asked.pages, found.page_count))
    hours = service.settings.retention_hours
    return NewJob(
        id=entry.job,
        tier=asked.tier,
        language=asked.language,
        filename=safe_name(upload.filename),
        media_type=found.media_type,
        bytes=upload.size,
        file_pages=found.page_count,
        page_numbers=numbers,
        settings={
            **reading_settings(asked),
            "cpu_engine": asked.cpu_engine,
            "vlm_pages": _vlm_pages(service, asked, pages=len(numbers)),
            "limits": service.limits.model_dump(),
            "disabled_plugins": list(service.settings.disabled_plugins),
            "translator": service.settings.translator or None,
        },
        expires_after=hours * _HOUR if hours else _DAY,
        webhook_url=asked.webhook_url,
        translate_to=target,
        tool=asked.tool.name if asked.tool else None,
    )


def _vlm_pages(service: Service, asked: Submission, *, pages: int) -> int:
    """How many pages tier `auto` may give to tier `vlm`: as many as the caller says, else the server's share of them.

    None where tier `vlm` cannot be used: then nothing is held for it.
    """
    if "vlm" not in tiers(service.registry, service.settings.engines):
        return 0
    if asked.max_vlm_pages is not None:
        return min(asked.max_vlm_pages, pages)
    return math.ceil(service.settings.auto_vlm_share * pages)

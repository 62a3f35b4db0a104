"""Jobs as their owners see them: one, all, and gone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from ocrkit.errors import SourceNotFoundError
from ocrkit.server.answers import job_json, result_json, summary
from ocrkit.server.auth import holder_of, visible_job
from ocrkit.server.models import Answer, JobListAnswer
from ocrkit.server.problems import Problem, no_such_job
from ocrkit.server.routes.routing import service_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from ocrkit.jobs.records import Job
    from ocrkit.server.service import Service

_MOST = 200
_LISTED = 50
_JSON = "application/json"
_SHORT = 20
"""Pages of a document that is parsed here: some 50 ms, in which no other request is answered. Longer ones are parsed
in a child, and their answer is kept as a blob."""


async def show(request: Request) -> Response:
    """`GET /api/v1/ocr/<uuid>/`."""
    service = service_of(request)
    job = await service.database.look(partial(visible_job, request, service))
    if job.state == "done" and service.results.get(job.id) is None:
        return await run_in_threadpool(job_response, service, job)
    return job_response(service, job)


async def remove(request: Request) -> Response:
    """`DELETE /api/v1/ocr/<uuid>/`: the job with all that belongs to it; what was read stays charged."""
    service = service_of(request)

    def work() -> None:
        job = visible_job(request, service)
        service.results.forget(job.id)
        service.chats.forget(job.id)
        service.jobs.delete(job.id)

    await run_in_threadpool(work)
    return Response(status_code=204)


async def listing(request: Request) -> Response:
    """`GET /api/v1/ocr/`: the jobs of the token's account."""
    service = service_of(request)
    limit = min(_MOST, int(_number(request, "limit", whole=True) or _LISTED))
    before = _number(request, "before")

    def work() -> JobListAnswer:
        account = holder_of(request, service)
        jobs = service.jobs.jobs_of(account.id, before=before, limit=limit)
        following = jobs[-1].created if len(jobs) == limit else None
        return JobListAnswer(jobs=[summary(job) for job in jobs], next=following)

    return json_response(await run_in_threadpool(work))


def json_response(answer: Answer) -> Response:
    """The answer that a model describes."""
    return Response(answer.model_dump_json(), media_type=_JSON)


def job_response(service: Service, job: Job, headers: Mapping[str, str] | None = None) -> Response:
    """The answer of a job. Asks the store for a result that is not kept in memory."""
    result = _result(service, job) if job.state == "done" else None
    return Response(job_json(job, result), headers=headers, media_type=_JSON)


def _result(service: Service, job: Job) -> bytes:
    kept = service.results.get(job.id)
    if kept is None:
        try:
            if job.page_count > _SHORT:
                kept = service.jobs.rendered(job, "answer", load="ocrkit.server.answers:result_json")
            else:
                kept = result_json(service.jobs.result(job), service.registry)
        except SourceNotFoundError as error:  # deleted between two looks
            raise no_such_job() from error
        service.results.keep(job.id, kept)
    return kept


def _number(request: Request, name: str, *, whole: bool = False) -> float | None:
    """The number of this name in the query; `None` where there is none.

    Raises:
        Problem: it is no number above 0.
    """
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        value = 0
    if not 0 < value < float("inf"):
        kind = "whole number" if whole else "number"
        raise Problem(400, "bad_request", message=f"`{name}` must be a {kind} above 0.")
    return value

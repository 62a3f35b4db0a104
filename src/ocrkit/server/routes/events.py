"""`GET /api/v1/ocr/<uuid>/events/`: each page as it is read, as server-sent events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from ocrkit.errors import SourceNotFoundError
from ocrkit.server.answers import page_answer, summary
from ocrkit.server.auth import visible_job
from ocrkit.server.models import PageAnswer
from ocrkit.server.problems import Problem
from ocrkit.server.routes.routing import service_of
from ocrkit.server.waiting import changes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from ocrkit.jobs.records import Job, PageState
    from ocrkit.server.service import Service

_BEAT = 15.0
"""Seconds after which a comment is sent where nothing else is, so that no proxy takes the connection for dead."""
_END = "end"
"""Id of the last event: a browser that connects again after it is told to stay away (HTML standard, 9.2.3: 204)."""


async def events(request: Request) -> Response:
    """The events after the one that `Last-Event-ID` names, from the first where it names none."""
    service = service_of(request)
    last = request.headers.get("last-event-id") or request.query_params.get("last_event_id") or "0"
    job = await run_in_threadpool(visible_job, request, service)
    if last == _END:
        return Response(status_code=204)
    if not (last.isascii() and last.isdigit() and len(last) < 10):  # noqa: PLR2004 - more digits than pages have
        raise Problem(400, "bad_request", message="`Last-Event-ID` must be one that this stream gave.")
    if request.method == "HEAD":
        return Response(media_type="text/event-stream")
    stream = _stream(service, job, after=int(last))
    # Without the last header nginx would keep the events back until its buffer is full.
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _stream(service: Service, job: Job, *, after: int) -> AsyncIterator[str]:
    async for now in changes(service, job.id, beat=_BEAT):
        if now is None:
            yield ": still here\n\n"
            continue
        for page in await run_in_threadpool(service.jobs.pages, job.id, after_ended_as=after):
            after = page.ended_as
            answer = await run_in_threadpool(_page, service, job.id, page)
            yield _event("page", str(after), data=answer.model_dump_json())
        if now.ended:
            told = summary(now)
            yield _event(told.status, _END, data=told.model_dump_json())


def _page(service: Service, job: str, state: PageState) -> PageAnswer:
    try:
        return page_answer(service.jobs.page(job, state.number))
    except SourceNotFoundError:  # what failed for good has left nothing but its error
        return PageAnswer(
            index=state.number - 1,
            text="",
            blocks=[],
            width=1,
            height=1,
            dpi=None,
            status="failed",
            error=state.error or "The page was not read.",
            code=state.error_code or "error",
        )


def _event(name: str, identity: str, *, data: str) -> str:
    # JSON of pydantic is one line, so that one `data:` holds it.
    return f"event: {name}\nid: {identity}\ndata: {data}\n\n"

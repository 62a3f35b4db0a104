"""Questions about a job's document: checked as they will be, and answered with a plain word until they can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from ocrkit.server.auth import holder_of, job_for
from ocrkit.server.models import ChatQuestion
from ocrkit.server.problems import Problem
from ocrkit.server.routes.download import require_done
from ocrkit.server.routes.routing import service_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_LONGEST = 1 << 18
"""Bytes of a question."""


async def ask(request: Request) -> Response:
    """`POST /api/v1/chat/<uuid>/`."""
    await run_in_threadpool(_check, request)
    await _question(request)
    raise _not_yet()


async def history(request: Request) -> Response:
    """`GET /api/v1/chat/<uuid>/history/`."""
    await run_in_threadpool(_check, request)
    raise _not_yet()


def _check(request: Request) -> None:
    service = service_of(request)
    account = holder_of(request, service)
    require_done(job_for(account, service, job_id=request.path_params["uuid"]))


async def _question(request: Request) -> ChatQuestion:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST:
            raise Problem(400, "bad_request", message="The question is too long.")
    try:
        return ChatQuestion.model_validate_json(bytes(body))
    except ValidationError as error:
        message = 'Send JSON with a question: {"message": "…"}.'
        raise Problem(400, "bad_request", message=message) from error


def _not_yet() -> Problem:
    return Problem(501, "not_available", message="This server does not answer questions about documents.")

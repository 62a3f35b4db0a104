"""Questions about a job's document, and the conversation so far. Both need an account's token, and cost nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from ocrkit.errors import SourceNotFoundError
from ocrkit.server.answers import chat_answer, chat_history
from ocrkit.server.auth import holder_of, job_for
from ocrkit.server.models import ChatQuestion
from ocrkit.server.problems import Problem, no_such_job
from ocrkit.server.routes.download import require_done
from ocrkit.server.routes.jobs import json_response
from ocrkit.server.routes.routing import service_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_LONGEST = 1 << 18
"""Bytes of a question."""


async def ask(request: Request) -> Response:
    """`POST /api/v1/chat/<uuid>/`."""
    service = service_of(request)
    job = await run_in_threadpool(_job, request)
    question = (await _question(request)).message
    try:
        conversation, answer = await service.answering(lambda: service.chats.ask(job, question))
    except SourceNotFoundError as error:  # deleted between two looks
        raise no_such_job() from error
    return json_response(chat_answer(conversation, answer))


async def history(request: Request) -> Response:
    """`GET /api/v1/chat/<uuid>/history/`."""
    service = service_of(request)
    job = await run_in_threadpool(_job, request)
    conversation, messages = await run_in_threadpool(service.chats.history, job)
    return json_response(chat_history(conversation, messages))


def _job(request: Request) -> str:
    """The id of the job that the address names, if the caller may ask about it.

    Raises:
        NotAuthenticatedError: there is no token, or it is nobody's.
        Problem: there is no such job, it is another's, or not done.
    """
    service = service_of(request)
    account = holder_of(request, service)
    job = job_for(account, service, job_id=request.path_params["uuid"])
    require_done(job)
    return job.id


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

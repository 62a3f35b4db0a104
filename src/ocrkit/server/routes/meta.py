"""What the service says of itself: description, documentation, health, figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from ocrkit.errors import OcrkitError
from ocrkit.server.docs_page import POLICY, docs_html
from ocrkit.server.metrics import CONTENT_TYPE
from ocrkit.server.models import HealthAnswer
from ocrkit.server.openapi import description
from ocrkit.server.routes.jobs import json_response
from ocrkit.server.routes.routing import service_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from ocrkit.server.service import Service


async def openapi(request: Request) -> Response:
    """`GET /api/openapi.json`."""
    return Response(json.dumps(description(request.scope.get("root_path", ""))), media_type="application/json")


async def docs(request: Request) -> Response:
    """`GET /api/docs/`: the same for people, with nothing from other hosts."""
    page = docs_html(description(request.scope.get("root_path", "")), base=str(request.base_url).rstrip("/"))
    return Response(page, media_type="text/html", headers={"Content-Security-Policy": POLICY})


async def alive(_request: Request) -> Response:
    """`GET /healthz`: the process answers."""
    return json_response(HealthAnswer(status="ok"))


async def ready(request: Request) -> Response:
    """`GET /readyz`: it can take and read jobs."""
    reasons = await run_in_threadpool(_missing, service_of(request))
    if not reasons:
        return json_response(HealthAnswer(status="ok"))
    return JSONResponse(HealthAnswer(status="not ready", reasons=reasons).model_dump(), 503)


async def metrics(request: Request) -> Response:
    """`GET /metrics`."""
    service = service_of(request)
    if not service.settings.metrics:
        raise HTTPException(404)
    return Response(await run_in_threadpool(service.exposition), media_type=CONTENT_TYPE)


def _missing(service: Service) -> list[str]:
    reasons = []
    if service.stopping:
        reasons.append("The service is stopping.")
    if not service.jobs.ready():
        reasons.append("The workers are loading their engines.")
    try:
        service.jobs.job("")
    except OcrkitError as error:
        reasons.append(f"{type(error).__name__}: the database does not answer.")
    return reasons

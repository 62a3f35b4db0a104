"""What a caller has and may ask for: usage, formats, languages, tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from ocrkit.languages import LANGUAGES
from ocrkit.server.answers import usage_answer
from ocrkit.server.auth import payer_of
from ocrkit.server.models import (
    FormatAnswer,
    FormatListAnswer,
    LanguageAnswer,
    LanguageListAnswer,
    ToolAnswer,
    ToolListAnswer,
    UsageAnswer,
)
from ocrkit.server.routes.jobs import json_response
from ocrkit.server.routes.routing import service_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def usage(request: Request) -> Response:
    """`GET /api/v1/usage/`: of the token's account, or of the caller's address."""
    service = service_of(request)

    def work() -> UsageAnswer:
        return usage_answer(service.credits.usage(payer_of(request, service).id))

    return json_response(await run_in_threadpool(work))


async def formats(request: Request) -> Response:
    """`GET /api/v1/formats/`."""
    return json_response(
        FormatListAnswer(
            formats=[
                FormatAnswer(
                    name=spec.name,
                    summary=spec.summary,
                    extension=spec.extension,
                    media_type=spec.media_type,
                    needs_upload=spec.needs_source,
                )
                for spec in service_of(request).registry.exporters
            ]
        )
    )


async def languages(_request: Request) -> Response:
    """`GET /api/v1/languages/`."""
    return json_response(
        LanguageListAnswer(
            languages=[
                LanguageAnswer(code=each.code, name=each.name, script=each.script, aliases=list(each.aliases))
                for each in LANGUAGES
            ]
        )
    )


async def tools(request: Request) -> Response:
    """`GET /api/v1/tools/`."""
    specs = service_of(request).registry.tools
    return json_response(
        ToolListAnswer(
            tools=[
                ToolAnswer(
                    name=spec.name,
                    summary=spec.summary,
                    tier=spec.tier,
                    default_format=spec.format,
                    needs=list(spec.needs),
                )
                for spec in specs
            ]
        )
    )

"""One address with all its methods, so that any other method is refused with what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from starlette.exceptions import HTTPException
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from ocrkit.server.service import Service

    Handler = Callable[[Request], Awaitable[Response]]


def address(path: str, **handlers: Handler) -> Route:
    """The route of a path, with a handler for each method; `HEAD` is answered as `GET`."""
    if "GET" in handlers:
        handlers.setdefault("HEAD", handlers["GET"])
    allowed = ", ".join(sorted({*handlers, "OPTIONS"}))

    async def endpoint(request: Request) -> Response:
        handler = handlers.get(request.method)
        if handler is None:
            raise HTTPException(405, headers={"Allow": allowed})
        return await handler(request)

    route = Route(path, endpoint)
    route.methods = None  # Starlette's word for all of them
    return route


def service_of(request: Request) -> Service:
    """The service that this request came to."""
    return cast("Service", request.app.state.service)

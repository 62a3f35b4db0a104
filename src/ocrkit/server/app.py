"""The Starlette application: routes, errors, layers. Everything else is in `Service`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from ocrkit.errors import OcrkitError
from ocrkit.server.middleware import Around
from ocrkit.server.problems import Problem, on_http_exception, on_ocrkit_error, on_problem
from ocrkit.server.routes.table import routes
from ocrkit.server.service import Service
from ocrkit.server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

_CLIENT_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID")
_SERVER_HEADERS = (
    "Content-Disposition",
    "Retry-After",
    *(f"X-RateLimit-{name}" for name in ("Limit", "Remaining", "Reset")),
    *(f"X-Credits-{name}" for name in ("Bucket", "Used", "Cap", "Remaining")),
)


def create_app(settings: Settings | None = None) -> Starlette:
    """The service as an application, on its own or mounted under a prefix of another.

    It starts with its lifespan; mounted apps get none, and then it starts with the first request. Two in one process
    share nothing but what their settings name.

    Args:
        settings: default those of `Settings.load()`.

    Raises:
        OptionError: the settings cannot be read.
    """
    service = Service(settings or Settings.load())
    app = Starlette(
        routes=routes(),
        middleware=[Middleware(Around, service=service), *_cross_origin(service.settings.cors_origins)],
        exception_handlers={HTTPException: on_http_exception, OcrkitError: on_ocrkit_error, Problem: on_problem},
        lifespan=service.lifespan,
    )
    app.router.redirect_slashes = False
    app.state.service = service
    return app


def _cross_origin(origins: Sequence[str]) -> list[Middleware]:
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=_CLIENT_HEADERS,
            expose_headers=_SERVER_HEADERS,
        )
    ]

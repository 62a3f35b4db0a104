"""What happens around every request: start, headers, errors that nobody foresaw, the log line, the figures."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect

from ocrkit.errors import OcrkitError
from ocrkit.server.client import client_address
from ocrkit.server.logs import access
from ocrkit.server.problems import response_to, unforeseen

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ocrkit.server.service import Service

logger = logging.getLogger(__name__)

API = "/api/"

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # `?api_token=` stands in addresses: no other site is to be told where a click came from.
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""On every answer that does not say otherwise."""

_OTHER = "other"


class Around:
    """The outermost layer. Nothing leaves it but an answer."""

    def __init__(self, app: ASGIApp, *, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = _with_slash(scope)
        scope.setdefault("state", {})
        started = time.perf_counter()
        told = _Told(scope, send, cross_origin=bool(self._service.settings.cors_origins))
        try:
            if not self._service.started and not self._service.stopping:
                await run_in_threadpool(self._service.start)
            await self._app(scope, receive, told)
        except ClientDisconnect:
            told.status = told.status or 499  # nginx' word for a caller who went away; nobody sees it but the log
        except OcrkitError as error:
            await told.finish(response_to(error), receive)
        except Exception:
            logger.exception("An error that nobody foresaw")
            await told.finish(unforeseen(), receive)
        except asyncio.CancelledError:
            told.status = told.status or 499
            raise
        finally:
            self._note(scope, told.status, seconds=time.perf_counter() - started)

    def _note(self, scope: Scope, status: int, *, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", _OTHER)
        method = scope["method"] if scope["method"] in {"GET", "POST", "HEAD", "DELETE", "OPTIONS"} else _OTHER
        self._service.metrics.count(route, method, status=status, seconds=seconds)
        # Quoted, since a path may hold line breaks; the query stays out, since it may hold a token.
        path = quote(scope["path"], safe="/~")
        peer = scope["client"][0] if scope.get("client") else None
        caller = client_address(peer, Headers(scope=scope), trusted=self._service.settings.trusted_proxies)
        access.info("%s %s %d %.1f ms %s", method, path, status, 1000 * seconds, caller)


class _Told:
    """Passes an answer on, with the headers that every one has."""

    def __init__(self, scope: Scope, send: Send, *, cross_origin: bool) -> None:
        self.status = 0
        self._scope = scope
        self._send = send
        self._cross_origin = cross_origin

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if self._cross_origin:
                headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            rate = self._scope["state"].get("rate")
            if rate is not None:
                headers.update(rate.headers())
        await self._send(message)

    async def finish(self, response: ASGIApp, receive: Receive) -> None:
        """Sends this answer unless another has begun; then the connection is left to break off, for all to see."""
        if self.status:
            raise ConnectionAbortedError("The answer broke off.")
        await response(self._scope, receive, self)


def _with_slash(scope: Scope) -> Scope:
    """The scope with the slash that every address of the API ends in; a redirect would repeat the query's token."""
    path: str = scope["path"]
    inner = path.removeprefix(scope.get("root_path", ""))
    if not inner.startswith(API) or inner.endswith("/") or inner == "/api/openapi.json":
        return dict(scope)
    return {**scope, "path": f"{path}/", "raw_path": scope.get("raw_path", path.encode()) + b"/"}

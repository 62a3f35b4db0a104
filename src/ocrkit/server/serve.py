"""Runs the application under uvicorn: our log, our errors for what is no HTTP, a stop within ten seconds."""

from __future__ import annotations

import ctypes
import json
import logging.config
import sys
from typing import TYPE_CHECKING

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ocrkit.server.app import create_app
from ocrkit.server.logs import log_config

if TYPE_CHECKING:
    import asyncio
    from types import FrameType

    from ocrkit.server.service import Service
    from ocrkit.server.settings import Settings

_OPEN_SECONDS = 2
"""For answers that are being sent when the server stops; the service needs the rest of ten seconds for its pages."""
_HEADER_BYTES = 64 << 10
"""Of the request line and all headers."""
HEADER_SECONDS = 10.0
"""For these, from the connection or the first of their bytes on; uvicorn itself would wait for ever."""

_M_ARENA_MAX = -8
"""From glibc's <malloc.h>."""
_ARENAS = 2


class _Protocol(H11Protocol):
    """HTTP/1.1 whose refusals are JSON too, and that hangs up on those who never come to what they want."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to wait for a request."""
        super().connection_made(transport)
        self._await_headers()

    def data_received(self, data: bytes) -> None:
        """Waits on where there is no whole request yet."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._await_headers()
        else:
            self._await_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits no more."""
        self._await_no_more()
        super().connection_lost(exc)

    def _await_headers(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(HEADER_SECONDS, self.transport.close)

    def _await_no_more(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def send_400_response(self, msg: str) -> None:
        """Answers what is no HTTP."""
        body = json.dumps({"error": msg, "code": "bad_request"}).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Connection", "close")]
        for event in (h11.Response(status_code=400, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


class _Server(uvicorn.Server):
    """Tells the service at the first signal, so that those who wait in it go before the connections are counted."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begins to stop; a second signal lets open answers break off.

        uvicorn's own would have the signal end the process once more at the end, and so an orderly stop look like none.
        """
        del sig, frame
        self._service.begin_stop()
        self.force_exit = self.should_exit
        self.should_exit = True


def serve(settings: Settings, *, log_level: str = "info") -> None:
    """Serves until SIGINT or SIGTERM.

    Raises:
        OcrkitError: it cannot start.
    """
    logging.config.dictConfig(log_config(log_level))
    _share_memory()
    app = create_app(settings)
    service: Service = app.state.service
    service.start()
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=_Protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # it would hold the query, and so tokens
        server_header=False,
        proxy_headers=False,  # whom to trust is a setting of ours
        h11_max_incomplete_event_size=_HEADER_BYTES,
        timeout_graceful_shutdown=_OPEN_SECONDS,
    )
    try:
        _Server(config, service).run()
    finally:
        service.stop()


def _share_memory() -> None:
    """Has all threads take memory from the same few places.

    glibc gives each thread one of its own, up to eight a core, and each keeps what it once needed: a server of many
    threads grows for an hour, though it holds nothing.
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_M_ARENA_MAX, _ARENAS)

"""Where webhooks may lead, and that no receiver keeps the messages of others waiting."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from ocrkit.database.tables import webhook_deliveries
from ocrkit.errors import ForbiddenAddressError
from ocrkit.jobs import webhooks
from ocrkit.jobs.webhooks import resolve

from .conftest import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .conftest import Service

    Serve = Callable[..., Service]


INSIDE = [
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.0.1",
    "192.88.99.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001:db8::1",
    "2001:0:0a00:1::",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
INTERNET = ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"]
# As names these are no addresses, and the system's resolver takes them for one all the same.
DISGUISED = ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost"]


@pytest.mark.parametrize("host", INSIDE + DISGUISED)
def test_an_address_that_is_not_of_the_internet_is_refused(host: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        resolve(host, 80, allow_private=False)


@pytest.mark.parametrize("host", INTERNET)
def test_an_address_of_the_internet_is_taken(host: str) -> None:
    assert resolve(host, 443, allow_private=False)


def test_a_redirect_is_not_followed(serve: Serve) -> None:
    heard: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.path)
            self.send_response(307)
            self.send_header("Location", "/inside")
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - what a followed redirect might come as

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Elsewhere) as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        service = serve(sign=lambda _account, _message: "v1,none", private_webhooks=True)
        service.ended(service.submit(1, webhook_url=f"http://127.0.0.1:{receiver.server_port}/hook"))
        wait_for(lambda: _last_errors(service) == ["The answer was 307."], within=10)
        receiver.shutdown()
    assert heard == ["/hook"]


def test_receivers_that_answer_a_byte_at_a_time_hold_up_nobody(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "SECONDS", 1.0)
    service = serve(sign=lambda _account, _message: "v1,none", private_webhooks=True)
    with _dripping() as url:
        for _ in range(5):
            service.ended(service.submit(1, webhook_url=url))
        wait_for(lambda: len(_last_errors(service)) == 5, within=15)
    assert all(error.startswith("TimeoutError") for error in _last_errors(service))


@contextmanager
def _dripping() -> Iterator[str]:
    """The address of a receiver whose answers begin and never end, though something of them always comes."""
    ended = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not ended.is_set():
                connection.sendall(b"x")
                time.sleep(0.1)

    def listen() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=drip, args=(listening.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=50) as listening:
        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
        ended.set()


def _last_errors(service: Service) -> list[str]:
    errors = select(webhook_deliveries.c.last_error).where(webhook_deliveries.c.last_error.is_not(None))
    with service.database.read() as connection:
        return [str(error) for error in connection.scalars(errors)]

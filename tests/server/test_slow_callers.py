"""Callers who connect and never come to the point hold neither a connection nor memory for ever."""

from __future__ import annotations

import json
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from ocrkit.server import uploads
from ocrkit.server.app import create_app
from ocrkit.server.serve import HEADER_SECONDS
from ocrkit.server.settings import Settings

from .test_life import hosted

if TYPE_CHECKING:
    from pathlib import Path

    from .running import Running


def connected(url: str) -> socket.socket:
    place = urlsplit(url)
    assert place.hostname
    assert place.port
    return socket.create_connection((place.hostname, place.port), timeout=30)


@pytest.mark.slow
@pytest.mark.parametrize(
    "sent", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\n", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /"]
)
def test_who_never_ends_a_request_is_hung_up_on(server: Running, sent: bytes) -> None:
    with connected(server.url) as caller:
        started = time.monotonic()
        caller.sendall(sent)
        answer = b""
        while came := caller.recv(65536):
            answer += came
        assert (b"200 OK" in answer) == (b"\r\n\r\n" in sent)
        assert time.monotonic() - started < HEADER_SECONDS + 2


@pytest.mark.slow
def test_a_request_in_two_pieces_and_one_after_it_are_answered(server: Running) -> None:
    with connected(server.url) as caller:
        for _ in range(2):
            caller.sendall(b"GET /healthz HTTP/1.1\r\nHost: x")
            time.sleep(2)
            caller.sendall(b"\r\n\r\n")
            answer = b""
            while b'"status"' not in answer:
                came = caller.recv(65536)
                assert came, answer
                answer += came
            assert b"200 OK" in answer


def test_an_upload_that_stops_is_refused_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_PAUSE_SECONDS", 0.5)
    app = create_app(Settings.load(environ={}, data=tmp_path, workers=1, cpu_engine="ppocr"))
    with hosted(app, lifespan="on") as url, connected(url) as caller:
        caller.sendall(
            b"POST /api/v1/ocr/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nbegun'
        )
        answer = b""
        while came := caller.recv(65536):
            answer += came
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["code"] == "upload_stalled"
    assert not list((tmp_path / "blobs").rglob("upload*"))

"""A model's endpoint to test against: real HTTP on this machine, with the answers and the failures that a test writes.

Knows the shape of the OpenAI API; knows no model and no client.
"""

from __future__ import annotations

import json
import math
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self, TypeAlias

if TYPE_CHECKING:
    from types import TracebackType

CHAT = "/v1/chat/completions"
MODELS = "/v1/models"
HEALTH = "/health"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the endpoint answers.

    Attributes:
        status: of HTTP.
        body: JSON value, or text or bytes as they are.
        headers: beside those of the body.
        delay: seconds before the first byte.
        reset_after: bytes of the body after which the connection is reset; `None` for never.
        trickle: seconds between two bytes of the body; 0 sends it at once.
    """

    status: int = 200
    body: object = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    reset_after: int | None = None
    trickle: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came.

    Attributes:
        path: of the URL.
        headers: by name in lower case.
        body: its JSON; `None` for a GET.
        number: of this request among those of its path, from 1.
    """

    path: str
    headers: Mapping[str, str]
    body: Any
    number: int

    @property
    def prompt(self) -> str:
        """The text of the last message."""
        content = self.body["messages"][-1]["content"]
        if isinstance(content, str):
            return content
        return "".join(part["text"] for part in content if part["type"] == "text")


Script: TypeAlias = Callable[[Asked], Reply] | Sequence[Reply | str]
"""What gives the replies to questions: a function, or replies in order, of which the last is repeated; a text stands
for the completion that says it."""


def completion(
    text: str, *, finish: str = "stop", probability: float | None = None, usage: bool = True, model: str = "test-model"
) -> Reply:
    """A reply as vLLM and llama-server give it.

    Args:
        text: what the model says.
        finish: why it ended: `stop` or `length`.
        probability: of each token; `None` for an answer without logprobs.
        usage: whether it tells its tokens.
        model: the model's name.
    """
    tokens = re.findall(r"\s?\w{1,6}|\s?[^\w\s]{1,3}|\s+", text)
    choice: dict[str, Any] = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": finish,
        "logprobs": None,
    }
    if probability is not None:
        choice["logprobs"] = {"content": [token_logprob(token, probability) for token in tokens]}
    body: dict[str, Any] = {"id": "chatcmpl-1", "object": "chat.completion", "model": model, "choices": [choice]}
    if usage:
        body["usage"] = {"prompt_tokens": 100, "completion_tokens": len(tokens), "total_tokens": 100 + len(tokens)}
    return Reply(body=body)


def token_logprob(token: str | bytes, probability: float) -> dict[str, Any]:
    """One token of `logprobs.content`; part of a character, given as bytes, has no text, as with llama-server."""
    spelt, raw = ("", token) if isinstance(token, bytes) else (token, token.encode())
    return {"token": spelt, "bytes": list(raw), "logprob": math.log(probability), "top_logprobs": []}


class FakeEndpoint:
    """An OpenAI-compatible endpoint on a free port of the loopback; a context manager.

        with FakeEndpoint(["Hello."]) as server:
            endpoint = Endpoint(EndpointSettings(url=server.url))

    Args:
        script: what it answers to questions.
        models: ids that it lists.
        key: what it wants as bearer token; empty for nothing.
        loading: how many times its health page says that it is loading; until then questions are answered with 503.
    """

    def __init__(
        self,
        script: Script = ("",),
        *,
        models: Sequence[str] = ("test-model",),
        key: str = "",
        loading: int = 0,
    ) -> None:
        self.script = script
        self.models = models
        self.key = key
        self.loading = loading
        self.requests: list[Asked] = []
        self.peak = 0
        self._now = 0
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Base of its API."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def asked(self) -> list[Asked]:
        """The questions that came, in order."""
        return [request for request in self.requests if request.path == CHAT]

    def reply_to(self, path: str, headers: Mapping[str, str], body: Any) -> Reply:
        """The reply, once the request is noted."""
        with self._lock:
            number = 1 + sum(request.path == path for request in self.requests)
            asked = Asked(path, headers, body, number)
            self.requests.append(asked)
            if path == HEALTH:
                self.loading -= 1
                return Reply(503 if self.loading >= 0 else 200)
            if self.key and headers.get("authorization") != f"Bearer {self.key}":
                return Reply(401, {"error": {"message": f"Bad key {headers.get('authorization')}"}})
            if self.loading > 0:
                return Reply(503, {"error": {"message": "Loading model", "code": 503}})
        if path == MODELS:
            return Reply(body={"object": "list", "data": [{"id": name, "object": "model"} for name in self.models]})
        return self._scripted(asked) if path == CHAT else Reply(404, {"error": {"message": "not found"}})

    def count(self, change: int) -> None:
        """Notes that a question begins or ends."""
        with self._lock:
            self._now += change
            self.peak = max(self.peak, self._now)

    def _scripted(self, asked: Asked) -> Reply:
        if callable(self.script):
            return self.script(asked)
        reply = self.script[min(asked.number, len(self.script)) - 1]
        return completion(reply, model=self.models[0]) if isinstance(reply, str) else reply


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """Answers a GET."""
        self._answer(None)

    def do_POST(self) -> None:
        """Answers a POST."""
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.endpoint.count(1)
        try:
            self._answer(json.loads(body))
        finally:
            self.server.endpoint.count(-1)

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _answer(self, body: Any) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.endpoint.reply_to(self.path, headers, body)
        time.sleep(reply.delay)
        try:
            self._send(reply, _encoded(reply.body))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client went, as some tests have it do

    def _send(self, reply: Reply, content: bytes) -> None:
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if reply.reset_after is not None:
            self.wfile.write(content[: reply.reset_after])
            self.wfile.flush()
            # With a linger of no seconds, closing resets the connection (socket(7), SO_LINGER).
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return
        for byte in content if reply.trickle else ():
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(reply.trickle)
        if not reply.trickle:
            self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    """Listens on a free port; its connections end with the process."""

    daemon_threads = True

    def __init__(self, endpoint: FakeEndpoint) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.endpoint = endpoint


def _encoded(body: object) -> bytes:
    if isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()

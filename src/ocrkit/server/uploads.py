"""Takes a multipart body in as it arrives: the file to a blob, the fields to memory, every limit held byte by byte."""

from __future__ import annotations

import asyncio
import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from ocrkit.errors import FileTooLargeError, OcrkitError
from ocrkit.server.problems import Problem

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from python_multipart.multipart import MultipartCallbacks
    from starlette.requests import Request

    from ocrkit.jobs.blobs import Blobs

MAX_FIELDS = 40
"""Parts of a form, the file among them."""
MAX_FIELD_BYTES = 64 << 10
"""Bytes of a field that is not the file."""
_FORM_BYTES = MAX_FIELDS * MAX_FIELD_BYTES
"""What fields, boundaries and headers may add to the file."""
_FLUSH = 1 << 20
"""Bytes kept in memory before they go to the store: it is called that seldom."""
_DRAIN_SECONDS = 30.0
"""How long the rest of a refused body is read and thrown away: a client that is still sending would not see the
answer, since a connection closed over unread bytes is reset (RFC 9112, section 9.6)."""

_PAUSE_SECONDS = 60.0
"""Between two pieces of a body: who stops sending and stays would else hold its part of the memory for ever."""

_STALLED = "upload_stalled"
_FILE = "file"
_NO_FILE = "Send the file as multipart/form-data in the field `file`."


@dataclass(frozen=True, slots=True)
class Upload:
    """A form that came in.

    Attributes:
        filename: as the client gave it.
        size: bytes.
        fields: the other fields; of one given twice, the last.
        digest: 64 hex digits over file, its name and the fields: equal for equal payloads.
    """

    filename: str
    size: int
    fields: dict[str, str]
    digest: str


@dataclass
class _Part:
    name: str = ""
    filename: str = ""
    is_file: bool = False
    value: bytearray = field(default_factory=bytearray)


class _Form:
    """What the parser has told so far; its callbacks run on the event loop and only move bytes."""

    def __init__(self, boundary: bytes, *, max_bytes: int) -> None:
        self.fields: dict[str, str] = {}
        self.filename = ""
        self.size = 0
        self.files = 0
        self.finished = False
        self.pending = bytearray()
        self._max_bytes = max_bytes
        self._fed = 0
        self._parts = 0
        self._part = _Part()
        self._header = [bytearray(), bytearray()]
        callbacks: MultipartCallbacks = {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }
        try:
            self._parser = MultipartParser(boundary, callbacks)
        except FormParserError as error:
            raise _bad_form("The form is broken.") from error

    def feed(self, chunk: bytes) -> None:
        """Takes the next bytes of the body.

        Raises:
            FileTooLargeError: the file has more than its limit.
            Problem: the form is broken, or has too much in it.
        """
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise _bad_form("The form is broken.") from error
        # Whatever else it is: headers, what stands before the first part and behind the last, which no other limit has.
        self._fed += len(chunk)
        if self._fed - self.size > _FORM_BYTES:
            raise _bad_form("The form has too much beside its file.")

    def taken(self) -> bytes:
        """The bytes of the file that have come since the last call."""
        taken, self.pending = bytes(self.pending), bytearray()
        return taken

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MAX_FIELDS:
            raise _bad_form(f"The form has more than {MAX_FIELDS} fields.")
        self._part = _Part()

    def _end_header(self) -> None:
        name, value = (bytes(part) for part in self._header)
        self._header = [bytearray(), bytearray()]
        if name.strip().lower() != b"content-disposition":
            return
        _, options = parse_options_header(value)
        self._part.name = _text(options.get(b"name", b""))
        self._part.filename = _text(options.get(b"filename", b""))

    def _end_headers(self) -> None:
        self._part.is_file = self._part.name == _FILE
        if self._part.is_file:
            self.files += 1
            self.filename = self._part.filename
            if self.files > 1:
                raise Problem(400, "one_file", message="Send one file at a time.")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if not self._part.is_file:
            self._part.value += data[start:end]
            if len(self._part.value) > MAX_FIELD_BYTES:
                raise _bad_form(f"The field {self._part.name[:40]!r} has more than {MAX_FIELD_BYTES} bytes.")
            return
        self.size += end - start
        if self.size > self._max_bytes:
            raise too_large(self._max_bytes)
        self.pending += data[start:end]

    def _end(self) -> None:
        if not self._part.is_file:
            self.fields[self._part.name] = _text(bytes(self._part.value))

    def _finish(self) -> None:
        self.finished = True


async def received(request: Request, blobs: Blobs, key: str, *, max_bytes: int) -> Upload:
    """Streams the file of a form into a blob, which is there whole when this returns, and not at all if it fails.

    Raises:
        FileTooLargeError: the file has more than `max_bytes`.
        Problem: there is no file, or the form is broken.
        StorageError: the store is full or cannot be reached.
    """
    boundary = _boundary(request)
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > max_bytes + _FORM_BYTES:
        await _drain(request)
        raise too_large(max_bytes)
    form, digest = _Form(boundary, max_bytes=max_bytes), hashlib.sha256()
    refusals: list[OcrkitError | Problem | ClientDisconnect] = []

    async def chunks() -> AsyncIterator[bytes]:
        try:
            async for chunk in _file(request, form):
                digest.update(chunk)  # a millisecond at most, of which a thread would save nothing
                yield chunk
        except (OcrkitError, Problem, ClientDisconnect) as error:
            refusals.append(error)  # the store passes it on as an error of its own
            raise

    try:
        await blobs.put_stream(key, chunks())
    except (OcrkitError, Problem, ClientDisconnect) as error:
        refused = refusals[0] if refusals else error
        if not isinstance(refused, ClientDisconnect) and getattr(refused, "code", "") != _STALLED:
            await _drain(request)
        raise refused from None
    digest.update(json.dumps([form.filename, sorted(form.fields.items())]).encode())
    return Upload(form.filename or _FILE, form.size, fields=form.fields, digest=digest.hexdigest())


async def _file(request: Request, form: _Form) -> AsyncIterator[bytes]:
    """The bytes of the file as they come, in pieces of some size; ends when the whole form was sound."""
    stream = request.stream()
    while (chunk := await _next(stream)) is not None:
        form.feed(chunk)
        if len(form.pending) >= _FLUSH:
            yield form.taken()
    if not form.finished:
        raise _bad_form("The form ends too soon.")
    if not form.files or not (form.size or form.filename):
        raise Problem(400, "no_file", message=_NO_FILE)
    yield form.taken()


async def _next(stream: AsyncGenerator[bytes, None]) -> bytes | None:
    """The next piece of a body; `None` after the last."""
    try:
        async with asyncio.timeout(_PAUSE_SECONDS):
            return await anext(stream, None)
    except TimeoutError as error:
        raise Problem(400, _STALLED, message="The upload has stopped before its end.") from error


def too_large(limit: int) -> FileTooLargeError:
    """What is said of a file over the limit."""
    return FileTooLargeError(f"The file has more than {limit} bytes.")


async def _drain(request: Request) -> None:
    """Reads what a client still sends, for a while, so that it sees why it was refused."""
    if request.headers.get("expect", "").lower() == "100-continue":
        return  # it waits for our word before it sends anything
    with suppress(TimeoutError, RuntimeError):  # RuntimeError: Starlette's for a body that was read to its end
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in request.stream():
                pass


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise Problem(400, "no_file", message=_NO_FILE)
    return options[b"boundary"]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _bad_form(message: str) -> Problem:
    return Problem(400, "bad_form", message=message)

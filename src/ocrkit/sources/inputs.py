"""Takes hold of what the caller passed: a path stays a path, bytes and streams become bytes within the limit.

Knows neither formats nor decoders.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from ocrkit.errors import FileTooLargeError, SourceNotFoundError, UnsupportedFormatError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

    from ocrkit.sources.limits import Limits

SourceInput: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO | Image.Image | NDArray[Any]"
)
"""What can be opened; the string `-` is standard input."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of an input: in a file, or in memory where `path` is `None`."""

    name: str
    path: Path | None = None
    data: bytes = b""

    def head(self, size: int) -> bytes:
        """The first `size` bytes, fewer where there are no more.

        Raises:
            SourceNotFoundError: the file is gone or cannot be read.
        """
        if self.path is None:
            return self.data[:size]
        try:
            with self.path.open("rb") as file:
                return file.read(size)
        except OSError as error:
            raise _unreadable(str(self.path), error) from error

    def read(self) -> bytes:
        """All bytes.

        Raises:
            SourceNotFoundError: the file is gone or cannot be read.
        """
        return self.head(-1) if self.path is not None else self.data

    def open(self) -> BinaryIO:
        """A stream over the bytes, at its start; the caller closes it.

        Raises:
            SourceNotFoundError: the file is gone or cannot be read.
        """
        if self.path is None:
            return io.BytesIO(self.data)
        try:
            return self.path.open("rb")
        except OSError as error:
            raise _unreadable(str(self.path), error) from error


def content_of(source: object, *, name: str | None, limits: Limits) -> Content:
    """The content of a path, of bytes, of a binary stream or, for `-`, of standard input.

    Raises:
        SourceNotFoundError: the path does not exist or cannot be read.
        FileTooLargeError: there are more bytes than `limits` allow; a stream is read no further.
        UnsupportedFormatError: `source` is of no type that can be opened.
    """
    if source == "-":
        return Content(name or "stdin", data=_drained(sys.stdin.buffer, limits))
    if isinstance(source, str | os.PathLike):
        return _of_path(os.fspath(source), name, limits)
    if isinstance(source, bytes | bytearray | memoryview):
        _check_size(memoryview(source).nbytes, limits)
        return Content(name or "input", data=bytes(source))
    if hasattr(source, "read"):
        own = getattr(source, "name", None)
        own = Path(own).name if isinstance(own, str) else "input"
        return Content(name or own, data=_drained(source, limits))
    raise UnsupportedFormatError(
        f"An object of type {type(source).__name__} cannot be opened.",
        hint="Pass a path, bytes, a binary stream, a PIL image or a numpy array.",
    )


def is_pil_image(source: object) -> bool:
    """Whether it is a PIL image; does not import PIL, which must be loaded where such an image exists."""
    return _is_a(source, "PIL.Image", "Image")


def is_array(source: object) -> bool:
    """Whether it is a numpy array; does not import numpy."""
    return _is_a(source, "numpy", "ndarray")


def _is_a(value: object, module: str, name: str) -> bool:
    kind = getattr(sys.modules.get(module), name, None)
    return kind is not None and isinstance(value, kind)


def _of_path(text: str, name: str | None, limits: Limits) -> Content:
    path = Path(text)
    try:
        found = path.stat()
        if stat.S_ISREG(found.st_mode):
            _check_size(found.st_size, limits)
            return Content(name or path.name, path=path)
        # A pipe or a device can be read once, and says nothing of its size.
        with path.open("rb") as stream:
            return Content(name or path.name, data=_drained(stream, limits))
    except (OSError, ValueError) as error:
        raise _unreadable(text, error) from error


def _drained(stream: Any, limits: Limits) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := stream.read(_CHUNK):
        if not isinstance(chunk, bytes | bytearray):
            raise UnsupportedFormatError("The stream yields text, not bytes.", hint="Open the file in mode 'rb'.")
        size += len(chunk)
        _check_size(size, limits)
        parts.append(bytes(chunk))
    return b"".join(parts)


def _check_size(size: int, limits: Limits) -> None:
    if size > limits.max_bytes:
        raise FileTooLargeError(
            f"The input has more than {limits.max_bytes} bytes.",
            hint="Split it, or raise max_bytes if you trust the file.",
        )


def _unreadable(path: str, error: Exception) -> SourceNotFoundError:
    reason = getattr(error, "strerror", None) or str(error)
    return SourceNotFoundError(f"{path!r} cannot be read: {reason}.", hint="Check the path and its permissions.")

"""Opens inputs: path, bytes, stream, PIL image, numpy array or `-` become pages, one at a time.

The only room that opens input files. What an input is, is told by its content, never by its name. The
modules that read formats load numpy, Pillow and PyMuPDF, and are imported when the first such input comes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from ocrkit.sources.detect import HEAD, PDF, media_type_of
from ocrkit.sources.inputs import SourceInput, content_of, is_array, is_pil_image
from ocrkit.sources.limits import Limits
from ocrkit.sources.pages import parse_pages
from ocrkit.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DEFAULT_DPI", "Limits", "Source", "SourceInput", "open_source", "parse_pages"]

DEFAULT_DPI = 200.0
"""Pixels an inch at which PDF pages become images: recognition gains nothing from 150 upwards on 8 to 11 point
type, and smaller type is met in practice."""

_READERS = {
    "pdf": "ocrkit.sources.pdf:PdfSource",
    "image": "ocrkit.sources.images:ImageSource",
    "array": "ocrkit.sources.memory:open_array",
    "pil": "ocrkit.sources.memory:open_pil",
}


def open_source(
    source: SourceInput,
    *,
    password: str | None = None,
    limits: Limits | None = None,
    dpi: float = DEFAULT_DPI,
    name: str | None = None,
) -> Source:
    """The input, opened; close it, or use it as a context manager.

    Args:
        source: path, bytes, binary stream, PIL image, numpy array (height × width, or × 1 to 4 channels in
            the order grey, RGB, alpha last), or `-` for standard input.
        password: opens an encrypted PDF; ignored where none is needed.
        limits: what the input may cost; the defaults of `Limits` where not given.
        dpi: pixels an inch at which PDF pages are rendered; pictures keep their own pixels.
        name: shown instead of the file's own name.

    Raises:
        SourceNotFoundError: the path does not exist or cannot be read.
        EmptySourceError: the input has no bytes or no pages.
        UnsupportedFormatError: it is of a kind that ocrkit does not read.
        CorruptSourceError: it is broken beyond reading.
        PasswordRequiredError: it is encrypted, and no password was given.
        WrongPasswordError: the password does not open it.
        LimitError: it is larger than `limits` allow.
    """
    limits = limits or Limits()
    if is_pil_image(source):
        return _reader("pil")(source, name=name, limits=limits)
    if is_array(source):
        return _reader("array")(source, name=name, limits=limits)
    content = content_of(source, name=name, limits=limits)
    media_type = media_type_of(content.head(HEAD))
    if media_type == PDF:
        return _reader("pdf")(content, password=password, limits=limits, dpi=dpi)
    return _reader("image")(content, media_type=media_type, limits=limits)


def _reader(kind: str) -> Callable[..., Source]:
    module, _, attribute = _READERS[kind].partition(":")
    return cast("Callable[..., Source]", getattr(import_module(module), attribute))

"""Reads PDF files, through PyMuPDF; with `pdf_text` and `pdf_scan` the only module that does.

MuPDF is not thread-safe, and PyMuPDF runs it in its single-threaded mode with one store of fonts and pictures for
the whole process; so not only one document but all of them share one lock here. Work in parallel belongs into
processes. A page is loaded anew for each thing asked of it, and nothing of it is kept.
"""

from __future__ import annotations

import math
import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from ocrkit.errors import (
    CorruptSourceError,
    EmptySourceError,
    OcrkitError,
    PageTooLargeError,
    PasswordRequiredError,
    TooManyPagesError,
    WrongPasswordError,
)
from ocrkit.raster import PageImage
from ocrkit.sources.detect import PDF
from ocrkit.sources.mupdf import pymupdf
from ocrkit.sources.pdf_scan import scan_of
from ocrkit.sources.pdf_text import text_layer_of
from ocrkit.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.raster import Pixels, TextLayer
    from ocrkit.sources.inputs import Content
    from ocrkit.sources.limits import Limits

# Older PyMuPDF tells standard error of every repair MuPDF makes; failures reach us as exceptions all the same.
pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)

_MUPDF = threading.RLock()
_METADATA = ("title", "author", "subject", "keywords", "creator", "producer", "creationDate", "modDate")
_PAGES_PER_OPENING = 100
"""Pages after which the document is opened anew: MuPDF keeps every object it has parsed until then."""


class PdfSource(Source):
    """A PDF file."""

    def __init__(self, content: Content, *, password: str | None, limits: Limits, dpi: float) -> None:
        super().__init__(content, media_type=PDF)
        self._limits = limits
        self._dpi = dpi
        self._uses = 0
        self._closed = False
        self.password = password
        with _MUPDF:
            self._document = self._opened()
            self.page_count = self._counted()
            said = self._document.metadata or {}
            if not said.get("encryption"):
                self.password = None
            self.metadata = {key: text for key in _METADATA if (text := _printable(said.get(key)))}

    def close(self) -> None:
        """Closes the file; a second call does nothing."""
        with _MUPDF:
            if not self._closed:
                self._closed = True
                self._document.close()

    def _opened(self) -> Any:
        content = self._content
        try:
            document = (
                pymupdf.open(content.path, filetype="pdf")
                if content.path is not None
                else pymupdf.open(stream=content.data, filetype="pdf")
            )
        except Exception as error:
            raise CorruptSourceError(
                f"{self.name!r} cannot be opened as PDF: {_reason(error)}.",
                hint="Check that the file is complete; open and save it anew in a PDF program.",
            ) from error
        if document.needs_pass and not (self.password and document.authenticate(self.password)):
            document.close()
            if self.password:
                raise WrongPasswordError(f"The password does not open {self.name!r}.", hint="Check the password.")
            raise PasswordRequiredError(f"{self.name!r} is encrypted.", hint="Pass its password.")
        return document

    def _counted(self) -> int:
        try:
            count: int = self._document.page_count
        except Exception as error:
            raise CorruptSourceError(
                f"The pages of {self.name!r} cannot be counted: {_reason(error)}.",
                hint="Open and save the file anew in a PDF program.",
            ) from error
        if count > self._limits.max_pages:
            raise TooManyPagesError(
                f"The input has {count} pages; the limit is {self._limits.max_pages}.",
                hint="Split it, or raise max_pages if you trust the file.",
            )
        if count < 1:
            raise EmptySourceError("The PDF has no pages.", hint="Check that the file is complete.")
        return count

    def _page(self, number: int) -> PageImage:
        with self._loaded(number) as page:
            zoom, width, height = _frame(page.rect, self._dpi / 72.0, self._limits.max_pixels)
        return PageImage(
            number=number,
            width=width,
            height=height,
            dpi=zoom * 72.0,
            load=lambda scale: self._pixels(number, zoom, scale),
            text_layer=lambda: self._text_layer(number, zoom, (width, height)),
        )

    def _pixels(self, number: int, zoom: float, scale: float) -> Pixels:
        with self._loaded(number) as page:
            drawn = self._pictures(page, number)
            width, height = _size(page.rect, zoom * scale)
            scan = scan_of(page, drawn)
            pixels = None if scan is None else scan.pixels(width, height, exact=scale >= 1.0)
            return _rendered(page, zoom * scale) if pixels is None else pixels

    def _text_layer(self, number: int, zoom: float, size: tuple[int, int]) -> TextLayer:
        with self._loaded(number) as page:
            return text_layer_of(page, zoom=zoom, size=size)

    def _pictures(self, page: Any, number: int) -> list[dict[str, Any]]:
        """The pictures drawn on the page, none of them decoded, each of a size that may be."""
        drawn: list[dict[str, Any]] = page.get_image_info()
        if not drawn:
            return drawn
        is_jpx = any(entry[8] == "JPXDecode" for entry in page.get_images(full=True))
        for picture in drawn:
            # MuPDF unpacks one-bit pictures (fax, JBIG2) as it scales them down, and holds JPEG 2000 in 32-bit
            # samples; so pixels of the one count an eighth, those of the other twice.
            weight = min(picture["bpc"], 8) / 8 * (2 if is_jpx else 1)
            self._limits.check_pixels(
                picture["width"], picture["height"], what=f"A picture on page {number}", weight=weight
            )
        return drawn

    @contextmanager
    def _loaded(self, number: int) -> Iterator[Any]:
        """The page, under the lock; what MuPDF raises over it is a `CorruptSourceError`."""
        with _MUPDF:
            if self._closed:
                raise CorruptSourceError(
                    f"{self.name!r} is closed.", hint="Read the pages before you close the source."
                )
            self._renew()
            try:
                yield self._document.load_page(number - 1)
            except OcrkitError:
                raise
            except MemoryError as error:
                raise PageTooLargeError(f"Page {number} does not fit into memory.", hint="Lower the dpi.") from error
            except Exception as error:
                raise CorruptSourceError(
                    f"Page {number} cannot be read: {_reason(error)}.",
                    hint="Open and save the file anew in a PDF program.",
                ) from error

    def _renew(self) -> None:
        self._uses += 1
        if self._uses % _PAGES_PER_OPENING == 0:
            self._document.close()
            self._document = self._opened()


def _frame(rect: Any, zoom: float, max_pixels: int) -> tuple[float, int, int]:
    """The zoom, lowered until the page has no more than `max_pixels`, and its width and height there."""
    width, height = _size(rect, zoom)
    while width * height > max_pixels:
        # A little more than it takes, since sides are rounded to whole pixels.
        zoom *= 0.999 * math.sqrt(max_pixels / (width * height))
        width, height = _size(rect, zoom)
    return zoom, width, height


def _size(rect: Any, zoom: float) -> tuple[int, int]:
    """Width and height in pixels, as MuPDF rounds them."""
    irect = (rect * pymupdf.Matrix(zoom, zoom)).irect
    return max(irect.width, 1), max(irect.height, 1)


def _rendered(page: Any, zoom: float) -> Pixels:
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
    # Decoded pictures, up to 256 MiB of them, would be kept for pages that do not show them.
    pymupdf.TOOLS.store_shrink(100)
    return np.frombuffer(bytes(pixmap.samples_mv), np.uint8).reshape(pixmap.height, pixmap.width, 3)


def _printable(text: str | None) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text or "").split())


def _reason(error: Exception) -> str:
    # MuPDF puts the number of its error class before the message.
    text = re.sub(r"^code=\d+: ", "", " ".join(str(error).split())).rstrip(".")
    return text or type(error).__name__

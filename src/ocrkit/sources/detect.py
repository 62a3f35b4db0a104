"""Tells what a file is by its first bytes, never by its name. Knows no decoder."""

from __future__ import annotations

import re

from ocrkit.errors import EmptySourceError, UnsupportedFormatError

HEAD = 1024
"""Bytes that `media_type_of` wants to see: a PDF header may stand anywhere in them, after junk
(PDF Reference 1.7, appendix H, implementation notes 13 and 14)."""

PDF = "application/pdf"

_PICTURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"II\*\0|MM\0\*|II\+\0|MM\0\+"), "image/tiff"),
    # After "BM" come the file size, four reserved bytes and the offset of the pixels; the size of the header that
    # follows is one of a few, which keeps prose that begins with "BM" out.
    (re.compile(rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL), "image/bmp"),
)
_PDF_HEADER = re.compile(rb"%PDF-|%!PS-Adobe-\d\.\d PDF-\d")
_OTHERS = (
    (re.compile(rb"PK\x03\x04"), "a ZIP or Office file", "Print it to PDF, or unpack it."),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "an old Office file", "Print it to PDF."),
    (re.compile(rb"....ftyp(?:hei|hev|mif|msf|avi)", re.DOTALL), "a HEIC or AVIF picture", "Convert it to JPEG."),
    (
        re.compile(rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51"),
        "a bare JPEG 2000 picture",
        "Convert it to PNG, or put it in a PDF.",
    ),
    (re.compile(rb"%!PS|\xc5\xd0\xd3\xc6"), "PostScript", "Convert it to PDF."),
    (re.compile(rb"\s*(?:<\?xml|<!doctype|<html|<svg)", re.IGNORECASE), "HTML, XML or SVG", "Print it to PDF."),
)
_READABLE = "ocrkit reads PDF, PNG, JPEG, TIFF, WebP, GIF and BMP."


def media_type_of(head: bytes) -> str:
    """The media type of a file that begins with `head`, its first `HEAD` bytes.

    Raises:
        EmptySourceError: there are no bytes.
        UnsupportedFormatError: they begin nothing that ocrkit reads.
    """
    if not head:
        raise EmptySourceError("The input is empty.", hint="Check that the file was written and sent completely.")
    for pattern, media_type in _PICTURES:
        if pattern.match(head):
            return media_type
    if _PDF_HEADER.search(head):
        return PDF
    for pattern, name, advice in _OTHERS:
        if pattern.match(head):
            raise UnsupportedFormatError(f"The input is {name}.", hint=f"{advice} {_READABLE}")
    raise UnsupportedFormatError("The input is of no known kind.", hint=_READABLE)

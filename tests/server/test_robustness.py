"""Broken, hostile and odd files, sent one by one: always an answer in JSON, 200 or 400, and the server lives on."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from .running import pdf, png, posted

if TYPE_CHECKING:
    import httpx

_KINDS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((200, 120), 60).convert("RGB").save(out, kind)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def huge_png(side: int) -> bytes:
    """A small file that says it has `side` by `side` pixels."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1 << 20))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pdf_of(page: bytes, stream: bytes = b"", *, filters: bytes = b"") -> bytes:
    """A PDF of one page as it is written here, without a table of contents."""
    content = b"<</Length %d %s>>stream\n%s\nendstream" % (len(stream), filters, stream)
    objects = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, content)
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, text) for number, text in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>"


def damaged(content: bytes, seed: int) -> bytes:
    """The file with a hundredth of its bytes replaced."""
    dice, out = random.Random(seed), bytearray(content)  # noqa: S311 - chance, not secrets
    for _ in range(max(3, len(out) // 100)):
        out[dice.randrange(len(out))] = dice.randrange(256)
    return bytes(out)


def files() -> dict[str, bytes]:
    whole = {**{kind: picture(kind) for kind in _KINDS}, "PDF": pdf(2)}
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>"
    bomb = zlib.compress(zlib.compress(bytes(50_000_000)))
    found = {
        "nothing": b"",
        "one byte": b"%",
        "zeros": bytes(5000),
        "text": b"This is no scan.",
        "html": b"<html><body>no</body></html>",
        "zip": b"PK\x03\x04" + bytes(100),
        "program": b"\x7fELF" + bytes(100),
        "huge picture": huge_png(100_000),
        "large picture": huge_png(9_000),
        "huge page": pdf_of(page.replace(b"200 200", b"9999999 9999999")),
        "empty page": pdf_of(page.replace(b"200 200", b"0 0")),
        "page without end": pdf_of(page.replace(b"200 200", b"1e400 nan")),
        "no contents": pdf_of(b"<</Type/Page>>"),
        "bomb": pdf_of(page, bomb, filters=b"/Filter[/FlateDecode/FlateDecode]"),
        "nonsense contents": pdf_of(page, b"q " * 50_000 + b"BT /F 1 Tf (x) Tj"),
        "page its own parent": pdf_of(b"<</Type/Pages/Kids[3 0 R]/Count 1000000>>"),
        "two headers": png() + pdf(1),
    }
    for kind, content in whole.items():
        found[f"{kind} header only"] = content[:12]
        found[f"{kind} cut"] = content[: len(content) // 2]
        found[f"{kind} longer"] = content + bytes(1000)
        for seed in range(3):
            found[f"{kind} damaged {seed}"] = damaged(content, seed)
    return found


FILES = files()


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_answered_in_json_whatever_it_is(anyone: httpx.Client, name: str) -> None:
    answer = posted(anyone, FILES[name], f"{name}.bin")
    body = answer.json()
    assert answer.status_code in {200, 400}, body
    assert body["status"] in {"done", "failed"} if answer.status_code == 200 else body["error"] and body["code"]
    assert anyone.get("/healthz").status_code == 200

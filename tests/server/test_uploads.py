"""Bodies as hostile or unlucky clients send them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx
import pytest

from .running import pdf, png, posted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .running import Running

TYPE = {"Content-Type": "multipart/form-data; boundary=x"}


def part(name: str, value: bytes, *, filename: str = "") -> bytes:
    extra = f'; filename="{filename}"' if filename else ""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'.encode() + value + b"\r\n"


def uploads_of(server: Running) -> set[str]:
    """The folders of blobs that there are."""
    return {folder.name for folder in (server.folder / "data" / "blobs" / "jobs").glob("*")}


def test_a_body_without_end_is_refused_when_it_passes_the_limit(server: Running, anyone: httpx.Client) -> None:
    sent, before = 0, uploads_of(server)

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield part("file", b"%PDF-1.7", filename="a.pdf")[:-2]
        for _ in range(200):
            sent += 100_000
            yield bytes(100_000)

    answer = anyone.post("/api/v1/ocr/", content=endless(), headers=TYPE)
    assert (answer.status_code, answer.json()["code"]) == (400, "file_too_large")
    assert sent == 20_000_000, "a client that goes on sending still sees the answer"
    assert uploads_of(server) == before, "nothing of it is kept"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (part("file", png(), filename="a.png"), "bad_form"),  # no end
        (part("file", png()) + part("file", png()) + b"--x--\r\n", "one_file"),
        (part("tier", b"c" * 70_000) + b"--x--\r\n", "bad_form"),
        (b"".join(part(f"f{n}", b"") for n in range(50)) + b"--x--\r\n", "bad_form"),
        (b"--x\r\n" + b"A" * 9000 + b": b\r\n\r\n--x--\r\n", "bad_form"),
        (b"--y\r\nnonsense", "bad_form"),
        (part("tier", b"cpu") + b"--x--\r\n", "no_file"),
        (part("file", png(), filename="a.png") + b"--x--\r\n" + bytes(3_000_000), "bad_form"),
    ],
    ids=["cut", "two files", "long field", "many fields", "long header", "other boundary", "no file", "never ends"],
)
def test_a_form_that_is_not_right_is_400(anyone: httpx.Client, *, body: bytes, code: str) -> None:
    answer = anyone.post("/api/v1/ocr/", content=body, headers=TYPE)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("boundary", ["", "x" * 5000, "\x7f", '"'])
def test_a_boundary_that_is_none_is_400(anyone: httpx.Client, boundary: str) -> None:
    content_type = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = anyone.post("/api/v1/ocr/", content=part("file", png()), headers=content_type)
    assert (answer.status_code, answer.json()["code"]) in {(400, "bad_form"), (400, "no_file")}


def test_a_client_that_goes_away_leaves_nothing(server: Running) -> None:
    def broken() -> Iterator[bytes]:
        yield part("file", png(), filename="a.png")
        raise RuntimeError("gone")

    before = uploads_of(server)
    with server.client() as client, pytest.raises(RuntimeError, match="gone"):
        client.post("/api/v1/ocr/", content=broken(), headers=TYPE)
    deadline = time.monotonic() + 5
    while uploads_of(server) != before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert uploads_of(server) == before


def test_a_file_name_cannot_do_harm(anyone: httpx.Client) -> None:
    body = part("file", png(), filename="../../etc/pass\twd\u202egpj.png") + b"--x--\r\n"
    job = anyone.post("/api/v1/ocr/", content=body, headers=TYPE).json()
    assert job["filename"] == "passwdgpj.png"


def test_what_leads_to_no_job_leaves_no_blob(server: Running, anyone: httpx.Client) -> None:
    before = uploads_of(server)
    for content, fields in ((b"nonsense", {}), (png(), {"tier": "gold"}), (png(), {"pages": "7"})):
        assert posted(anyone, content, **fields).status_code == 400
    with server.client(server.token("poor@example.org", plan="tight")) as poor:
        assert posted(poor, pdf(4)).status_code == 402
    assert uploads_of(server) == before


@pytest.mark.parametrize("how", ["token", "length"])
def test_a_large_body_that_is_refused_early_still_brings_its_sender_the_answer(server: Running, how: str) -> None:
    headers = {"Authorization": "Bearer wrong"} if how == "token" else {}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as client:
        answer = client.post("/api/v1/ocr/", files={"file": ("large.pdf", b"%PDF-1.4" + bytes(40_000_000))})
    assert answer.status_code == (401 if how == "token" else 400)

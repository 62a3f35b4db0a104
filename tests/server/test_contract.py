"""The given half of the API, over real HTTP."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pymupdf
import pytest

from .rehearsal import SLOW, UNREADABLE
from .running import Running, pdf, png, posted, tiff, until_ended

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

GIVEN = ["uuid", "status", "tier", "language", "page_count", "mean_confidence", "text", "markdown", "pages"]


def test_a_short_file_is_done_in_the_answer_of_the_post(anyone: httpx.Client) -> None:
    answer = posted(anyone, png())
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    job = answer.json()
    assert [name for name in GIVEN if name not in job] == []
    assert (job["status"], job["tier"], job["language"], job["page_count"]) == ("done", "cpu", "auto", 1)
    assert job["mean_confidence"] == pytest.approx(0.98)
    assert job["text"] == "Page 1 of the rehearsal"
    assert "Page 1 of the rehearsal" in job["markdown"]
    page = job["pages"][0]
    assert (page["index"], page["text"]) == (0, "Page 1 of the rehearsal")
    assert (page["width"], page["height"]) == (600, 200)
    block = page["blocks"][0]
    assert (block["text"], block["bbox"], block["confidence"]) == ("Page 1 of the rehearsal", [10, 20, 590, 60], 0.98)


def test_the_job_is_the_same_when_it_is_asked_for_again(anyone: httpx.Client) -> None:
    job = posted(anyone, png()).json()
    assert anyone.get(f"/api/v1/ocr/{job['uuid']}/").json() == job


def test_a_uuid_is_128_bits_in_hex(anyone: httpx.Client) -> None:
    uuids = {posted(anyone, png()).json()["uuid"] for _ in range(2)}
    assert len(uuids) == 2
    assert all(len(bytes.fromhex(uuid)) == 16 for uuid in uuids)


def test_every_frame_is_a_page(anyone: httpx.Client) -> None:
    job = posted(anyone, tiff(600, 500, 400), "three.tif").json()
    assert (job["status"], job["page_count"]) == ("done", 3)
    assert [(page["index"], page["width"]) for page in job["pages"]] == [(0, 600), (1, 500), (2, 400)]


def test_five_pages_are_done_at_once_and_six_are_polled(anyone: httpx.Client) -> None:
    assert posted(anyone, pdf(5), "five.pdf").json()["status"] == "done"
    first = posted(anyone, pdf(6), "six.pdf").json()
    assert first["status"] in {"pending", "processing"}
    assert (first["page_count"], first["pages"], first["text"], first["mean_confidence"]) == (6, [], "", None)
    job = until_ended(anyone, first["uuid"])
    assert job["status"] == "done"
    assert [page["index"] for page in job["pages"]] == list(range(6))
    assert "page number 6" in job["pages"][5]["text"]


def test_a_slow_short_file_is_processing_after_the_time_limit(tmp_path: Path) -> None:
    with Running(tmp_path, inline_seconds=0.2) as running, running.start().client() as client:
        job = posted(client, png(SLOW)).json()
        assert job["status"] in {"pending", "processing"}
        assert until_ended(client, job["uuid"])["status"] == "done"
        running.stop()


def test_the_answer_of_a_long_job_is_made_once_outside_the_server(server: Running, anyone: httpx.Client) -> None:
    uuid = posted(anyone, pdf(25)).json()["uuid"]
    job = until_ended(anyone, uuid)
    assert [page["index"] for page in job["pages"]] == list(range(25))
    assert (job["status"], job["text"].count("This is page number")) == ("done", 25)
    kept = server.folder / "data" / "blobs" / "jobs" / uuid / "exports" / "answer"
    assert json.loads(kept.read_bytes())["pages"] == job["pages"]


@pytest.mark.parametrize(
    ("name", "media_type", "beginning"),
    [
        ("txt", "text/plain; charset=utf-8", b"This is page"),
        ("md", "text/markdown; charset=utf-8", b"This is page"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("csv", "text/csv; charset=utf-8", b"page,"),
        ("json", "application/json", b"{"),
    ],
)
def test_a_download_has_its_format(anyone: httpx.Client, *, name: str, media_type: str, beginning: bytes) -> None:
    uuid = posted(anyone, pdf(2), "Rechnung März.pdf").json()["uuid"]
    answer = anyone.get(f"/api/v1/ocr/{uuid}/download/", params={"format": name})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith('attachment; filename="Rechnung Marz.')
    assert f"filename*=UTF-8''Rechnung%20M%C3%A4rz.{name}" in answer.headers["content-disposition"]
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.content.startswith(beginning)


def test_downloads_hold_the_document(anyone: httpx.Client) -> None:
    uuid = posted(anyone, png(), "scan.png").json()["uuid"]
    address = f"/api/v1/ocr/{uuid}/download/"
    with pymupdf.open(stream=anyone.get(address, params={"format": "pdf"}).content) as searchable:
        assert "Page 1 of the rehearsal" in searchable[0].get_text()
    with zipfile.ZipFile(io.BytesIO(anyone.get(address, params={"format": "docx"}).content)) as word:
        assert b"Page 1 of the rehearsal" in word.read("word/document.xml")
    assert json.loads(anyone.get(address, params={"format": "json"}).content)["pages"][0]["number"] == 1
    assert anyone.get(address).text.strip() == "Page 1 of the rehearsal", "txt where no format is named"


def test_a_page_that_cannot_be_read_fails_alone_and_costs_nothing(ada: httpx.Client) -> None:
    before = ada.get("/api/v1/usage/").json()["used"]
    job = posted(ada, tiff(600, UNREADABLE, 500), "mixed.tif").json()
    assert job["status"] == "done"
    assert [page["error"] is None for page in job["pages"]] == [True, False, True]
    assert job["pages"][1]["code"] == "engine_failed"
    assert job["pages_failed"] == 1
    assert ada.get("/api/v1/usage/").json()["used"] == before + 2


def test_a_job_without_a_readable_page_fails_and_costs_nothing(ada: httpx.Client) -> None:
    before = ada.get("/api/v1/usage/").json()["used"]
    job = posted(ada, png(UNREADABLE)).json()
    assert (job["status"], job["code"]) == ("failed", "nothing_read")
    assert job["error"]
    assert ada.get("/api/v1/usage/").json()["used"] == before
    answer = ada.get(f"/api/v1/ocr/{job['uuid']}/download/")
    assert (answer.status_code, answer.json()["code"]) == (409, "job_failed")


@pytest.mark.parametrize("header", ["Bearer {}", "bearer {}", "BEARER  {}"])
def test_a_token_counts_in_the_header_however_it_is_written(server: Running, ada_token: str, header: str) -> None:
    with server.client() as client:
        answer = client.get("/api/v1/usage/", headers={"Authorization": header.format(ada_token)})
    assert answer.json()["plan"] == "free"


def test_a_token_counts_on_the_url(anyone: httpx.Client, ada_token: str) -> None:
    job = anyone.post(f"/api/v1/ocr/?api_token={ada_token}", files={"file": ("a.png", png())}).json()
    assert anyone.get(f"/api/v1/ocr/{job['uuid']}/").status_code == 404
    assert anyone.get(f"/api/v1/ocr/{job['uuid']}/", params={"api_token": ada_token}).json() == job


def test_a_language_is_echoed_as_asked(anyone: httpx.Client) -> None:
    assert posted(anyone, png(), language="ch").json()["language"] == "ch"


def test_the_address_may_lack_its_slash(anyone: httpx.Client) -> None:
    answer = anyone.post("/api/v1/ocr", files={"file": ("a.png", png())})
    assert answer.status_code == 200
    assert anyone.get(f"/api/v1/ocr/{answer.json()['uuid']}").json() == answer.json()


def test_a_job_of_another_account_is_not_there(anyone: httpx.Client, ada: httpx.Client, bob: httpx.Client) -> None:
    uuid = posted(ada, png()).json()["uuid"]
    missing = bob.get("/api/v1/ocr/00000000000000000000000000000000/")
    for caller in (anyone, bob):
        for method, address in [
            ("GET", f"/api/v1/ocr/{uuid}/"),
            ("GET", f"/api/v1/ocr/{uuid}/download/"),
            ("GET", f"/api/v1/ocr/{uuid}/events/"),
            ("DELETE", f"/api/v1/ocr/{uuid}/"),
        ]:
            answer = caller.request(method, address)
            assert (answer.status_code, answer.json()) == (404, missing.json())
    assert bob.post(f"/api/v1/chat/{uuid}/", json={"message": "?"}).status_code == 404
    assert ada.get(f"/api/v1/ocr/{uuid}/").status_code == 200


def test_an_anonymous_job_is_for_whoever_holds_its_uuid(anyone: httpx.Client, ada: httpx.Client) -> None:
    job = posted(anyone, png()).json()
    assert ada.get(f"/api/v1/ocr/{job['uuid']}/").json() == job

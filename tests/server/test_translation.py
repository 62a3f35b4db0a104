"""`translate_to` over real HTTP, through real Apertium in a worker; what fails costs no reading."""

from __future__ import annotations

import io
import json
import time
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pymupdf
import pytest

from ocrkit.testing.endpoint import FakeEndpoint, Reply, completion

from .running import Running, posted, until_ended

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from ocrkit.testing.endpoint import Asked

ENGLISH = "This is the house of my good friend, who has 12 red books and 3 black dogs in the garden of his father."
GERMAN = "Dies ist das Haus meines guten Freundes, der zwei schwarze Hunde im Garten seines Vaters hat."


def written(*texts: str) -> bytes:
    """A born-digital PDF, a page a text."""
    with pymupdf.open() as document:
        for text in texts:
            document.new_page().insert_text((72, 72), text)
        made: bytes = document.tobytes()
    return made


def test_the_result_is_in_the_other_language_with_the_source_beside_it(anyone: httpx.Client) -> None:
    job = posted(anyone, written(ENGLISH), "house.pdf", translate_to="es").json()
    assert (job["status"], job["translate_to"], job["detected_language"]) == ("done", "es", "en")
    assert job["translation"] == {"source": "en", "target": "es", "translator": "apertium"}
    assert "12 libros rojos" in job["text"]
    assert "12 libros rojos" in job["markdown"]
    block = job["pages"][0]["blocks"][0]
    assert block["source_text"] == ENGLISH
    assert block["lines"][0]["text"] == ENGLISH


def test_every_download_is_the_translation_and_the_pdf_keeps_its_own_words(anyone: httpx.Client) -> None:
    uuid = posted(anyone, written(ENGLISH), "house.pdf", translate_to="es").json()["uuid"]

    def got(name: str) -> bytes:
        return anyone.get(f"/api/v1/ocr/{uuid}/download/", params={"format": name}).content

    assert b"12 libros rojos" in got("txt")
    assert b"12 libros rojos" in got("md")
    assert b"libros rojos" in zipfile.ZipFile(io.BytesIO(got("docx"))).read("word/document.xml")
    told = json.loads(got("json"))
    assert told["pages"][0]["blocks"][0]["source_text"] == ENGLISH
    with pymupdf.open(stream=got("pdf")) as pdf:
        assert "12 red books" in pdf[0].get_text()


def test_a_job_without_a_translation_says_so(anyone: httpx.Client) -> None:
    job = posted(anyone, written(ENGLISH), "house.pdf").json()
    assert (job["translate_to"], job["translation"]) == (None, None)
    assert job["pages"][0]["blocks"][0]["source_text"] is None


@pytest.mark.parametrize(("asked", "named"), [("fr", "French"), ("xx", "xx")])
def test_a_language_that_nobody_here_translates_into_is_400_and_names_the_pairs(
    anyone: httpx.Client, asked: str, named: str
) -> None:
    answer = posted(anyone, written(ENGLISH), translate_to=asked)
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_translate_to")
    assert named in answer.json()["error"]
    assert "en-es, es-en (apertium)" in answer.json()["error"]


def test_the_language_of_the_file_counts_where_it_is_told(anyone: httpx.Client) -> None:
    answer = posted(anyone, written(GERMAN), translate_to="es", language="de")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_translate_to")
    assert posted(anyone, written(ENGLISH), translate_to="es", language="en").json()["status"] == "done"


def test_a_language_found_out_too_late_costs_a_warning_and_no_page(server: Running) -> None:
    with server.client(server.token("german@example.org")) as client:
        job = posted(client, written(GERMAN), "haus.pdf", translate_to="es").json()
        assert (job["status"], job["translation"]) == ("done", None)
        assert "guten Freundes" in job["text"]
        assert [warning["code"] for warning in job["pages"][0]["warnings"]] == ["not_translated"]
        assert "German" in job["pages"][0]["warnings"][0]["message"]
        assert client.get("/api/v1/usage/").json()["used"] == 1


def test_a_long_job_is_translated_too(anyone: httpx.Client) -> None:
    job = posted(anyone, written(*[ENGLISH] * 7), "houses.pdf", translate_to="es").json()
    ended = until_ended(anyone, job["uuid"])
    assert ended["status"] == "done"
    assert all("12 libros rojos" in page["text"] for page in ended["pages"])


def test_questions_are_answered_from_the_page_as_it_stands(ada: httpx.Client) -> None:
    uuid = posted(ada, written(ENGLISH), "house.pdf", translate_to="es").json()["uuid"]
    answer = ada.post(f"/api/v1/chat/{uuid}/", json={"message": "How many red books are there?"}).json()
    assert "12 red books" in answer["message"]["citations"][0]["snippet"]


@pytest.mark.slow
def test_a_model_that_gives_no_answer_costs_a_warning_and_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = [Reply(status=500, body={"error": {"message": "out of memory"}})]
    with FakeEndpoint(script) as endpoint:
        monkeypatch.setenv("OCRKIT_LLM_URL", endpoint.url)
        monkeypatch.setenv("OCRKIT_LLM_BACKOFF", "0.01")
        with Running(tmp_path, translator="llm").start() as running, running.client() as client:
            job = posted(client, written(ENGLISH), translate_to="ja").json()
            assert (job["status"], job["translation"]) == ("done", None)
            assert ENGLISH in job["text"].replace("\n", " ")
            assert job["pages"][0]["warnings"][0]["code"] == "not_translated"
    assert endpoint.asked


def spanish(asked: Asked) -> Reply:
    """What an obedient model says of the texts it is asked for."""
    listed = json.loads(asked.prompt[asked.prompt.index("[") :])
    return completion(json.dumps([{"id": item["id"], "text": f"«{item['text']}»"} for item in listed]))


@pytest.mark.slow
def test_slow_translations_hold_up_no_other_job_and_survive_a_killed_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = True

    def script(asked: Asked) -> Reply:
        return replace(spanish(asked), delay=30.0 if slow else 0.0)

    with FakeEndpoint(script) as endpoint:
        monkeypatch.setenv("OCRKIT_LLM_URL", endpoint.url)
        with Running(tmp_path, inline_seconds=0.2) as running:
            with running.start().client() as client:
                uuids = [posted(client, written(ENGLISH), translate_to="ja").json()["uuid"] for _ in range(3)]
                deadline = time.monotonic() + 20
                while len(endpoint.asked) < 2 and time.monotonic() < deadline:
                    time.sleep(0.05)
                started = time.monotonic()
                other = until_ended(client, posted(client, written(ENGLISH)).json()["uuid"])
                assert other["status"] == "done"
                assert time.monotonic() - started < 10
                assert {client.get(f"/api/v1/ocr/{uuid}/").json()["status"] for uuid in uuids} == {"processing"}
                running.kill()
            slow = False
            with running.start().client() as client:
                jobs = [until_ended(client, uuid) for uuid in uuids]
    assert {job["status"] for job in jobs} == {"done"}
    assert {job["translation"]["translator"] for job in jobs} == {"llm"}
    assert all(f"«{ENGLISH}»" in job["text"] for job in jobs)

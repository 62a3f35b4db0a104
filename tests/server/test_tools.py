"""`tool` over real HTTP: refused with what there is, applied at reading, and the format of the download."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pymupdf

from ocrkit.testing.endpoint import FakeEndpoint

from .running import Running, posted, until_ended

if TYPE_CHECKING:
    from pathlib import Path

    import httpx
    import pytest


def written(text: str) -> bytes:
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 72), text)
        made: bytes = document.tobytes()
    return made


def test_the_tools_are_listed_with_what_they_need(anyone: httpx.Client) -> None:
    told = {tool["name"]: tool for tool in anyone.get("/api/v1/tools/").json()["tools"]}
    assert told["translate"]["needs"] == ["translate_to"]
    assert (told["extract-tables"]["tier"], told["extract-tables"]["default_format"]) == ("cpu", "csv")


def test_a_tool_is_applied_and_sets_the_format_of_the_download(anyone: httpx.Client) -> None:
    job = posted(anyone, written("Only words stand here, and no table."), "words.pdf", tool="extract-tables").json()
    assert (job["status"], job["tool"], job["text"]) == ("done", "extract-tables", "")
    assert job["pages"][0]["warnings"][-1]["code"] == "no_table"
    got = anyone.get(f"/api/v1/ocr/{job['uuid']}/download/")
    assert got.headers["content-type"].startswith("text/csv")
    text = anyone.get(f"/api/v1/ocr/{job['uuid']}/download/?format=txt")
    assert text.headers["content-type"].startswith("text/plain")


def test_without_a_tool_the_download_stays_text(anyone: httpx.Client) -> None:
    job = posted(anyone, written("Only words."), "words.pdf").json()
    assert job["tool"] is None
    assert anyone.get(f"/api/v1/ocr/{job['uuid']}/download/").text.strip() == "Only words."


def test_a_tool_that_cannot_be_used_is_400(anyone: httpx.Client) -> None:
    for fields, code, named in (
        ({"tool": "extract-stars"}, "unknown_tool", "extract-tables"),
        ({"tool": "translate"}, "missing_translate_to", "translate_to"),
        ({"tool": "handwriting-to-text"}, "unknown_tier", "cpu"),
    ):
        answer = posted(anyone, written("x"), "x.pdf", **fields)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert named in answer.json()["error"]


def test_a_model_may_name_the_fields_where_one_is_configured_and_no_other_tool_asks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = '{"fields": [{"name": "customer", "quote": "Jane Roe"}, {"name": "vendor", "quote": "Nobody Ltd"}]}'
    with FakeEndpoint([said], key="sesame") as server:
        monkeypatch.setenv("OCRKIT_LLM_URL", server.url)
        monkeypatch.setenv("OCRKIT_LLM_KEY", "sesame")
        with Running(tmp_path).start() as running, running.client(running.token("a@b.example")) as client:
            receipt = written("Blue Door Ltd, sold to Jane Roe, total 4.20")
            job = until_ended(client, posted(client, receipt, "r.pdf", tool="receipt-to-json").json()["uuid"])
            other = until_ended(client, posted(client, receipt, "r.pdf", tool="pdf-to-text").json()["uuid"])
            told = client.get(f"/api/v1/ocr/{job['uuid']}/download/?format=json").json()
    found = {field["name"]: (field["value"], field["model"]) for field in job["fields"]}
    assert found["customer"] == ("Jane Roe", "test-model")
    assert "Nobody" not in str(found), "what is not printed is no field"
    assert [field["name"] for field in told["fields"]] == list(found)
    assert other["fields"] == []
    assert len(server.asked) == 1

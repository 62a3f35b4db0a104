"""`tool` over real HTTP: refused with what there is, applied at reading, and the format of the download."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pymupdf

from .running import posted

if TYPE_CHECKING:
    import httpx


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

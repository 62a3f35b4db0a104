"""Documents read by a model behind an endpoint: pages side by side in this process, order and failures as ever."""

from __future__ import annotations

import io
import re
import threading
import time
from typing import TYPE_CHECKING

import pymupdf
import pytest
from PIL import Image

import ocrkit
from ocrkit.errors import EndpointNotConfiguredError
from ocrkit.model import PageStatus
from ocrkit.testing import text_image
from ocrkit.testing.endpoint import FakeEndpoint, Reply, completion

if TYPE_CHECKING:
    from pathlib import Path

    from ocrkit.testing.endpoint import Asked

SECONDS = 0.15


def scanned(path: Path, pages: int) -> Path:
    """Pages with print and no text of their own."""
    picture = io.BytesIO()
    Image.fromarray(text_image("The archive opens at nine").pixels).save(picture, "PNG")
    with pymupdf.open() as made:
        for _ in range(pages):
            made.new_page(width=300, height=100).insert_image((0, 0, 300, 100), stream=picture.getvalue())
        made.save(path)
    return path


def slowly(asked: Asked) -> Reply:
    """Answers take a while, later ones less, so that they do not come in order."""
    delay = SECONDS + 0.1 / asked.number
    return Reply(body=completion(f"answer {asked.number}").body, delay=delay)


def own_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("ocrkit-")]


def test_pages_are_asked_for_side_by_side_within_the_bound_of_the_endpoint(tmp_path: Path) -> None:
    with FakeEndpoint(slowly) as server, ocrkit.Recognizer() as recognizer:
        options = {"url": server.url, "concurrency": 4}
        document = recognizer.recognize(
            scanned(tmp_path / "scan.pdf", 12), tier="vlm", engine="vlm", options=options, align=False
        )
    assert [page.number for page in document.pages] == list(range(1, 13))
    assert all(re.fullmatch(r"answer \d+", page.text) for page in document.pages)
    assert len({page.text for page in document.pages}) == 12
    assert server.peak == 4
    deadline = time.monotonic() + 2
    while own_threads() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert own_threads() == []


def test_many_pictures_are_asked_for_side_by_side(tmp_path: Path) -> None:
    paths = [scanned(tmp_path / f"{number}.pdf", 1) for number in range(6)]
    with FakeEndpoint(slowly) as server, ocrkit.Recognizer() as recognizer:
        options = {"url": server.url, "concurrency": 3}
        results = list(recognizer.recognize_all(paths, tier="vlm", engine="vlm", options=options, align=False))
    assert [result.source for result in results if isinstance(result, ocrkit.Document)] == [path.name for path in paths]
    assert server.peak == 3


def test_whoever_leaves_early_waits_for_nobody(tmp_path: Path) -> None:
    def first_fast(asked: Asked) -> Reply:
        return Reply(body=completion("answer").body, delay=0.0 if asked.number == 1 else 20.0)

    with FakeEndpoint(first_fast) as server:
        recognizer = ocrkit.Recognizer()
        path = scanned(tmp_path / "scan.pdf", 6)
        pages = recognizer.stream(
            path, tier="vlm", engine="vlm", options={"url": server.url, "concurrency": 1}, align=False
        )
        assert next(iter(pages)).text == "answer"
        started = time.monotonic()
        pages.close()  # type: ignore[attr-defined]  # it is a generator
        recognizer.close(at_once=True)
    assert time.monotonic() - started < 5


def test_an_endpoint_that_is_down_costs_few_requests_and_leaves_no_page_out(tmp_path: Path) -> None:
    with FakeEndpoint([Reply(500)]) as server:
        options = {"url": server.url, "model": "any", "concurrency": 2}
        document = ocrkit.recognize(scanned(tmp_path / "scan.pdf", 5), tier="vlm", engine="vlm", options=options)
    assert {page.status for page in document.pages} == {PageStatus.FALLBACK}
    assert len(document.pages) == 5
    assert len(server.asked) <= 12


def test_without_an_endpoint_the_document_is_refused_with_the_way_to_set_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OCRKIT_VLM_URL", raising=False)
    with pytest.raises(EndpointNotConfiguredError, match="OCRKIT_VLM_URL"):
        ocrkit.recognize(scanned(tmp_path / "scan.pdf", 3), tier="vlm", engine="vlm")


def test_a_key_that_is_refused_falls_back_and_the_page_says_why(tmp_path: Path) -> None:
    with FakeEndpoint(["words"], key="right") as server:
        options = {"url": server.url, "model": "m"}
        document = ocrkit.recognize(scanned(tmp_path / "scan.pdf", 1), tier="vlm", engine="vlm", options=options)
    [page] = document.pages
    assert page.text == "The archive opens at nine"
    assert any("401" in warning.message for warning in page.warnings)

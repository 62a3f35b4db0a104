"""Tier `vlm` as users meet it: an endpoint over real HTTP, words placed by the cpu tier, failures fallen back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pymupdf
import pytest
from PIL import Image

import ocrkit
from ocrkit.contracts import EngineSpec
from ocrkit.hookspecs import hookimpl
from ocrkit.model import BlockKind, PageStatus
from ocrkit.pipeline.request import Asked, checked_request
from ocrkit.registry import Registry
from ocrkit.testing import text_image
from ocrkit.testing.endpoint import FakeEndpoint, Reply, completion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.model import Page

PRINTED = (
    "Archive of the town\nThe archive opens at nine and closes\nat five on weekdays.\nPlates    14\nNegatives    207"
)
ANSWER = """# Archive of the town

The archive opens at nine and closes at five on weekdays.

| Plates | 14 |
| --- | --- |
| Negatives | 270 |
"""


@pytest.fixture
def recognizer(monkeypatch: pytest.MonkeyPatch) -> Iterator[ocrkit.Recognizer]:
    monkeypatch.setenv("OCRKIT_VLM_BACKOFF", "0.01")
    monkeypatch.setenv("OCRKIT_VLM_RETRIES", "1")
    with ocrkit.Recognizer(workers=0) as made:
        yield made


def picture() -> bytes:
    out = io.BytesIO()
    Image.fromarray(text_image(PRINTED).pixels).save(out, "PNG")
    return out.getvalue()


def read(recognizer: ocrkit.Recognizer, url: str, **options: Any) -> Page:
    (page,) = recognizer.recognize(picture(), engine="vlm", tier="vlm", options={"url": url}, **options).pages
    return page


def test_markdown_of_a_model_becomes_a_searchable_page_with_word_boxes(recognizer: ocrkit.Recognizer) -> None:
    with FakeEndpoint([completion(ANSWER)]) as server:
        page = read(recognizer, server.url)
    assert page.provenance is not None
    assert [run.engine for run in page.provenance.runs] == ["vlm", "ppocr"]
    assert page.provenance.tier == "vlm"
    table = next(block.table for block in page.blocks if block.kind is BlockKind.TABLE)
    assert table is not None
    assert all(cell.bbox is not None for cell in table.cells)
    assert [word.text for word in page.words if word.flag == "number_mismatch"] == ["270"]
    document = ocrkit.Document(source="a.png", media_type="image/png", page_count=1, pages=(page,))
    with pymupdf.open(stream=ocrkit.export(document, "pdf", source=picture())) as pdf:
        found = pdf[0].search_for("weekdays")[0]
        scale = pdf[0].rect.width / page.width
    (word,) = [word for word in page.words if word.text == "weekdays."]
    assert found.x0 == pytest.approx(word.bbox[0] * scale, abs=2)
    assert found.y1 == pytest.approx(word.bbox[3] * scale, abs=8)


@pytest.mark.parametrize(
    "reply", [Reply(500, "down"), Reply(401, "no"), completion(""), completion("and on " * 200, finish="length")]
)
def test_an_endpoint_that_fails_costs_the_page_its_tier_and_not_its_text(
    recognizer: ocrkit.Recognizer, reply: Reply
) -> None:
    with FakeEndpoint([reply]) as server:
        page = read(recognizer, server.url)
    assert page.provenance is not None
    assert (page.status, page.provenance.tier, page.provenance.requested) == (PageStatus.FALLBACK, "cpu", "vlm")
    assert "The archive opens at nine" in page.text


def test_an_endpoint_that_is_not_there_is_fallen_back_from_and_named(recognizer: ocrkit.Recognizer) -> None:
    page = read(recognizer, "http://127.0.0.1:9/v1")
    assert page.status is PageStatus.FALLBACK
    assert "vision model" in next(warning.message for warning in page.warnings if warning.code == "fallback")


class Both:
    """Engines of tier `vlm` by the names of the built-in ones, one of which lacks its distribution."""

    @hookimpl
    def ocrkit_engines(self) -> Iterable[EngineSpec]:
        given = {"summary": "x", "load": "builtins:object", "licence": "MIT", "tier": "vlm"}
        yield EngineSpec(name="surya", requires=("ocrkit-none-such",), **given)  # type: ignore[arg-type]  # plain texts
        yield EngineSpec(name="vlm", **given)  # type: ignore[arg-type]  # as above


def test_the_first_engine_of_tier_vlm_that_is_installed_is_the_default() -> None:
    registry = Registry()
    registry.add(Both(), name="both")
    assert checked_request(registry, Asked(tier="vlm")).engine == "vlm"
    assert checked_request(registry, Asked(tier="vlm", engine="surya")).engine == "surya"

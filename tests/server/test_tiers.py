"""Tiers over HTTP: who may ask for which, what is held, and that each page is charged by the path it took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .rehearsal import BEYOND, DOUBTFUL, NAME, VISION
from .running import Running, pdf, png, posted, tiff

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx


@pytest.fixture(scope="module")
def seeing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with an engine of tier `vlm`."""
    with Running(tmp_path_factory.mktemp("seeing"), vlm_engine=VISION, auto_vlm_share=0.5) as running:
        yield running.start()


@pytest.fixture
def caller(seeing: Running, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """A caller with an account of their own."""
    with seeing.client(seeing.token(f"{abs(hash(request.node.nodeid))}@example.org")) as client:
        yield client


def paths(job: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(page["tier"], page["engine"], page["status"]) for page in job["pages"]]


def spent(client: httpx.Client) -> tuple[int, int]:
    own = client.get("/api/v1/usage/").json()["balances"][0]
    return own["spent"], own["held"]


def test_tier_vlm_costs_more_and_a_page_that_falls_back_costs_what_cpu_does(caller: httpx.Client) -> None:
    job = posted(caller, tiff(600, BEYOND), tier="vlm").json()
    assert paths(job) == [("vlm", VISION, "ok"), ("cpu", NAME, "fallback")]
    assert "fallback" in {warning["code"] for warning in job["pages"][1]["warnings"]}
    assert spent(caller) == (3 + 1, 0)


def test_own_text_of_a_pdf_costs_what_cpu_does(caller: httpx.Client) -> None:
    job = posted(caller, pdf(2), "a.pdf", tier="vlm").json()
    assert [(page["tier"], page["engine"]) for page in job["pages"]] == [("cpu", "textlayer")] * 2
    assert spent(caller) == (2, 0)


def test_tier_auto_sends_doubtful_pages_up_to_its_ceiling_and_charges_by_the_path(caller: httpx.Client) -> None:
    job = posted(caller, tiff(600, DOUBTFUL, BEYOND, 600), tier="auto").json()
    assert job["tier"] == "auto"
    assert paths(job) == [("cpu", NAME, "ok"), ("vlm", VISION, "ok"), ("cpu", NAME, "fallback"), ("cpu", NAME, "ok")]
    assert job["pages"][1]["text"] == "Vision of page 2"
    assert spent(caller) == (1 + 3 + 1 + 1, 0)


def test_the_caller_may_lower_the_ceiling(caller: httpx.Client) -> None:
    job = posted(caller, tiff(DOUBTFUL, DOUBTFUL), tier="auto", max_vlm_pages="0").json()
    assert {page["tier"] for page in job["pages"]} == {"cpu"}
    assert {warning["code"] for page in job["pages"] for warning in page["warnings"]} >= {"vlm_ceiling"}
    assert spent(caller) == (2, 0)
    assert posted(caller, png(), tier="auto", max_vlm_pages="-1").json()["code"] == "bad_max_vlm_pages"


def test_a_server_without_a_vision_model_refuses_tier_vlm_and_takes_auto_as_cpu(anyone: httpx.Client) -> None:
    refused = posted(anyone, png(), tier="vlm")
    assert (refused.status_code, refused.json()["code"]) == (400, "unknown_tier")
    assert refused.json()["error"].endswith("There is: cpu, auto.")
    job = posted(anyone, png(DOUBTFUL), tier="auto").json()
    assert paths(job) == [("cpu", NAME, "ok")]

"""Tier `vlm` through the whole service: upload, a worker that may reach the endpoint, charge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocrkit.testing.endpoint import FakeEndpoint, Reply

from .running import Running, png, posted, until_ended

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

pytestmark = pytest.mark.slow


def spent(client: httpx.Client) -> int:
    return sum(balance["spent"] for balance in client.get("/api/v1/usage/").json()["balances"])


def test_pages_of_tier_vlm_are_read_by_the_endpoint_and_charged_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeEndpoint(["Words of the model"], key="sesame") as server:
        monkeypatch.setenv("OCRKIT_VLM_URL", server.url)
        monkeypatch.setenv("OCRKIT_VLM_KEY", "sesame")
        with (
            Running(tmp_path, vlm_engine="vlm").start() as running,
            running.client(running.token("a@b.example")) as client,
        ):
            read = until_ended(client, posted(client, png(), tier="vlm").json()["uuid"], seconds=120)
            charged = spent(client)
            other = until_ended(client, posted(client, png()).json()["uuid"])
    assert (read["status"], read["tier"], read["text"].strip()) == ("done", "vlm", "Words of the model")
    assert charged == 3
    assert "rehearsal" in other["text"], "other pages are read as before"
    assert "sesame" not in running.log.read_text("utf-8")


def test_a_page_that_the_endpoint_does_not_read_is_read_and_charged_as_cpu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeEndpoint([Reply(500)]) as server:
        monkeypatch.setenv("OCRKIT_VLM_URL", server.url)
        monkeypatch.setenv("OCRKIT_VLM_BACKOFF", "0.01")
        with (
            Running(tmp_path, vlm_engine="vlm").start() as running,
            running.client(running.token("a@b.example")) as client,
        ):
            job = until_ended(client, posted(client, png(), tier="vlm").json()["uuid"], seconds=120)
            charged = spent(client)
    assert (job["status"], job["text"].strip()) == ("done", "Page 1 of the rehearsal")
    assert charged == 1


def test_without_an_endpoint_there_is_no_tier_vlm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OCRKIT_VLM_URL", raising=False)
    with Running(tmp_path).start() as running, running.client() as client:
        answer = posted(client, png(), tier="vlm")
    assert answer.status_code == 400
    assert answer.json()["error"] == "Unknown tier 'vlm'. There is: cpu, auto."

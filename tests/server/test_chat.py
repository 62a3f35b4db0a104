"""Chat over real HTTP: the contract's example with curl, history that lives as long as its job, owners alone."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pymupdf
import pytest

from ocrkit.database import Database
from ocrkit.testing.endpoint import FakeEndpoint, Reply

from .rehearsal import SLOW
from .running import Running, posted, tiff

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

PAGES = ("INVOICE\nAcme Corp", "The delivery takes 12 days.", "Total due: 318.40 euros")


def document() -> bytes:
    with pymupdf.open() as made:
        for text in PAGES:
            made.new_page().insert_text((72, 72), text)
        written: bytes = made.tobytes()
    return written


@pytest.fixture
def uuid(ada: httpx.Client) -> str:
    answer = posted(ada, document(), "invoice.pdf").json()
    assert answer["status"] == "done"
    return str(answer["uuid"])


def asked(client: httpx.Client, uuid: str, message: str) -> dict[str, Any]:
    answer = client.post(f"/api/v1/chat/{uuid}/", json={"message": message})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_the_contracts_example_runs_with_curl(server: Running, ada_token: str, uuid: str) -> None:
    def curl(*arguments: str) -> dict[str, Any]:
        done = subprocess.run(["curl", "-sS", *arguments], capture_output=True, check=True)
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    address, key = f"{server.url}/api/v1/chat/{uuid}/", f"Authorization: Bearer {ada_token}"
    answer = curl("-H", key, "-H", "Content-Type: application/json", "-d", '{"message": "What is the total?"}', address)
    assert answer["message"]["role"] == "assistant"
    assert answer["message"]["content"] == "Total due: 318.40 euros (p. 3)."
    (citation,) = answer["message"]["citations"]
    assert (citation["page"], citation["snippet"]) == (3, "Total due: 318.40 euros")
    assert citation["verified"] is True
    assert len(citation["bbox"]) == 4
    history = curl("-H", key, f"{address}history/")
    assert history["conversation"] == answer["conversation"]
    assert curl("-d", '{"message": "?"}', address)["code"] == "not_authenticated"


def test_a_citation_is_on_its_page_within_its_block(ada: httpx.Client, uuid: str) -> None:
    job = ada.get(f"/api/v1/ocr/{uuid}/").json()
    for question in ("What is the total?", "How long does the delivery take?", "Acme?"):
        for citation in asked(ada, uuid, question)["message"]["citations"]:
            page = job["pages"][citation["page"] - 1]
            assert citation["snippet"] in page["text"]
            (block,) = [block for block in page["blocks"] if block["id"] == citation["block"]]
            x0, y0, x1, y1 = citation["bbox"]
            assert block["bbox"][0] <= x0 <= x1 <= block["bbox"][2]
            assert block["bbox"][1] <= y0 <= y1 <= block["bbox"][3]


def test_what_the_document_does_not_say_is_answered_so(ada: httpx.Client, uuid: str) -> None:
    message = asked(ada, uuid, "Which airline was booked?")["message"]
    assert (message["content"], message["citations"]) == ("The document does not say.", [])


def test_the_history_is_the_whole_conversation_in_order(ada: httpx.Client, uuid: str) -> None:
    empty = ada.get(f"/api/v1/chat/{uuid}/history/").json()
    assert empty == {"conversation": None, "messages": []}
    first, second = asked(ada, uuid, "What is the total?"), asked(ada, uuid, "And the delivery?\u0000")
    assert first["conversation"] == second["conversation"]
    history = ada.get(f"/api/v1/chat/{uuid}/history/").json()
    assert history["conversation"] == first["conversation"]
    told = [(message["role"], message["content"]) for message in history["messages"]]
    assert [role for role, _ in told] == ["user", "assistant"] * 2
    assert told[0] == ("user", "What is the total?")
    assert told[1] == ("assistant", first["message"]["content"])
    assert history["messages"][1]["citations"] == first["message"]["citations"]


def test_a_chat_is_its_owners_alone_and_goes_with_its_job(
    server: Running, ada: httpx.Client, bob: httpx.Client, anyone: httpx.Client, uuid: str
) -> None:
    conversation = asked(ada, uuid, "What is the total?")["conversation"]
    for client, status in ((bob, 404), (anyone, 401)):
        assert client.post(f"/api/v1/chat/{uuid}/", json={"message": "total?"}).status_code == status
        assert client.get(f"/api/v1/chat/{uuid}/history/").status_code == status
    assert ada.delete(f"/api/v1/ocr/{uuid}/").status_code == 204
    assert ada.post(f"/api/v1/chat/{uuid}/", json={"message": "total?"}).status_code == 404
    assert ada.get(f"/api/v1/chat/{uuid}/history/").status_code == 404
    database = Database(server.settings.database_url)
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT id FROM conversations").scalars().all()
    database.close()
    assert conversation not in rows


def test_an_unfinished_job_cannot_be_asked(ada: httpx.Client) -> None:
    uuid = posted(ada, tiff(*[SLOW] * 6), "slow.tiff").json()["uuid"]
    for answer in (
        ada.post(f"/api/v1/chat/{uuid}/", json={"message": "total?"}),
        ada.get(f"/api/v1/chat/{uuid}/history/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_finished")


@pytest.mark.slow
def test_a_language_model_answers_where_one_is_set_and_the_document_where_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = {"text": "It takes 12 days", "citations": [{"source": "S1", "quote": "delivery takes 12 days"}]}
    made_up = {"text": "It takes 13 days", "citations": [{"source": "S1", "quote": "delivery takes 13 days"}]}
    says = json.dumps({"answerable": True, "claims": [made_up, claim]})
    with FakeEndpoint([says], key="a-secret-key") as endpoint:
        for name, value in (("URL", endpoint.url), ("KEY", "a-secret-key"), ("RETRIES", "0"), ("BACKOFF", "0.01")):
            monkeypatch.setenv(f"OCRKIT_LLM_{name}", value)
        with Running(tmp_path).start() as running, running.client(running.token("ada@example.org")) as client:
            uuid = posted(client, document(), "invoice.pdf").json()["uuid"]
            answer = asked(client, uuid, "How long does the delivery take?")
            assert (answer["answerer"], answer["note"]) == ("llm", None)
            assert answer["message"]["content"] == "It takes 12 days (p. 2)."
            endpoint.script = [Reply(500)]
            fallen_back = asked(client, uuid, "How long does the delivery take?")
            assert fallen_back["answerer"] == "extractive"
            assert "'llm' did not answer" in fallen_back["note"]
            assert "(p. 2)" in fallen_back["message"]["content"]
            assert "a-secret-key" not in json.dumps(fallen_back)
    assert "a-secret-key" not in running.log.read_text("utf-8")


def test_chat_costs_nothing(ada: httpx.Client, uuid: str) -> None:
    before = ada.get("/api/v1/usage/").json()["used"]
    asked(ada, uuid, "What is the total?")
    assert ada.get("/api/v1/usage/").json()["used"] == before

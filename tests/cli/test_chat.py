"""`ocrkit chat`: one question, many, JSON, and what goes wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ocrkit.testing.endpoint import FakeEndpoint

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import MakePdf, Ocrkit


@pytest.fixture
def lease(make_pdf: MakePdf) -> Path:
    return make_pdf("lease.pdf", "Lease of a flat\nThe rent is $900.00 a month.", "The late fee is 5% after 10 days.")


def test_a_question_is_answered_with_the_words_that_say_so(ocrkit: Ocrkit, lease: Path) -> None:
    done = ocrkit("chat", lease, "What is the late fee?")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "The late fee is 5% after 10 days (p. 2).",
        "  p. 2: “The late fee is 5% after 10 days.”",
    ]


def test_what_the_document_does_not_say_is_an_answer_too(ocrkit: Ocrkit, lease: Path) -> None:
    done = ocrkit("chat", lease, "Which airline was booked?")
    assert (done.returncode, done.stdout) == (0, "The document does not say.\n")


def test_questions_come_line_by_line_from_standard_input(ocrkit: Ocrkit, lease: Path) -> None:
    done = ocrkit("chat", lease, "--json", stdin=b"What is the late fee?\n\nWhat is the rent?\n")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["question"], one["found"]) for one in told] == [
        ("What is the late fee?", True),
        ("What is the rent?", True),
    ]
    (citation,) = told[0]["citations"]
    assert (citation["page"], citation["verified"], len(citation["bbox"])) == (2, True, 4)


def test_a_document_read_before_is_not_read_again(ocrkit: Ocrkit, lease: Path, tmp_path: Path) -> None:
    assert ocrkit("recognize", lease, "-o", tmp_path / "read.json").returncode == 0
    lease.unlink()
    done = ocrkit("chat", tmp_path / "read.json", "What is the late fee?")
    assert "(p. 2)" in done.stdout
    assert "error: " in ocrkit("chat", tmp_path / "gone.json", "?").stderr
    (tmp_path / "other.json").write_text("{}")
    assert ocrkit("chat", tmp_path / "other.json", "What?").returncode in {0, 1}


def test_mistakes_are_told_before_the_file_is_read(ocrkit: Ocrkit, tmp_path: Path) -> None:
    for arguments, words in (
        (["--answerer", "oracle"], "There is no answerer 'oracle'"),
        (["-A", "colour=red"], "Option 'colour' does not exist for answerer extractive"),
    ):
        done = ocrkit("chat", tmp_path / "nothing.pdf", "What?", *arguments)
        assert done.returncode == 2
        assert words in done.stderr


def test_a_model_that_cannot_be_reached_is_told_and_the_document_answers(ocrkit: Ocrkit, lease: Path) -> None:
    with FakeEndpoint() as server:
        gone = server.url
    done = ocrkit(
        "chat", lease, "What is the late fee?", "--answerer", "llm", OCRKIT_LLM_URL=gone, OCRKIT_LLM_RETRIES="0"
    )
    assert done.returncode == 0
    assert done.stderr.startswith("note: Answerer 'llm' did not answer")
    assert "5%" in done.stdout


def test_answerers_are_listed_with_their_options(ocrkit: Ocrkit) -> None:
    assert "extractive" in ocrkit("answerers").stdout
    assert "max_tokens" in ocrkit("answerers", "llm").stdout

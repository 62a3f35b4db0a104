"""`bench chat` counts right pages, silence, and snippets that are not where they say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pymupdf
import pytest

from bench.chat import Asked, asked, documents
from bench.chat.reader import Reader
from bench.dataset import NoDataError
from ocrkit import Document, recognize

if TYPE_CHECKING:
    from pathlib import Path

QUESTIONS = """
[[document]]
name = "two files"
files = ["a.pdf", "b.pdf"]
questions = [
  { ask = "What is the late fee?", page = 2, answer = "5%" },
  { ask = "What is the rent?", page = 2 },
  { ask = "Which airline?" },
  { ask = "What is the rent of the flat?" },
]
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, text in (("a.pdf", "The rent of the flat is $900.00."), ("b.pdf", "The late fee is 5%.")):
        with pymupdf.open() as made:
            made.new_page().insert_text((72, 72), text)
            made.save(tmp_path / name)
    (tmp_path / "questions.toml").write_text(QUESTIONS, "utf-8")
    return tmp_path


def test_each_answer_is_judged_by_its_first_page(data: Path) -> None:
    (one,) = documents(data / "questions.toml")
    result = asked(one, data, read=recognize, answerer="extractive")
    assert (result.right, result.answerable, result.silent, result.unanswerable) == (1, 2, 1, 2)
    assert (result.pages, result.said, result.astray) == (2, 2, 0)
    assert [("'What is the rent?' is on page 2" in miss, "nowhere" in miss) for miss in result.misses] == [
        (True, False),
        (False, True),
    ]


def test_a_file_is_read_once_where_what_was_read_is_kept(data: Path) -> None:
    read: list[Path] = []

    def recognized(path: Path) -> Document:
        read.append(path)
        return recognize(path)

    for _ in range(2):
        document = Reader(recognized, data / "kept").read(data / "a.pdf")
    assert document.text.startswith("The rent")
    assert read == [data / "a.pdf"]
    assert json.loads(next((data / "kept").iterdir()).read_text("utf-8"))["source"] == "a.pdf"


def test_questions_and_files_that_are_not_there_are_told(data: Path) -> None:
    with pytest.raises(NoDataError):
        documents(data / "nothing.toml")
    (data / "bad.toml").write_text("document = 5", "utf-8")
    with pytest.raises(NoDataError):
        documents(data / "bad.toml")
    gone = Asked(name="gone", files=("gone.pdf",), questions=())
    with pytest.raises(NoDataError, match=r"gone\.pdf"):
        asked(gone, data, read=recognize, answerer="extractive")

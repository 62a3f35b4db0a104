"""Answers to questions whose answers are known: is the right page first, and is every citation where it says?"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from bench.dataset import NoDataError
from bench.report import percent
from ocrkit import Conversation, Document
from ocrkit.chat import Index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ocrkit.chat import Answer
    from ocrkit.model import Page

HEAD = ("document", "pages", "right page first", "says the answer", "rightly silent", "citations", "not on their page")


class Question(BaseModel):
    """A question.

    Attributes:
        page: where its answer is, from 1; `None` where the document has none.
        answer: what an answer holds; empty where that is left open.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ask: str
    page: int | None = None
    answer: str = ""


class Asked(BaseModel):
    """A document of one file or several, and its questions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    files: tuple[str, ...]
    questions: tuple[Question, ...]


class _Questions(BaseModel):
    document: tuple[Asked, ...]


@dataclass(slots=True)
class Result:
    """What came of the questions about one document.

    Attributes:
        right: questions whose first citation is on the right page.
        answerable: of so many that have an answer.
        said: answers that hold what they should.
        silent: questions without an answer that got none.
        unanswerable: of so many.
        citations: in all.
        astray: of those, snippets that are not on their page.
        misses: a line for each question that went wrong.
    """

    name: str
    pages: int
    right: int = 0
    answerable: int = 0
    said: int = 0
    silent: int = 0
    unanswerable: int = 0
    citations: int = 0
    astray: int = 0
    misses: list[str] = field(default_factory=list)


def documents(questions: Path) -> tuple[Asked, ...]:
    """What a file of questions asks.

    Raises:
        NoDataError: it cannot be read.
    """
    try:
        return _Questions.model_validate(tomllib.loads(questions.read_text("utf-8"))).document
    except (OSError, ValueError) as error:
        raise NoDataError(f"{questions}: {error}") from error


def asked(one: Asked, data: Path, *, read: Callable[[Path], Document], answerer: str) -> Result:
    """Reads a document, asks its questions, each in a conversation of its own, and judges the answers.

    Raises:
        NoDataError: one of its files is not there.
    """
    document = _joined(one, data, read)
    texts = {page.number: page.text for page in document.pages}
    result = Result(one.name, len(texts))
    with Index(document) as index:
        for question in one.questions:
            with Conversation(index, answerer=answerer) as conversation:
                answer = conversation.ask(question.ask)
            _judge(question, answer, result)
            result.citations += len(answer.citations)
            result.astray += sum(citation.snippet not in texts[citation.page] for citation in answer.citations)
    return result


def rows(results: Sequence[Result]) -> Iterator[list[str]]:
    """The lines of the report, with all documents together as the last."""
    total = Result("all", sum(one.pages for one in results))
    for one in results:
        for name in ("right", "answerable", "said", "silent", "unanswerable", "citations", "astray"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
    for one in (*results, total):
        share = f" ({percent(one.right / one.answerable)} %)" if one is total and one.answerable else ""
        yield [
            one.name,
            str(one.pages),
            f"{one.right} of {one.answerable}{share}",
            str(one.said),
            f"{one.silent} of {one.unanswerable}",
            str(one.citations),
            str(one.astray),
        ]


def _joined(one: Asked, data: Path, read: Callable[[Path], Document]) -> Document:
    pages: list[Page] = []
    for name in one.files:
        if not (data / name).is_file():
            raise NoDataError(f"{data / name} is not there; {one.name!r} needs it.")
        pages += read(data / name).pages
    numbered = (page.model_copy(update={"number": number}) for number, page in enumerate(pages, start=1))
    return Document(source=one.name, page_count=len(pages), pages=tuple(numbered))


def _judge(question: Question, answer: Answer, result: Result) -> None:
    first = answer.citations[0].page if answer.citations else None
    right = first == question.page
    if question.page is None:
        result.unanswerable += 1
        result.silent += right
    else:
        result.answerable += 1
        result.right += right
        result.said += _plain(question.answer) in _plain(answer.content)
    if not right:
        where = "nowhere" if question.page is None else f"on page {question.page}"
        result.misses.append(f"{result.name}: {question.ask!r} is {where}, not: {_plain(answer.content)[:200]}")


def _plain(text: str) -> str:
    return " ".join(text.split())

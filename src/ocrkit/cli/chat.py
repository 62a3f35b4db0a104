"""`ocrkit chat`: reads a file once and answers questions about it, each with the words of the page that say so."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from ocrkit.api import Recognizer
from ocrkit.chat import EXTRACTIVE, Answerers, Conversation
from ocrkit.cli.native import native_messages_hidden
from ocrkit.cli.options import State, debug_option, json_option, pair
from ocrkit.cli.plugin_choice import with_registry
from ocrkit.cli.problems import FAILED, error_line
from ocrkit.cli.progress import Progress
from ocrkit.cli.reading_options import ReadingAsked, reading_options, recognize_options
from ocrkit.cli.remarks import failure_lines
from ocrkit.errors import OcrkitError, SourceNotFoundError
from ocrkit.model import Document
from ocrkit.options import parse_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.chat import Answer
    from ocrkit.cli.reading_options import Pairs
    from ocrkit.registry import Registry

_SNIPPET = 160
"""Characters of a citation that are shown."""


class Asked(ReadingAsked):
    """The options of the command, as click passes them."""

    file: str
    question: str | None
    answerer: str
    answerer_options: Pairs
    as_json: bool
    quiet: bool


@click.command(name="chat")
@click.argument("file")
@click.argument("question", required=False)
@click.option("--answerer", metavar="NAME", default=EXTRACTIVE, show_default=True, help="What of `ocrkit answerers`.")
@click.option(
    "-A",
    "answerer_options",
    multiple=True,
    type=pair,
    metavar="KEY=VALUE",
    help="Option of the answerer; may be repeated.",
)
@json_option
@reading_options
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@with_registry
@debug_option
@click.pass_context
def command(ctx: click.Context, *, registry: Registry, **asked: Unpack[Asked]) -> None:
    """Answers questions about a picture or PDF, with the pages that say so.

    FILE is a picture or PDF, or a JSON file of `ocrkit recognize -f json`, which need not be read again. Without
    QUESTION it asks for questions until an empty line, or takes them line by line from standard input.

    Every citation was looked for on its page, and found there; what the document does not say is not answered.
    """
    debug = ctx.ensure_object(State).debug
    options = dict(asked["answerer_options"])
    spec = registry.answerer_spec(asked["answerer"])
    parse_options(spec.options, options, owner=f"answerer {spec.name}")  # before a long file is read
    with nullcontext() if debug else native_messages_hidden():
        document = _document(asked, registry)
    with (
        Answerers(registry) as answerers,
        Conversation(document, answerer=spec.name, options=options, answerers=answerers) as conversation,
    ):
        answered = [_told(conversation, question, asked) for question in _questions(asked["question"])]
    if not all(answered):
        ctx.exit(FAILED)


def _document(asked: Asked, registry: Registry) -> Document:
    if asked["file"].lower().endswith(".json"):
        try:
            return Document.from_json(Path(asked["file"]).read_bytes())
        except OSError as error:
            raise SourceNotFoundError(f"{asked['file']}: {error.strerror}.") from error
    progress = Progress(1, quiet=asked["quiet"])
    try:
        with Recognizer(registry, workers=asked["workers"]) as recognizer:
            progress.begin(asked["file"])
            document = recognizer.recognize(
                asked["file"], on_page=lambda page, total: progress.page(0, page, total), **recognize_options(asked)
            )
    finally:
        progress.clear()
    for line in failure_lines(document, asked["file"]):
        click.echo(line, err=True)
    return document


def _questions(question: str | None) -> Iterator[str]:
    if question is not None:
        yield question
        return
    prompt = "? " if sys.stdin.isatty() else ""
    while True:
        click.echo(prompt, nl=False, err=True)
        line = sys.stdin.readline()
        if line.strip():
            yield line.strip()
        elif prompt or not line:
            return


def _told(conversation: Conversation, question: str, asked: Asked) -> bool:
    """Whether the question could be put at all; an error costs its question and no other."""
    try:
        answer = conversation.ask(question)
    except OcrkitError as error:
        click.echo(error_line(error), err=True)
        return False
    if asked["as_json"]:
        told = {"question": question, "found": answer.found, **asdict(answer)}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        _show(answer)
    return True


def _show(answer: Answer) -> None:
    if answer.note:
        click.echo(f"note: {answer.note}", err=True)
    click.echo(answer.content)
    for citation in answer.citations:
        words = " ".join(citation.snippet.split())
        shown = words if len(words) <= _SNIPPET else f"{words[: _SNIPPET - 1]}…"
        click.echo(f"  p. {citation.page}: “{shown}”")

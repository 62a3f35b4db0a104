"""`ocrkit view`: the pages of a file with what was read drawn on them, to look at."""

from __future__ import annotations

import io
import sys
import tempfile
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Literal, TypeAlias, Unpack, cast

import click

from ocrkit.api import Recognizer
from ocrkit.cli.inputs import find_inputs
from ocrkit.cli.native import native_messages_hidden
from ocrkit.cli.options import State, debug_option
from ocrkit.cli.outputs import destination, write
from ocrkit.cli.plugin_choice import with_registry
from ocrkit.cli.problems import FAILED
from ocrkit.cli.progress import Progress
from ocrkit.cli.reading_options import ReadingAsked, reading_options, recognize_options
from ocrkit.cli.remarks import failure_lines, warning_lines
from ocrkit.drawing import DEFAULT_LAYERS, LAYERS
from ocrkit.exporting import export_to
from ocrkit.sources import open_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from ocrkit.api import RecognizeOptions
    from ocrkit.cli.inputs import Input
    from ocrkit.drawing import Layer
    from ocrkit.model import Document
    from ocrkit.registry import Registry
    from ocrkit.sources import Source, SourceInput

Form: TypeAlias = Literal["html", "png"]

_IN_MEMORY = 16 * 2**20
"""Bytes of an HTML page up to which it waits in memory for its destination."""


class Asked(ReadingAsked):
    """The options of the command, as click passes them."""

    file: str
    form: Form | None
    output: str | None
    layers: tuple[Layer, ...]
    quiet: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of one file, and where.

    Attributes:
        document: what was read.
        file: what it was read from.
        layers: what is drawn.
        form: `html` or `png`.
        target: the file to write, before pages are told apart; `None` for standard output.
    """

    document: Document
    file: Source
    layers: tuple[Layer, ...]
    form: Form
    target: Path | None


@click.command(name="view")
@click.argument("file", metavar="FILE")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["html", "png"]),
    help="One HTML page, or a PNG picture for each page. Default: by the ending of -o, else html.",
)
@click.option(
    "-o", "--output", metavar="PATH", help="File or folder to write, or -; default is a new file in this folder."
)
@click.option(
    "--show",
    "layers",
    type=click.Choice(LAYERS),
    multiple=True,
    default=DEFAULT_LAYERS,
    show_default=True,
    help="What to draw; may be repeated. In an HTML page everything can be switched on and off.",
)
@reading_options
@click.option("-q", "--quiet", is_flag=True, help="Print errors only: no progress, no warnings, no names of files.")
@with_registry
@debug_option
@click.pass_context
def command(ctx: click.Context, *, registry: Registry, **asked: Unpack[Asked]) -> None:
    """Reads a picture or PDF and shows what was read where.

    Writes an HTML page that works offline: the page images with blocks, reading order, tables, lines, words
    and confidence drawn on them, each to be switched on and off, and the text beside them. Or, with -f png, a
    picture for each page. Prints the names of the files it has written.

    Exits with 0 if every page was read, 1 if any failed, 2 if the command line is wrong.
    """
    inputs = find_inputs([asked["file"]])
    if len(inputs) > 1:
        raise click.UsageError(f"{asked['file']} names {len(inputs)} files; name one.")
    form, target = _target(inputs[0], asked)
    options = recognize_options(asked)
    source = inputs[0].path or sys.stdin.buffer.read(options["limits"].max_bytes + 1)
    with nullcontext() if ctx.ensure_object(State).debug else native_messages_hidden():
        document = _read(registry, source, inputs[0], asked=asked, options=options)
        with open_source(source, password=options["password"], limits=options["limits"], dpi=options["dpi"]) as file:
            shown = Shown(document=document, file=file, layers=asked["layers"], form=form, target=target)
            for path in _write_pictures(shown) if form == "png" else _write_html(shown, registry):
                if not asked["quiet"]:
                    click.echo(path)
    if any(failure_lines(document, inputs[0].label)):
        ctx.exit(FAILED)


def _target(one: Input, asked: Asked) -> tuple[Form, Path | None]:
    """The form, and the file to write it to; `None` for standard output.

    Raises:
        click.UsageError: the file is the input.
    """
    there = destination(asked["output"] or ".")
    form = asked["form"] or ("png" if there.file and there.file.suffix.lower() == ".png" else "html")
    target = there.file or (there.folder / f"{one.place.stem}.view.{form}" if there.folder else None)
    if target and one.path and target.exists() and one.path.exists() and target.samefile(one.path):
        raise click.UsageError(f"{target} is the input; write to another file.")
    return form, target


def _read(registry: Registry, source: SourceInput, one: Input, *, asked: Asked, options: RecognizeOptions) -> Document:
    """The document, after telling what is wrong with it."""
    progress = Progress(1, quiet=asked["quiet"])
    progress.begin(one.label)
    try:
        with Recognizer(registry, workers=asked["workers"]) as recognizer:
            document = recognizer.recognize(source, on_page=partial(progress.page, 0), **options)
    finally:
        progress.clear()
    if one.path is None:
        document = document.model_copy(update={"source": one.label})
    for line in failure_lines(document, one.label):
        click.echo(line, err=True)
    for line in () if asked["quiet"] else warning_lines(document, one.label):
        click.echo(line, err=True)
    return document


def _write_html(shown: Shown, registry: Registry) -> Iterator[Path]:
    """Writes the HTML page and gives its path."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spooled:
        out = cast("BinaryIO", spooled)
        export_to(out, shown.document, "view", source=shown.file, options={"layers": shown.layers}, registry=registry)
        out.seek(0)
        write(out, shown.target)
    if shown.target:
        yield shown.target


def _write_pictures(shown: Shown) -> Iterator[Path]:
    """Writes a picture for each page, of several each with its page's number in its name, and gives their paths.

    Raises:
        click.UsageError: several pictures are to go to standard output.
    """
    several = len(shown.document.pages) > 1
    if several and shown.target is None:
        raise click.UsageError("Several pictures need a folder: -o FOLDER.")
    # Imported only now: help and listings must not load an imaging library.
    page_png = import_module("ocrkit.drawing.png").page_png
    for page in shown.document.pages:
        path = shown.target
        if path and several:
            path = path.with_name(f"{path.stem}-{page.number}{path.suffix}")
        write(io.BytesIO(page_png(page, shown.file.page(page.number).pixels, layers=shown.layers)), path)
        if path:
            yield path

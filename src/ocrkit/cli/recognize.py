"""`ocrkit recognize`: files in, documents out; a file that fails costs an error line and no other file."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, TypedDict, Unpack, get_args

import click

from ocrkit.cli.inputs import find_inputs
from ocrkit.cli.native import native_messages_hidden
from ocrkit.cli.options import State, debug_option, pair
from ocrkit.cli.outputs import Destination, destination, plan
from ocrkit.cli.plugin_choice import with_registry
from ocrkit.cli.problems import FAILED, PASSWORD_VARIABLE
from ocrkit.cli.run import Run
from ocrkit.contracts import Tier
from ocrkit.errors import OptionError
from ocrkit.options import parse_options
from ocrkit.pipeline import TextLayerMode
from ocrkit.sources import DEFAULT_DPI, Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.api import RecognizeOptions
    from ocrkit.contracts import ExporterSpec
    from ocrkit.registry import Registry

DEFAULT_FORMAT = "md"

Pairs = tuple[tuple[str, object], ...]


class Asked(TypedDict):
    """The options of the command, as click passes them."""

    files: tuple[str, ...]
    formats: tuple[str, ...]
    output: str | None
    tier: Tier
    engine: str | None
    language: str
    pages: str | None
    text_layer: TextLayerMode
    dpi: float
    ask_password: bool
    limits: Pairs
    workers: int | None
    engine_options: Pairs
    exporter_options: Pairs
    quiet: bool


@click.command(name="recognize")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT",
    help=f"Format to write; may be repeated. Default: by the ending of -o, else {DEFAULT_FORMAT}.",
)
@click.option("-o", "--output", metavar="PATH", help="File or folder to write; default is standard output.")
@click.option("--tier", type=click.Choice(get_args(Tier)), default="cpu", show_default=True, help="Kind of engine.")
@click.option("--engine", metavar="NAME", help="Engine of `ocrkit engines`; default is the tier's.")
@click.option("--language", metavar="CODE", default="auto", show_default=True, help="Language of `ocrkit languages`.")
@click.option("--pages", metavar="RANGE", help="Pages to read, such as `3-`, `1,4-7` or `last`; default all.")
@click.option(
    "--text-layer",
    type=click.Choice(get_args(TextLayerMode)),
    default="auto",
    show_default=True,
    help="When to use the text that a PDF carries: where it can be trusted, wherever there is one, or never.",
)
@click.option(
    "--dpi",
    type=click.FloatRange(min=0, min_open=True),
    default=DEFAULT_DPI,
    show_default=True,
    help="Pixels an inch at which PDF pages are rendered.",
)
@click.option(
    "--password",
    "ask_password",
    is_flag=True,
    help=f"Ask for the password of encrypted PDFs. [env: {PASSWORD_VARIABLE}]",
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    type=pair,
    metavar="KEY=N",
    help=f"Refuse larger inputs; keys: {', '.join(Limits.model_fields)}.",
)
@click.option(
    "-j",
    "--workers",
    type=click.IntRange(min=0),
    help="Processes that read pages side by side; 0 reads in this one. Default: one a core for long documents.",
)
@click.option(
    "-E", "engine_options", multiple=True, type=pair, metavar="KEY=VALUE", help="Option of the engine; may be repeated."
)
@click.option(
    "-O",
    "exporter_options",
    multiple=True,
    type=pair,
    metavar="KEY=VALUE",
    help="Option of every format that has it; may be repeated.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print errors only: no progress and no warnings.")
@with_registry
@debug_option
@click.pass_context
def command(ctx: click.Context, *, registry: Registry, **asked: Unpack[Asked]) -> None:
    """Reads pictures and PDFs and writes what they say.

    FILE is a file, a folder (its pictures and PDFs, those of its sub-folders too), a pattern such as
    '*.png', or - for standard input.

    With -o FOLDER every output is named after its input; a path that ends with a slash or has no ending is
    a folder. An input is never overwritten.

    Exits with 0 if every page of every file was read, 1 if any failed, 2 if the command line is wrong.
    """
    there = destination(asked["output"])
    formats = _formats(registry, asked["formats"], there)
    inputs = find_inputs(asked["files"], outputs=there.folder)
    paths = plan(inputs, formats, there)
    run = Run(
        registry=registry,
        formats=formats,
        options=_recognize_options(asked),
        exporter_options=_exporter_options(formats, asked["exporter_options"]),
        workers=asked["workers"],
        quiet=asked["quiet"],
        debug=ctx.ensure_object(State).debug,
    )
    with nullcontext() if run.debug else native_messages_hidden():
        failed = run.all(list(zip(inputs, paths, strict=True)))
    if failed:
        ctx.exit(FAILED)


def _formats(registry: Registry, names: Iterable[str], there: Destination) -> list[ExporterSpec]:
    """The formats asked for, each once; else what the ending of the output file says, else the default."""
    if names:
        return [registry.exporter_spec(name) for name in dict.fromkeys(names)]
    if there.file is not None and there.file.suffix:
        fitting = [spec for spec in registry.exporters if there.file.name.lower().endswith(spec.extension)]
        if fitting:
            return [max(fitting, key=lambda spec: len(spec.extension))]
    return [registry.exporter_spec(DEFAULT_FORMAT)]


def _recognize_options(asked: Asked) -> RecognizeOptions:
    return {
        "tier": asked["tier"],
        "engine": asked["engine"],
        "language": asked["language"],
        "pages": asked["pages"],
        "text_layer": asked["text_layer"],
        "password": _password(ask=asked["ask_password"]),
        "limits": parse_options(Limits, dict(asked["limits"]), owner="--limit"),
        "dpi": asked["dpi"],
        "options": dict(asked["engine_options"]),
    }


def _password(*, ask: bool) -> str | None:
    if not ask:
        return os.environ.get(PASSWORD_VARIABLE)
    if not sys.stderr.isatty():
        raise click.UsageError(f"There is no terminal to ask for the password; set {PASSWORD_VARIABLE}.")
    return str(click.prompt("Password", hide_input=True, err=True))


def _exporter_options(formats: Sequence[ExporterSpec], pairs: Pairs) -> dict[str, dict[str, object]]:
    """The options of each format, checked now and not after an hour of reading."""
    known = {name for spec in formats for name in spec.options.model_fields}
    for key, _ in pairs:
        if key not in known:
            names = " or ".join(spec.name for spec in formats)
            hint = f"Options: {', '.join(sorted(known)) or 'none'}."
            raise OptionError(f"Option {key!r} does not exist for format {names}.", hint=hint)
    options = {spec.name: {k: v for k, v in pairs if k in spec.options.model_fields} for spec in formats}
    for spec in formats:
        parse_options(spec.options, options[spec.name], owner=f"format {spec.name}")
    return options

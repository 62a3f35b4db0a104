"""`ocrkit recognize`: files in, documents out; a file that fails costs an error line and no other file."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, NotRequired, Unpack, cast

import click
from click.core import ParameterSource

from ocrkit.cli.inputs import find_inputs
from ocrkit.cli.native import native_messages_hidden
from ocrkit.cli.options import State, debug_option, pair
from ocrkit.cli.outputs import Destination, destination, plan
from ocrkit.cli.plugin_choice import with_registry
from ocrkit.cli.problems import FAILED
from ocrkit.cli.reading_options import AnyFunction, ReadingAsked, reading_options, recognize_options
from ocrkit.cli.run import Run
from ocrkit.errors import OptionError
from ocrkit.options import parse_options
from ocrkit.presets import filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.api import RecognizeOptions
    from ocrkit.cli.reading_options import Pairs
    from ocrkit.contracts import ExporterSpec
    from ocrkit.registry import Registry
    from ocrkit.toolspec import ToolSpec

DEFAULT_FORMAT = "md"


class Asked(ReadingAsked):
    """The options of the command, as click passes them."""

    files: tuple[str, ...]
    formats: tuple[str, ...]
    output: str | None
    exporter_options: Pairs
    quiet: bool
    translate_to: str | None
    translator: str | None
    tool: NotRequired[str | None]


_OPTIONS = (
    click.argument("files", nargs=-1, required=True, metavar="FILE..."),
    click.option(
        "-f",
        "--format",
        "formats",
        multiple=True,
        metavar="FORMAT",
        help=f"Format to write; may be repeated. Default: by the ending of -o, else {DEFAULT_FORMAT}.",
    ),
    click.option("-o", "--output", metavar="PATH", help="File or folder to write; default is standard output."),
    reading_options,
    click.option(
        "--translator",
        metavar="NAME",
        envvar="OCRKIT_TRANSLATOR",
        show_envvar=True,
        help="Translator of `ocrkit translators`; default is the first that serves the pair.",
    ),
    click.option(
        "-O",
        "exporter_options",
        multiple=True,
        type=pair,
        metavar="KEY=VALUE",
        help="Option of every format that has it; may be repeated.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Print errors only: no progress and no warnings."),
)


def document_options(function: AnyFunction) -> AnyFunction:
    """Adds what every command has that reads files and writes documents: all of `Asked` but `translate_to`."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@click.command(name="recognize")
@document_options
@click.option("--tool", metavar="NAME", help="Preset of `ocrkit tools`; what is said beside it goes before it.")
@click.option("--translate-to", metavar="CODE", help="Language to translate into, of `ocrkit languages`.")
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
    read_and_write(ctx, registry, asked)


def read_and_write(ctx: click.Context, registry: Registry, asked: Asked) -> None:
    """Does what was asked, and ends with exit code 1 if something failed.

    Raises:
        OptionError: an option does not exist or has a bad value.
        click.UsageError: inputs, formats and output do not fit together.
    """
    there = destination(asked["output"])
    name = asked.get("tool")
    tool = registry.tool_spec(name) if name else None
    options: RecognizeOptions = {
        **recognize_options(asked),
        "translate_to": asked["translate_to"],
        "translator": asked["translator"],
    }
    if tool:
        options = _beside_tool(ctx, tool, options)
    formats = _formats(registry, asked["formats"], there, default=tool.format if tool else DEFAULT_FORMAT)
    inputs = find_inputs(asked["files"], outputs=there.folder)
    paths = plan(inputs, formats, there)
    run = Run(
        registry=registry,
        formats=formats,
        options=options,
        exporter_options=_exporter_options(formats, asked["exporter_options"], tool),
        workers=asked["workers"],
        quiet=asked["quiet"],
        debug=ctx.ensure_object(State).debug,
    )
    with nullcontext() if run.debug else native_messages_hidden():
        failed = run.all(list(zip(inputs, paths, strict=True)))
    if failed:
        ctx.exit(FAILED)


def _beside_tool(ctx: click.Context, tool: ToolSpec, options: RecognizeOptions) -> RecognizeOptions:
    """The tool's options under those that were typed, leaving out what click fills in by itself.

    Raises:
        OptionError: the tool needs something that was not given.
    """
    typed: dict[str, Any] = dict(options)
    for name in ("tier", "text_layer"):
        if ctx.get_parameter_source(name) is ParameterSource.DEFAULT:
            del typed[name]
    return cast("RecognizeOptions", {**filled(tool, typed), "tool": tool.name})


def _formats(registry: Registry, names: Iterable[str], there: Destination, *, default: str) -> list[ExporterSpec]:
    """The formats asked for, each once; else what the ending of the output file says, else the default."""
    if names:
        return [registry.exporter_spec(name) for name in dict.fromkeys(names)]
    if there.file is not None and there.file.suffix:
        fitting = [spec for spec in registry.exporters if there.file.name.lower().endswith(spec.extension)]
        if fitting:
            return [max(fitting, key=lambda spec: len(spec.extension))]
    return [registry.exporter_spec(default)]


def _exporter_options(
    formats: Sequence[ExporterSpec], pairs: Pairs, tool: ToolSpec | None
) -> dict[str, dict[str, object]]:
    """The options of each format, checked now and not after an hour of reading."""
    known = {name for spec in formats for name in spec.options.model_fields}
    for key, _ in pairs:
        if key not in known:
            names = " or ".join(spec.name for spec in formats)
            hint = f"Options: {', '.join(sorted(known)) or 'none'}."
            raise OptionError(f"Option {key!r} does not exist for format {names}.", hint=hint)
    options = {spec.name: {k: v for k, v in pairs if k in spec.options.model_fields} for spec in formats}
    if tool and tool.format in options:
        options[tool.format] = {**tool.format_options, **options[tool.format]}
    for spec in formats:
        parse_options(spec.options, options[spec.name], owner=f"format {spec.name}")
    return options

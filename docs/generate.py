"""Writes what the code knows into the pages of this folder: `python docs/generate.py [--check]`.

A page is prose with marked places; what stands between `<!-- generated: NAME -->` and `<!-- end -->` is made by
the function of that name below. With `--check` nothing is written, and a page that is out of date is an error.
"""

from __future__ import annotations

import inspect
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ocrkit.cli import describe
from ocrkit.cli.problems import EXIT_CODES, INTERRUPTED, USAGE, exit_code
from ocrkit.cli.root import COMMANDS, root
from ocrkit.cli.tables import cell_text
from ocrkit.errors import OcrkitError
from ocrkit.hookspecs import OcrkitHooks
from ocrkit.languages import LANGUAGES
from ocrkit.registry import Registry
from ocrkit.server.settings import Settings
from ocrkit.sources.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ocrkit.cli.tables import Row

FOLDER = Path(__file__).parent
PLACE = re.compile(r"(<!-- generated: (?P<name>[a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
HELP_WIDTH = 100
"""Columns of the help texts, whatever the terminal."""


def engines() -> Iterator[str]:
    """The built-in engines, and the options of each."""
    rows = [describe.engine_row(spec) for spec in _built_in().engines]
    yield from _table(rows, ["name", "tier", "summary", "languages", "provides", "licence", "install"])
    for row in rows:
        yield from ("", f"### Options of `{row['name']}`", "")
        yield from _options(row)


def formats() -> Iterator[str]:
    """The built-in formats, and the options of those that have some."""
    rows = [describe.format_row(spec) for spec in _built_in().exporters]
    yield from _table(rows, ["name", "extension", "media_type", "summary", "needs_source"])
    for row in rows:
        if row["options"]:
            yield from ("", f"### Options of `{row['name']}`", "")
            yield from _options(row)


def tools() -> Iterator[str]:
    """The built-in tools."""
    rows = [describe.tool_row(spec) for spec in _built_in().tools]
    yield from _table(rows, ["name", "tier", "engine", "text_layer", "format", "needs", "summary"])


def limits() -> Iterator[str]:
    """The limits with their defaults."""
    yield from _table(describe.option_rows(Limits), ["name", "type", "default", "description"])


def settings() -> Iterator[str]:
    """The settings of the service with their defaults; the folder as it is named on no particular machine."""
    rows = [
        {**row, "default": "~/.local/share/ocrkit"} if row["name"] == "data" else row
        for row in describe.option_rows(Settings)
        if row["name"] != "plans"
    ]
    yield from _table(rows, ["name", "default", "description"])


def languages() -> Iterator[str]:
    """Every language code."""
    rows = [describe.language_row(language) for language in LANGUAGES]
    yield from _table(rows, ["code", "name", "script", "direction", "aliases"])


def errors() -> Iterator[str]:
    """The error tree: each class with its code, what it says, and the exit code of the command line."""
    rows: list[Row] = [
        {
            "code": f"`{kind.code}`",
            "class": f"{'&nbsp;&nbsp;' * depth}`{kind.__name__}`",
            "meaning": inspect.cleandoc(kind.__doc__ or "").partition("\n")[0],
            "exit code": exit_code(kind("")),
        }
        for kind, depth in _tree(OcrkitError)
    ]
    yield from _table(rows, ["class", "code", "meaning", "exit code"])


def exit_codes() -> Iterator[str]:
    """What the exit codes mean."""
    names = ", ".join(f"`{kind.__name__}`" for kind, code in EXIT_CODES.items() if code == USAGE)
    yield from _table(
        [
            {"exit code": 0, "meaning": "All that was asked for was done."},
            {"exit code": 1, "meaning": "Something failed: an error line on standard error says what."},
            {"exit code": USAGE, "meaning": f"The command line is wrong ({names}): nothing was read."},
            {"exit code": INTERRUPTED, "meaning": "Ctrl-C ended it."},
        ],
        ["exit code", "meaning"],
    )


def command_help() -> Iterator[str]:
    """What `--help` prints, for `ocrkit` and every command."""
    context = click.Context(root, info_name="ocrkit", terminal_width=HELP_WIDTH, **root.context_settings)
    yield from ("```text", root.get_help(context), "```")
    for name in COMMANDS:
        command: click.Command = import_module(f"ocrkit.cli.{name}").command
        yield from _command_help(click.Context(command, parent=context, info_name=name))


def hooks() -> Iterator[str]:
    """Every hook with its docstring, the complete plugin in it included."""
    for name, hook in inspect.getmembers(OcrkitHooks, inspect.isfunction):
        if name.startswith("ocrkit_"):
            yield from (f"## `{name}()`", "", inspect.cleandoc(hook.__doc__ or ""), "")


GENERATORS: dict[str, Callable[[], Iterable[str]]] = {
    "engines": engines,
    "formats": formats,
    "tools": tools,
    "limits": limits,
    "settings": settings,
    "languages": languages,
    "errors": errors,
    "exit codes": exit_codes,
    "command help": command_help,
    "hooks": hooks,
}


def filled(page: str) -> str:
    """The text of a page with every marked place made anew.

    Raises:
        KeyError: a place has a name that no function here has.
    """
    return PLACE.sub(lambda place: place[1] + "\n".join(GENERATORS[place["name"]]()).strip() + "\n" + place[3], page)


def main(arguments: Sequence[str]) -> int:
    """Fills every page of the folder, or with `--check` says which are out of date; the exit code."""
    stale = []
    for path in sorted(FOLDER.rglob("*.md")):
        old = path.read_text("utf-8")
        new = filled(old)
        if new != old:
            stale.append(path)
            if "--check" not in arguments:
                path.write_text(new, "utf-8")
    for path in stale:
        print(f"{'out of date' if '--check' in arguments else 'written'}: docs/{path.relative_to(FOLDER)}")
    if stale and "--check" in arguments:
        print("run `make docs` and commit what it writes")
        return 1
    return 0


def _built_in() -> Registry:
    """A registry without what happens to be installed here besides."""
    return Registry.discover(only=())


def _table(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[str]:
    yield "| " + " | ".join(column.replace("_", " ") for column in columns) + " |"
    yield "| " + " | ".join("---" for _ in columns) + " |"
    for row in rows:
        yield "| " + " | ".join(cell_text(row[column]).replace("|", r"\|") for column in columns) + " |"


def _command_help(context: click.Context) -> Iterator[str]:
    command = context.command
    yield from ("", f"## `{context.command_path}`", "", "```text", command.get_help(context), "```")
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _command_help(click.Context(below, parent=context, info_name=name))


def _options(row: Row) -> Iterator[str]:
    options = row["options"]
    if isinstance(options, list) and options:
        yield from _table(options, ["name", "type", "default", "description"])
    else:
        yield "None."


def _tree(kind: type[OcrkitError], depth: int = 0) -> Iterator[tuple[type[OcrkitError], int]]:
    yield kind, depth
    for below in kind.__subclasses__():
        yield from _tree(below, depth + 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

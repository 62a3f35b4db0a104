"""`ocrkit` itself: finds the command, runs it, and turns whatever goes wrong into one line and an exit code.

Imports click and nothing else that costs time; a command's module is imported when it is called.
"""

from __future__ import annotations

import traceback
from importlib import import_module
from typing import cast

import click

from ocrkit import __version__
from ocrkit.cli.options import State, debug_option
from ocrkit.cli.problems import INTERRUPTED, USAGE, error_line, exit_code

COMMANDS = {
    "recognize": "Reads pictures and PDFs and writes what they say.",
    "translate": "Reads pictures and PDFs and writes what they say in another language.",
    "view": "Reads a picture or PDF and shows what was read where.",
    "chat": "Answers questions about a picture or PDF, with the pages that say so.",
    "engines": "Lists the engines that read pages, or the options of one.",
    "formats": "Lists the formats that documents are written in, or the options of one.",
    "answerers": "Lists what answers questions about documents, or the options of one.",
    "tools": "Lists the tools, or the settings of one.",
    "languages": "Lists the languages, the codes that name them, and which engine reads each on this machine.",
    "translators": "Lists the translators and the pairs of languages that each serves here.",
    "plugins": "Lists the plugins, what each provides and what is wrong with it.",
    "serve": "Serves the OCR.chat API until Ctrl-C or SIGTERM.",
    "account": "Makes accounts, gives them credits and tokens, shuts them out.",
    "migrate": "Brings the service's database to the tables of this version.",
    "doctor": "Says what works here, what is missing and how to get it.",
}
"""Every command with its line in `ocrkit --help`; the command lives in the module of the same name."""


class LazyGroup(click.Group):
    """A group that lists its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click passes the context
        """The names of all commands, the most used first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  as above
        """The command of this name, imported now; `None` if there is none."""
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", import_module(f"ocrkit.cli.{cmd_name}").command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  as above
        """Writes the commands from the table above, where click would import each."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`ocrkit COMMAND --help` tells more about a command.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@debug_option
def root() -> None:
    """Turns pictures and PDFs into text, Markdown, tables, Word, searchable PDF, CSV and JSON."""


def main(args: list[str] | None = None) -> int:
    """Runs the command line and gives its exit code; `args` default to those of the process."""
    state = State()
    try:
        return _run(args, state)
    except Exception as error:  # noqa: BLE001  the outermost place: users see one line, never a traceback
        if state.debug:
            traceback.print_exc()
        click.echo(error_line(error), err=True)
        return exit_code(error)


def _run(args: list[str] | None, state: State) -> int:
    try:
        result = root.main(args, prog_name="ocrkit", standalone_mode=False, obj=state)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "ocrkit"
        click.echo(f"error: {error.format_message()} Try `{command} --help`.", err=True)
        return USAGE
    except click.Abort:
        return INTERRUPTED
    # click gives the code of ctx.exit(), which --help and --version use too, else what the command returns.
    return result if isinstance(result, int) else 0

from __future__ import annotations

import resource
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click
import pytest

import ocrkit as library
from ocrkit.cli.problems import EXIT_CODES, error_line, exit_code
from ocrkit.cli.root import COMMANDS
from ocrkit.errors import OcrkitError, SourceNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Ocrkit

HELP_BUDGET = 0.3
"""Seconds of CPU that `ocrkit --help` may take."""


def tree(kind: type[OcrkitError]) -> Iterator[type[OcrkitError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from tree(below)


@pytest.mark.parametrize("kind", list(tree(OcrkitError)), ids=lambda kind: kind.__name__)
def test_every_error_has_an_exit_code_of_its_branch(kind: type[OcrkitError]) -> None:
    branches = [above for above in kind.__mro__ if OcrkitError in above.__bases__ or above is OcrkitError]
    assert branches[0] in EXIT_CODES, "a new branch of the tree needs an exit code"
    assert exit_code(kind("Something is wrong.")) in (1, 2)


def test_an_error_is_one_line_with_its_next_step() -> None:
    error = SourceNotFoundError("The file\nis gone.", hint="Look elsewhere.")
    assert error_line(error, about="a.pdf") == "error: a.pdf: The file is gone. Look elsewhere."


def test_an_error_that_names_its_file_is_not_made_to_name_it_twice() -> None:
    assert error_line(SourceNotFoundError("'a.pdf' is gone."), about="a.pdf") == "error: 'a.pdf' is gone."


def test_a_bug_is_one_line_too() -> None:
    assert error_line(ZeroDivisionError("x\ny")).startswith("error: unexpected ZeroDivisionError: x y.")


@pytest.mark.parametrize("name", list(COMMANDS))
def test_a_command_is_summed_up_as_its_help_begins(name: str) -> None:
    command = import_module(f"ocrkit.cli.{name}").command
    assert isinstance(command, click.Command)
    assert command.name == name
    assert (command.help or "").splitlines()[0] == COMMANDS[name]


def test_help_takes_little_time() -> None:
    def seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "ocrkit", "--help"], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(3)) < HELP_BUDGET


def test_help_lists_every_command(ocrkit: Ocrkit) -> None:
    done = ocrkit("--help")
    assert done.returncode == 0
    assert all(f"  {name}  " in done.stdout for name in COMMANDS)


def test_the_version_is_the_library_s(ocrkit: Ocrkit) -> None:
    assert ocrkit("--version").stdout == f"ocrkit {library.__version__}\n"


def test_a_command_that_does_not_exist_is_one_line(ocrkit: Ocrkit) -> None:
    done = ocrkit("recognise")
    assert done.returncode == 2
    assert done.stderr.startswith("error: No such command 'recognise'.")
    assert done.stderr.count("\n") == 1

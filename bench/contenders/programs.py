"""Runs a program that is a contender, or part of one."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class ProgramFailedError(Exception):
    """A program ended badly; the message holds its last words."""


def run_program(command: Sequence[str], *, given: bytes = b"", **environment: str) -> bytes:
    """What the program prints when it is given these bytes.

    Raises:
        ProgramFailedError: it did not exit with 0.
    """
    done = subprocess.run(command, input=given, capture_output=True, check=False, env={**os.environ, **environment})
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"]
        raise ProgramFailedError(f"{command[0]} ended with {done.returncode}: {last[-1]}")
    return done.stdout

"""Contender `ocrkit-command`: what a user types."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.contenders.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.contenders import Format, Outputs, Read, Setup


@contextmanager
def contend(setup: Setup) -> Iterator[Read]:
    """One `ocrkit recognize` a file and format."""
    flags = ["--language", setup.language]
    flags += ["--engine", setup.engine] if setup.engine else []
    flags += ["--workers", str(setup.workers)] if setup.workers is not None else []
    flags += [word for key, value in setup.options.items() for word in ("-E", f"{key}={value}")]

    def written(path: Path, wanted: Format) -> bytes:
        with tempfile.TemporaryDirectory(dir=setup.scratch) as folder:
            command = [sys.executable, "-m", "ocrkit", "recognize", str(path), "-f", wanted, "-o", folder, *flags]
            run_program(command)
            (out,) = Path(folder).iterdir()
            return out.read_bytes()

    def read(path: Path, /) -> Outputs:
        return {wanted: written(path, wanted) for wanted in setup.formats}

    yield read

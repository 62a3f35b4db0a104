"""Contender `ocrmypdf`: the program, writing a plain searchable PDF."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.contenders.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.contenders import Outputs, Read, Setup


@contextmanager
def contend(setup: Setup) -> Iterator[Read]:
    """One run of the program a file; it starts its own processes."""
    out = Path(setup.scratch) / "searchable.pdf"

    def read(path: Path, /) -> Outputs:
        flags = ["--jobs", str(setup.jobs), "--output-type", "pdf", "--quiet", "-l", setup.peer_languages]
        run_program(["ocrmypdf", *flags, str(path), str(out)])
        return {"pdf": out.read_bytes()}

    yield read

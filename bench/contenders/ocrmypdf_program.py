"""Contender `ocrmypdf`: the program, writing a plain searchable PDF."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.contenders import Outputs, Read, Setup


@contextmanager
def contend(setup: Setup) -> Iterator[Read]:
    """One run of the program a file; it starts its own processes."""
    out = Path(setup.scratch) / "searchable.pdf"

    def read(path: Path, /) -> Outputs:
        subprocess.run(
            [
                "ocrmypdf",
                "--jobs",
                str(setup.jobs),
                "--output-type",
                "pdf",
                "--quiet",
                "-l",
                setup.peer_languages,
                path,
                out,
            ],
            check=True,
        )
        return {"pdf": out.read_bytes()}

    yield read

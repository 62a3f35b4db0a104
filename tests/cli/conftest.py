"""The command line as a process of its own, and small real files for it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Protocol

import pikepdf
import pymupdf
import pytest

if TYPE_CHECKING:
    from pathlib import Path


class Ocrkit(Protocol):
    def __call__(
        self, *args: str | Path, stdin: bytes = b"", cwd: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]: ...


class MakePdf(Protocol):
    def __call__(self, name: str, *texts: str, password: str = "") -> Path: ...


@pytest.fixture
def ocrkit(tmp_path: Path) -> Ocrkit:
    """Runs `ocrkit` in `tmp_path` and gives what came of it."""

    def run(
        *args: str | Path, stdin: bytes = b"", cwd: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "ocrkit", *map(str, args)],
            input=stdin,
            capture_output=True,
            check=False,
            cwd=cwd or tmp_path,
            env={**os.environ, **environment},
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode()
        )

    return run


@pytest.fixture
def make_pdf(tmp_path: Path) -> MakePdf:
    """Writes a born-digital PDF below `tmp_path`, one page a text: read without recognition, so in no time."""

    def make(name: str, *texts: str, password: str = "") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with pymupdf.open() as document:
            for text in texts:
                document.new_page().insert_text((72, 72), text)
            document.save(path)
        if password:
            with pikepdf.open(path, allow_overwriting_input=True) as written:
                written.save(path, encryption=pikepdf.Encryption(user=password, owner=password))
        return path

    return make

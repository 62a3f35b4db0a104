"""Reads PDF text back through three programs that share no code, and checks files."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from bench.readers import READERS, Reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(params=READERS, ids=lambda reader: reader.name)
def reader(request: pytest.FixtureRequest) -> Reader:
    made: Reader = request.param
    return made


@pytest.fixture
def check_pdf(tmp_path: Path) -> Callable[[bytes], None]:
    """Fails where `qpdf --check` finds anything to say."""

    def check(data: bytes) -> None:
        path = tmp_path / "checked.pdf"
        path.write_bytes(data)
        done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "WARNING" not in done.stdout + done.stderr

    return check

"""The snippets of docs/http-api.md, run against a server by the programs that they are for."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.server.running import Running, png

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs" / "http-api.md"


def snippet(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(tmp_path_factory.mktemp("clients")) as started:
        yield started.start()
        started.stop()


@pytest.fixture
def desk(running: Running, tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Path, dict[str, str]]:
    """A folder with what the snippets send, and the variables that they read."""
    (tmp_path / "invoice.png").write_bytes(png())
    token = running.token(f"{request.node.name}@example.org")
    return tmp_path, {**os.environ, "OCR_URL": running.url, "TOKEN": token}


def output(command: list[str], desk: tuple[Path, dict[str, str]]) -> str:
    folder, environment = desk
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_curl_snippet_runs(desk: tuple[Path, dict[str, str]]) -> None:
    job = json.loads(output(["sh", "-c", snippet("sh")], desk))
    assert (job["status"], job["text"]) == ("done", "Page 1 of the rehearsal")


def test_the_python_snippet_runs(desk: tuple[Path, dict[str, str]]) -> None:
    assert output([sys.executable, "-c", snippet("python")], desk) == "done Page 1 of the rehearsal\n"


def test_the_javascript_snippet_runs(desk: tuple[Path, dict[str, str]]) -> None:
    (desk[0] / "client.mjs").write_text(snippet("js"), "utf-8")
    assert output(["node", "client.mjs"], desk) == "done Page 1 of the rehearsal\n"

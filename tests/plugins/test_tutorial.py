"""The tutorial does what it says: its files are written, its commands run, its output compared, line by line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

TUTORIAL = Path(__file__).parents[2] / "docs" / "plugins" / "tutorial.md"
BLOCK = re.compile(r"(?P<prose>.*?)^```(?P<language>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"`(?P<path>[^`\s]+)`:\s*$")


@dataclass(frozen=True, slots=True)
class File:
    path: str
    content: str


@dataclass(frozen=True, slots=True)
class Command:
    line: str
    output: tuple[str, ...]


def steps(markdown: str) -> Iterator[File | Command]:
    """The files and commands of a page in their order; a block that is neither is an error."""
    for block in BLOCK.finditer(markdown):
        if block["language"] == "console":
            for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
                line, *output = part.splitlines()
                yield Command(line=line, output=tuple(output))
        else:
            named = FILE.search(block["prose"])
            assert named, f"no file is named before the block that begins with {block['body'][:40]!r}"
            yield File(path=named["path"], content=block["body"])


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.slow
def test_a_reader_who_follows_the_tutorial_gets_what_it_shows(tmp_path: Path) -> None:
    site = tmp_path / "site"
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        # The reader's `pip install .` goes into a folder of its own, offline.
        "PIP_TARGET": str(site),
        "PIP_NO_DEPS": "1",
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads this as "no isolation"
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONPATH": str(site),
        "COLUMNS": "200",
    }
    folder = tmp_path
    for step in steps(TUTORIAL.read_text("utf-8")):
        if isinstance(step, File):
            path = folder / step.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.content, "utf-8")
        elif step.line.startswith("cd "):
            folder /= step.line.removeprefix("cd ")
        else:
            done = subprocess.run(  # noqa: S602 - the commands are our own, and are to be read as a shell reads them
                step.line, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            said = [squeezed(line) for line in (done.stdout + done.stderr).splitlines()]
            refused = any(line.startswith("error:") for line in step.output)
            assert (done.returncode != 0) == refused, f"{step.line}\n{done.stdout}{done.stderr}"
            missing = [line for line in step.output if line != "…" and squeezed(line) not in said]
            assert not missing, f"{step.line} does not print {missing} but:\n{done.stdout}{done.stderr}"


def test_the_code_of_the_tutorial_is_about_thirty_lines() -> None:
    code = [step.content for step in steps(TUTORIAL.read_text("utf-8")) if isinstance(step, File)]
    engine = [line for source in code[1:3] for line in source.splitlines() if line.strip()]
    assert len(engine) <= 40

"""Runs what README.md and the pages of docs/ tell readers to run.

Every `python` block runs in a fresh interpreter, and every `sh` block whose lines are all calls of `ocrkit`,
line by line; a block before which stands `<!-- not run: reason -->` is left out. Each snippet has a folder of its
own with the files that the pages name. The tutorial is built step by step by a test of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted(path for path in (ROOT / "docs").rglob("*.md") if path.name != "tutorial.md")]
FENCE = re.compile(
    r"(?P<not_run><!-- not run: [^>]+ -->\n+)?^```(?P<language>python|sh)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Snippet:
    page: str
    line: int
    language: str
    code: str

    @property
    def commands(self) -> list[str]:
        lines = self.code.replace("\\\n", " ").splitlines()
        return [line for line in lines if line.strip() and not line.startswith("#")]

    @property
    def runs(self) -> bool:
        return self.language == "python" or all(line.startswith("ocrkit ") for line in self.commands)

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def snippets(page: Path) -> list[Snippet]:
    text = page.read_text("utf-8")
    found = [
        Snippet(page.name, text.count("\n", 0, match.start("code")), match["language"], match["code"])
        for match in FENCE.finditer(text)
        if not match["not_run"]
    ]
    return [snippet for snippet in found if snippet.runs]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with what the snippets name: the examples, a scan as PDF and PNG, two photographs."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    with Image.open(ROOT / "examples" / "invoice.png") as picture:
        sheet = picture.convert("RGB")
    sheet.save(tmp_path / "scan.pdf", resolution=200)
    sheet.save(tmp_path / "scan.png")
    part = sheet.crop((0, 0, sheet.width, sheet.height // 4))
    part.save(tmp_path / "one.jpg")
    part.save(tmp_path / "two.jpg")
    return tmp_path


def run(snippet: Snippet, folder: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "OCRKIT_DATA": str(folder / "data"),  # accounts made here are nobody's
    }
    calls = [[sys.executable, "-c", snippet.code]] if snippet.language == "python" else []
    calls = calls or [["bash", "-c", f"set -o pipefail; {command}"] for command in snippet.commands]
    for call in calls:
        done = subprocess.run(call, check=False, cwd=folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{snippet}\n{call[-1]}\n{done.stderr}"


@pytest.mark.slow
@pytest.mark.parametrize("snippet", [snippet for page in PAGES for snippet in snippets(page)], ids=str)
def test_a_snippet_runs(snippet: Snippet, desk: Path) -> None:
    run(snippet, desk)


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("```python\nraise SystemExit(3)\n```\n", 1),
        ("```sh\nocrkit engines nonsense\n```\n", 1),
        ("```sh\nmake run\n```\n", 0),
        ("<!-- not run: needs a GPU -->\n\n```python\n1 / 0\n```\n", 0),
    ],
)
def test_a_snippet_that_fails_is_found(tmp_path: Path, page: str, count: int) -> None:
    path = tmp_path / "page.md"
    path.write_text(page)
    found = snippets(path)
    assert len(found) == count
    for snippet in found:
        with pytest.raises(AssertionError, match=r"page\.md"):
            run(snippet, tmp_path)

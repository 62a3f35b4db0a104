"""A user's type checker sees ocrkit as typed: right programs pass mypy's strict mode, wrong ones do not."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

RIGHT = """
from collections.abc import Iterable, Iterator
from pathlib import Path

import ocrkit
from ocrkit.contracts import EngineOptions, EngineSpec
from ocrkit.hookspecs import hookimpl
from ocrkit.model import EngineRun
from ocrkit.raster import PageImage
from ocrkit.testing import EngineContract


def texts(path: Path) -> dict[int, str]:
    document = ocrkit.recognize(path, engine="rapidocr", language="en", pages="1-3", text_layer="never")
    return {page.number: page.text for page in document.pages if page.status is ocrkit.PageStatus.OK}


def headings(data: bytes) -> Iterator[tuple[str, float]]:
    for page in ocrkit.stream(data):
        for block in page.blocks:
            if block.kind is ocrkit.BlockKind.SECTION_HEADER:
                yield block.text, block.bbox[1]


def confident(document: ocrkit.Document) -> float:
    return document.confidence or 0.0


async def convert(path: str) -> bytes:
    document = await ocrkit.arecognize(path)
    async for page in ocrkit.astream(path):
        print(page.number)
    return await ocrkit.aexport(document, "docx", source=path)


def many(paths: list[str]) -> list[ocrkit.Table]:
    with ocrkit.Recognizer(ocrkit.Registry.discover()) as recognizer:
        return [table for path in paths for table in recognizer.recognize(path).tables]


class MyOptions(EngineOptions):
    contrast: int = 3


class MyEngine:
    def recognize(self, images: Iterable[PageImage], options: MyOptions, /) -> Iterator[ocrkit.Page]:
        for image in images:
            yield image.page(run=EngineRun(engine="mine", version=str(options.contrast)))

    def close(self) -> None:
        pass


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    yield EngineSpec(name="mine", summary="Mine", load="mine:MyEngine", licence="MIT", options=MyOptions)


class TestMine(EngineContract):
    engine = "mine"
    options = (MyOptions(contrast=4),)


reveal_type(ocrkit.recognize("a.png"))
reveal_type(ocrkit.recognize("a.png").pages[0].blocks[0].table)
reveal_type(ocrkit.export(ocrkit.Document(), "md"))
"""

REVEALED = ["ocrkit.model.Document", "ocrkit.model.Table | None", "bytes"]

WRONG = {
    "ocrkit.recognize(1.5)": "arg-type",
    'ocrkit.recognize("a.png", engin="rapidocr")': "call-arg",
    'ocrkit.recognize("a.png", text_layer="sometimes")': "arg-type",
    'ocrkit.recognize("a.png").txt': "attr-defined",
    'ocrkit.export("a.png", "md")': "arg-type",
    "ocrkit.recognise": "attr-defined",
    "ocrkit.Line(text=3, bbox=(0.0, 0.0, 1.0, 1.0))": "arg-type",
}


def checked(folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    """Runs mypy as a user does: in another folder, on installed packages, without our configuration."""
    (folder / "user.py").write_text(source, "utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "user.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_right_program_passes_and_its_values_have_types(tmp_path: Path) -> None:
    done = checked(tmp_path, RIGHT)
    revealed = re.findall(r'Revealed type is "(?:builtins\.)?(.*)"', done.stdout)
    assert revealed == REVEALED, done.stdout
    assert done.returncode == 0, done.stdout


def test_each_mistake_is_found(tmp_path: Path) -> None:
    done = checked(tmp_path, "\n".join(["import ocrkit", *WRONG]))
    errors = re.findall(r"^user\.py:(\d+): error: .*\[([\w-]+)\]$", done.stdout, re.MULTILINE)
    found = {int(line): code for line, code in errors}
    assert found == dict(enumerate(WRONG.values(), start=2)), done.stdout

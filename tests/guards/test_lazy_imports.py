"""`import ocrkit`, `--help` and the listings load nothing heavy; measured in a fresh interpreter."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ["numpy", "onnxruntime", "rapidocr", "cv2", "pymupdf", "pikepdf", "docx", "PIL", "torch", "starlette", "scipy"]


def heavy_modules_after(code: str) -> list[str]:
    report = f"import json, sys\n{code}\nprint()\nprint(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    heavy: list[str] = json.loads(done.stdout.splitlines()[-1])
    return heavy


CLI = "from ocrkit.cli import main\ntry: main({args!r})\nexcept SystemExit: pass"


@pytest.mark.parametrize(
    "code",
    [
        "import ocrkit",
        "import ocrkit; ocrkit.recognize; ocrkit.Document",
        "import ocrkit; ocrkit.ask",
        "from ocrkit.registry import Registry; r = Registry.discover(); r.engines, r.exporters, r.plugins",
        CLI.format(args=["--help"]),
        CLI.format(args=["recognize", "--help"]),
        CLI.format(args=["view", "--help"]),
        CLI.format(args=["chat", "--help"]),
        CLI.format(args=["answerers"]),
        CLI.format(args=["translators"]),
        CLI.format(args=["tools"]),
        CLI.format(args=["translate", "--help"]),
        CLI.format(args=["engines"]),
        CLI.format(args=["formats"]),
        CLI.format(args=["plugins"]),
        CLI.format(args=["languages"]),
    ],
)
def test_nothing_heavy_is_loaded(code: str) -> None:
    assert heavy_modules_after(code) == []


def test_the_guard_bites() -> None:
    assert heavy_modules_after("import numpy") == ["numpy"]

"""Distributions as an installer leaves them, found by real discovery in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from pydantic import BaseModel, TypeAdapter

from ocrkit.testing import text_image

if TYPE_CHECKING:
    from collections.abc import Mapping

FAULTS = Path(__file__).parent / "faults"
METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\nLicense: MIT\n"


class Plugin(BaseModel):
    """One entry of `ocrkit plugins --json`."""

    name: str
    origin: str
    version: str
    licence: str
    state: str
    provides: list[str]
    problems: list[str]


@dataclass(frozen=True, slots=True)
class SitePackages:
    """A folder of installed distributions, and commands that see it.

    Attributes:
        folder: the folder, before all others on the path.
        work: where commands run; `page.png` and `pages.tiff` (3 pages) lie there.
    """

    folder: Path
    work: Path

    def install(self, modules: Mapping[str, str], *, points: Mapping[str, str], distribution: str) -> Path:
        """Installs files by path and entry points by name; returns the folder of the metadata."""
        for path, source in modules.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(source, "utf-8")
        info = self.folder / f"{distribution.replace('-', '_')}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(METADATA.format(name=distribution), "utf-8")
        lines = "".join(f"{name} = {value}\n" for name, value in points.items())
        (info / "entry_points.txt").write_text(f"[ocrkit]\n{lines}", "utf-8")
        return info

    def install_fault(self, name: str) -> Path:
        """Installs a plugin of the folder `faults` under its own name."""
        module = {f"{name}.py": (FAULTS / f"{name}.py").read_text("utf-8")}
        return self.install(module, points={name: name}, distribution=f"ocrkit-{name.replace('_', '-')}")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs Python with these arguments; warnings about what a plugin left open would show."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.work,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def ocrkit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs the command line."""
        return self.run("-m", "ocrkit", *arguments)

    def plugins(self) -> dict[str, Plugin]:
        """What `ocrkit plugins` lists, by name; that it succeeds and prints no traceback is checked here."""
        done = self.ocrkit("plugins", "--json")
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        found = TypeAdapter(list[Plugin]).validate_json(done.stdout)
        return {plugin.name: plugin for plugin in found}


@pytest.fixture
def site(tmp_path: Path) -> SitePackages:
    """Site packages with the sound plugin."""
    made = SitePackages(folder=tmp_path / "site", work=tmp_path / "work")
    made.folder.mkdir()
    made.work.mkdir()
    made.install_fault("sound")
    pages = [Image.fromarray(text_image(f"Page {number}").pixels) for number in (1, 2, 3)]
    pages[0].save(made.work / "page.png")
    pages[0].save(made.work / "pages.tiff", save_all=True, append_images=pages[1:])
    return made

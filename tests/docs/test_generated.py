from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(DOCS.rglob("*.md"))


def test_every_marked_place_names_a_generator_and_every_generator_a_place() -> None:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    places = [place["name"] for path in PAGES for place in generate.PLACE.finditer(path.read_text("utf-8"))]
    assert set(places) == set(generate.GENERATORS)
    assert len(places) == sum(path.read_text("utf-8").count("<!-- generated:") for path in PAGES)


@pytest.mark.parametrize("page", ["errors.md", "plugins/hooks.md"])
def test_a_page_out_of_date_is_found_and_mended(tmp_path: Path, page: str) -> None:
    copy = tmp_path / "docs"
    shutil.copytree(DOCS, copy)
    command = [sys.executable, str(copy / "generate.py")]
    subprocess.run(command, check=True)
    fresh = (copy / page).read_text("utf-8")
    (copy / page).write_text(fresh.replace("<!-- end -->", "made up\n<!-- end -->"), "utf-8")
    check = subprocess.run([*command, "--check"], check=False, capture_output=True, text=True)
    assert check.returncode == 1
    assert f"out of date: docs/{page}" in check.stdout
    subprocess.run(command, check=True)
    assert (copy / page).read_text("utf-8") == fresh
    subprocess.run([*command, "--check"], check=True)

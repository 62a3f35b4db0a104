"""Folders that are made once and found whole."""

from __future__ import annotations

import stat
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from ocrkit.kept import kept
from ocrkit.langid import _identifier

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = ("The minutes of the last meeting were read", "Le procès-verbal de la séance est lu", "Протокол собрания", "42")


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path / "caches" / "ocrkit"


def write(log: Path, folder: Path) -> None:
    with log.open("a") as file:
        file.write("made\n")
    (folder / "table").write_text("whole")


LOOK = """
import time
from ocrkit.kept import kept

def make(folder):
    time.sleep(1)  # as long as all need to begin
    (folder / "table").write_text("whole")

folder = kept("tables", make)
print((folder / "table").read_text())
"""


def test_what_was_made_is_found_and_closed_to_others(tmp_path: Path, root: Path) -> None:
    made, found = (kept("tables", partial(write, tmp_path / "log")) for _ in range(2))

    assert made == found == root / "tables"
    assert (tmp_path / "log").read_text() == "made\n"
    assert stat.S_IMODE(root.stat().st_mode) == 0o700


def test_processes_that_make_it_at_once_all_find_it_whole(root: Path) -> None:
    running = [subprocess.Popen([sys.executable, "-c", LOOK], stdout=subprocess.PIPE, text=True) for _ in range(4)]

    assert [process.communicate(timeout=60)[0] for process in running] == ["whole\n"] * 4
    assert [path.name for path in root.iterdir()] == ["tables"]


def test_what_could_not_be_made_leaves_nothing_behind(root: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise OSError("no room")

    assert kept("tables", fail) is None
    assert list(root.iterdir()) == []


def test_where_nothing_can_be_kept_there_is_nothing(tmp_path: Path, root: Path) -> None:
    root.parent.write_text("a file where the folder would be")

    assert kept("tables", partial(write, tmp_path / "log")) is None
    assert not (tmp_path / "log").exists()


def test_a_language_is_told_alike_from_tables_that_are_kept_and_from_the_model(root: Path) -> None:
    from_model = _identifier.__wrapped__
    root.parent.write_text("a file where the folder would be")
    unpacked = from_model()
    root.parent.unlink()
    made, found = from_model(), from_model()

    for text in TEXTS:
        assert unpacked.rank(text) == made.rank(text) == found.rank(text)
    assert len(list(root.iterdir())) == 1

"""`accuracy`: what a contender makes of a folder of documents, and how far that is from the truth."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from bench.measure import ROOT
from bench.report import percent
from bench.scoring import Score, score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bench.dataset import Item

HEAD = ("item", "word F1", "line error", "CER")


def scores(wanted: Sequence[Item], out: Path) -> dict[str, Score]:
    """The score of each item by its id; one without a text in `out` scores as an empty page."""
    told = {}
    for item in wanted:
        text = out / f"{item.ident}.txt"
        told[item.ident] = score(item.truth, text.read_text("utf-8") if text.exists() else "")
    return told


def rows(told: Mapping[str, Score]) -> list[list[str]]:
    """The table, its last line the whole set."""
    whole = sum(told.values(), start=Score())
    return [
        [name, percent(one.mean_f1), percent(one.line_error, 2), percent(one.character_error, 2)]
        for name, one in [*told.items(), (f"all {len(told)}", whole)]
    ]


def run_scorer(scorer: Path, folder: Path, out: Path) -> str:
    """What another scoring program prints, called as `scorer DATA OUT`.

    Raises:
        CalledProcessError: it did not exit with 0.
    """
    command = [sys.executable, str(scorer), str(folder.resolve()), str(out.resolve())]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout

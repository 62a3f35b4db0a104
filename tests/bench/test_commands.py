"""The commands from end to end, on pages drawn here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.contender import run
from bench.contenders.programs import ProgramFailedError, run_program
from bench.measure import ContenderFailedError, timed
from bench.pdfs import drawn_scan

ROOT = Path(__file__).parents[2]
LINES = ["Invoice number 2041", "Grand total 318 euros", "Thank you for your order"]


def bench(*args: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench", *map(str, args)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, **environment}
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    for number in (1, 2):
        lines = [f"Page {number}", *LINES]
        drawn_scan(lines, size=(1200, 900)).save(folder / f"p{number}.png", dpi=(300, 300))
        (folder / f"p{number}.gt.txt").write_text("\n".join(lines), "utf-8")
    return folder


def test_a_file_that_a_contender_cannot_read_costs_no_other_file(tmp_path: Path) -> None:
    def read(path: Path, /) -> dict[str, bytes]:
        if path.stem == "bad":
            raise ValueError("torn")
        return {"txt": b"fine"}

    told = run(read, [tmp_path / "bad.png", tmp_path / "good.png"], tmp_path)
    assert told[0] == {"file": "bad.png", "error": "ValueError: torn"}
    assert (tmp_path / "good.txt").read_bytes() == b"fine"


def test_processor_time_of_children_counts_and_sleep_does_not(tmp_path: Path) -> None:
    busy = "import time\nend = time.process_time() + 0.4\nwhile time.process_time() < end: pass"
    parent = f"import subprocess, sys, time\nsubprocess.run([sys.executable, '-c', {busy!r}])\ntime.sleep(0.5)"
    start = time.perf_counter()
    wall, cpu, total = timed([sys.executable, "-c", parent], tmp_path / "log")
    assert wall <= time.perf_counter() - start
    assert 0.4 <= cpu < wall - 0.4
    assert total > 1


def test_a_program_is_given_bytes_and_environment_and_its_failure_is_its_last_line() -> None:
    echo = "import os, sys; sys.stdout.write(os.environ['WORD'] + sys.stdin.read())"
    assert run_program([sys.executable, "-c", echo], given=b" in", WORD="out") == b"out in"
    with pytest.raises(ProgramFailedError, match="ended with 1: KeyError: 'WORD'"):
        run_program([sys.executable, "-c", echo])


def test_a_contender_that_dies_leaves_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(ContenderFailedError, match="ended with 3: the model is gone"):
        timed([sys.executable, "-c", "import sys; print('the model is gone'); sys.exit(3)"], tmp_path / "log")


def test_a_folder_without_data_is_one_line(tmp_path: Path) -> None:
    done = bench("accuracy", "--data", tmp_path, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {tmp_path} holds no document")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_speed_pairs_what_is_installed_and_leaves_out_the_rest(data: Path, tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    done = bench(
        *("speed", "--data", data, "--pages", 2, "--rounds", 1, "--engine", "rapidocr", "--json", figures),
        PATH="/nonexistent",
    )
    assert done.returncode == 0, done.stderr
    assert "tesseract is left out: not installed: tesseract." in done.stderr
    told = json.loads(figures.read_text("utf-8"))
    peer, ours = told["results"]
    assert (peer["contender"], ours["contender"]) == ("rapidocr", "ocrkit:rapidocr")
    assert peer["pages"] == ours["pages"] == 2
    assert ours["word_f1"] > 0.9
    assert told["limits"]["rapidocr"]["gflop_per_page"] > 0
    assert "Ratios are against rapidocr." in done.stdout


@pytest.mark.slow
def test_accuracy_writes_what_was_read_and_scores_it(data: Path, tmp_path: Path) -> None:
    scorer = tmp_path / "scorer.py"
    scorer.write_text("import sys, os\nprint('scored', len(os.listdir(sys.argv[2])))", "utf-8")
    done = bench("accuracy", "--data", data, "--out", tmp_path / "ours", "--engine", "rapidocr")
    assert done.returncode == 0, done.stderr
    assert {path.suffix for path in (tmp_path / "ours").iterdir()} == {".csv", ".md", ".txt"}
    assert "| all 2 |" in done.stdout
    peer = bench("accuracy", "--data", data, "--out", tmp_path / "theirs", "--peer", "rapidocr", "--scorer", scorer)
    assert peer.stdout.strip() == "scored 2", peer.stderr


@pytest.mark.slow
def test_confidence_prints_the_diagram_and_its_error(data: Path) -> None:
    done = bench("confidence", "--data", data, "--engine", "rapidocr")
    assert done.returncode == 0, done.stderr
    assert "| 0.9 to 1.0 |" in done.stdout
    assert "Expected calibration error" in done.stdout


@pytest.mark.slow
def test_memory_is_told_for_every_way_to_read_and_page_count(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    done = bench("memory", "--pages", 1, "--pages", 3, "--pdf", "text", "--json", figures)
    assert done.returncode == 0, done.stderr
    told = json.loads(figures.read_text("utf-8"))["results"]
    assert [(row["contender"], row["pages"]) for row in told] == [
        (name, pages) for pages in (1, 3) for name in ("ocrkit-command", "ocrkit", "ocrkit-stream")
    ]
    assert all(row["peak_mb"] > 20 for row in told)

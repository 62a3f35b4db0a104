"""Runs one contender in a process of its own and measures it from outside: wall clock, processor, memory."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.contenders import Contender, Setup

SAMPLE_SECONDS = 0.25
"""Between looks at the memory of the whole process tree; a look takes some milliseconds of a core."""

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Entry:
    """A contender and how it is to work; `label` is its name in the report."""

    label: str
    contender: Contender
    setup: Setup


@dataclass(frozen=True, slots=True)
class Run:
    """One process from its start to its end.

    Attributes:
        out: folder with what it made.
        wall_s: seconds from start to end, interpreter and models included.
        cpu_s: processor seconds, its children's included.
        peak_mb: peak resident memory of its largest process, MB.
        total_mb: peak of the sum over its processes, sampled; shared memory counts once a process.
        errors: what went wrong, by file.
    """

    out: Path
    wall_s: float
    cpu_s: float
    peak_mb: float
    total_mb: float
    errors: dict[str, str]


class ContenderFailedError(Exception):
    """The process of a contender ended badly; the message holds its last words."""


@contextmanager
def _watched(process: subprocess.Popen[bytes]) -> Iterator[int]:
    """A descriptor that becomes readable when the process ends; it does not outlive the context."""
    descriptor = os.pidfd_open(process.pid)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
        if process.returncode is None:
            process.kill()
            process.wait()


def _tree_mb(root: psutil.Process) -> float:
    total = 0
    try:
        for process in (root, *root.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        # A process ended between being listed and being asked; the next sample sees the rest.
        return 0.0
    return total / 2**20


def timed(command: Sequence[str], log: Path) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak MB over all its processes of one command, its output in `log`.

    Raises:
        ContenderFailedError: it did not exit with 0.
    """
    total = 0.0
    start = time.perf_counter()
    with (
        log.open("wb") as sink,
        subprocess.Popen(command, stdout=sink, stderr=sink, cwd=ROOT) as process,
        _watched(process) as ended,
    ):
        tree = psutil.Process(process.pid)
        while not select.select([ended], [], [], SAMPLE_SECONDS)[0]:
            total = max(total, _tree_mb(tree))
        wall = time.perf_counter() - start
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        last = log.read_text("utf-8", "replace").strip().splitlines() or ["no message"]
        raise ContenderFailedError(f"Its process ended with {process.returncode}: {last[-1]}")
    return wall, usage.ru_utime + usage.ru_stime, total


def measured(entry: Entry, files: Sequence[Path], out: Path) -> Run:
    """Lets the contender read the files in one fresh process; what it makes lies in `out`, which is made.

    Raises:
        ContenderFailedError: the process did not come to its end.
    """
    out = out.resolve()
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        setup = json.dumps(asdict(replace(entry.setup, scratch=scratch)))
        command = [sys.executable, "-m", "bench.contender", entry.contender.name, "--setup", setup, "--out", str(out)]
        wall, cpu, total = timed([*command, *(str(path.resolve()) for path in files)], Path(scratch) / "log")
    told = json.loads((out / "report.json").read_text("utf-8"))
    (out / "report.json").unlink()
    return Run(
        out=out,
        wall_s=wall,
        cpu_s=cpu,
        peak_mb=told["peak_mb"],
        total_mb=max(total, told["peak_mb"]),
        errors={file["file"]: file["error"] for file in told["files"] if "error" in file},
    )

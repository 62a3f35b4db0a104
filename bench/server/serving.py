"""A server to be measured: its process, its address, what it costs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import httpx
import psutil

if TYPE_CHECKING:
    from collections.abc import Mapping

_START_SECONDS = 180.0
_STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Held:
    """What a server holds at a moment: megabytes of its own process and with all children, files, threads."""

    own: float
    family: float
    files: int
    threads: int


class Serving:
    """`ocrkit serve` on a free port of 127.0.0.1, until the block ends."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self._log = folder / "server.log"
        lines = {"data": str(folder / "data"), "cpu_engine": "paced", "port": 0, "requests_per_minute": 0, **settings}
        config = folder / "settings.toml"
        written = [f"{name} = {value!r}" for name, value in lines.items()]
        config.write_text("\n".join([*written, "[plans.anonymous]", "cap = 1000000", ""]), "utf-8")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ocrkit", "serve", "--config", str(config), "--log-level", "info"],
                stdout=log,
                stderr=log,
                env=environment(folder),
            )
        self.url = ""

    def __enter__(self) -> Self:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            found = re.search(r"running on (http://\S+)", self._log.read_text("utf-8"))
            if found and httpx.get(f"{found[1]}/readyz", timeout=30).is_success:
                self.url = found[1]
                return self
            time.sleep(0.05)
        self._process.kill()
        raise RuntimeError(f"the server did not start: {self._log.read_text('utf-8')[-2000:]}")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(_STOP_SECONDS)

    def cpu_seconds(self) -> float:
        """CPU time of the process and its children so far."""
        total = 0.0
        for process in self._family():
            times = process.cpu_times()
            total += times.user + times.system
        return total

    def megabytes(self) -> float:
        """Resident memory of the server's own process."""
        return float(psutil.Process(self._process.pid).memory_info().rss) / (1 << 20)

    def held(self) -> Held:
        """What it holds at this moment."""
        process = psutil.Process(self._process.pid)
        family = sum(_resident(each) for each in self._family())
        return Held(self.megabytes(), family, files=process.num_fds(), threads=process.num_threads())

    def _family(self) -> list[psutil.Process]:
        process = psutil.Process(self._process.pid)
        return [process, *process.children(recursive=True)]


def _resident(process: psutil.Process) -> float:
    """Megabytes of a process; 0 of one that has just ended."""
    try:
        return float(process.memory_info().rss) / (1 << 20)
    except psutil.NoSuchProcess:
        return 0.0


def environment(folder: Path) -> Mapping[str, str]:
    """The variables of a process that finds the paced engine, installed below the folder."""
    site = folder / "site"
    info = site / "paced-1.0.dist-info"
    if not info.exists():
        info.mkdir(parents=True)
        (site / "paced.py").write_text(Path(__file__).with_name("paced.py").read_text("utf-8"), "utf-8")
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: paced\nVersion: 1.0\n", "utf-8")
        (info / "entry_points.txt").write_text("[ocrkit]\npaced = paced\n", "utf-8")
    return {**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}

"""A process that runs jobs and nothing else, to be killed: `python -m bench.chaos.serving CONFIG`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ocrkit.database import Database
from ocrkit.jobs.blobs import Blobs
from ocrkit.jobs.local import WORKER_LIMITS, LocalExecutor
from ocrkit.jobs.service import Jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).parents[2]
_MARK = "OCRKIT_BENCH_MARK"


@dataclass(frozen=True, slots=True)
class Config:
    """What a process is to serve.

    Attributes:
        database: its URL; migrated.
        folder: of the plugin (`site`), and of this service's children to be found by.
        blobs: directory or URL of the blobs.
        page_seconds: time limit of a page.
    """

    database: str
    folder: str
    blobs: str
    workers: int = 2
    page_seconds: float = 20.0


class Serving:
    """The process, started; it says when it is ready."""

    def __init__(self, config: Config) -> None:
        site = install_plugin(Path(config.folder))
        environment = {**os.environ, "PYTHONPATH": f"{site}:{_ROOT}:{_ROOT / 'src'}", _MARK: config.folder}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.chaos.serving", json.dumps(asdict(config))],
            env=environment,
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ready_at: float | None = None
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def wait_until_ready(self) -> None:
        """Returns once its workers are warm."""
        self._listening.join()
        assert self.ready_at is not None, f"the service ended with code {self.process.wait()}"

    def _listen(self) -> None:
        assert self.process.stdout is not None
        if self.process.stdout.readline() == "ready\n":
            self.ready_at = time.time()

    def children(self) -> list[int]:
        """Its child processes."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in _text(task).split()]

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Has it end in order; its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        code = self.process.wait(60)
        self._listening.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def processes_of(folder: Path) -> Iterator[int]:
    """Processes that some service of the folder has started and that live."""
    mark = f"{_MARK}={folder}"
    for process in Path("/proc").glob("[0-9]*"):
        if mark in _text(process / "environ").split("\0") and int(process.name) != os.getpid():
            yield int(process.name)


def install_plugin(folder: Path) -> Path:
    """Site packages with the engine `planted`."""
    site = folder / "site"
    info = site / "planted-1.0.dist-info"
    if not info.exists():
        info.mkdir(parents=True)
        (site / "planted.py").write_text(Path(__file__).with_name("planted.py").read_text("utf-8"), "utf-8")
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n", "utf-8")
        (info / "entry_points.txt").write_text("[ocrkit]\nplanted = planted\n", "utf-8")
    return site


def _text(path: Path) -> str:
    """What a kernel file says; nothing once its process is gone."""
    try:
        return path.read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""


def serve(config: Config) -> None:
    """Runs jobs until told to stop."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    database = Database(config.database)
    blobs = Blobs(config.blobs)
    executor = LocalExecutor(blobs, config.workers, limits=replace(WORKER_LIMITS, seconds=config.page_seconds), warm=())
    jobs = Jobs(database, blobs, executor=executor)
    jobs.start()
    print("ready", flush=True)
    ended.wait()
    jobs.stop(grace=8.0)
    database.close()


if __name__ == "__main__":
    serve(Config(**json.loads(sys.argv[1])))

"""What a server holds while it works without pause: memory, open files and threads, early on and at the end."""

from __future__ import annotations

import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import httpx

from bench.server.load import picture
from bench.server.serving import Serving

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.server.serving import Held

_CALLERS = 3
_SAMPLES = 60
_FORMATS = ("txt", "md", "docx", "pdf")


class _Callers:
    """Callers who send a page, fetch what became of it in one format, and delete every other job, until stopped."""

    def __init__(self, url: str) -> None:
        self.done = self.wrong = 0
        self._url = url
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._threads = ThreadPoolExecutor(_CALLERS)
        self._running = [self._threads.submit(self._call) for _ in range(_CALLERS)]

    def stop(self) -> None:
        """Ends them, and raises what went wrong in one."""
        self._ended.set()
        self._threads.shutdown()
        for future in self._running:
            future.result()

    def _call(self) -> None:
        content, number = picture(), 0
        with httpx.Client(base_url=self._url, timeout=60) as client:
            while not self._ended.is_set():
                number += 1
                job = client.post("/api/v1/ocr/", files={"file": ("page.png", content)}).json()
                address = f"/api/v1/ocr/{job.get('uuid')}/"
                got = client.get(f"{address}download/", params={"format": _FORMATS[number % len(_FORMATS)]})
                right = job.get("status") == "done" and got.is_success
                if number % 2:
                    right = right and client.delete(address).status_code == httpx.codes.NO_CONTENT
                with self._lock:
                    self.done += right
                    self.wrong += not right


def soaked(*, seconds: float) -> list[tuple[str, str, str]]:
    """The figures after so many seconds, each beside what it should be."""
    with tempfile.TemporaryDirectory() as name, Serving(Path(name)) as server:
        callers = _Callers(server.url)
        held = []
        for _ in range(_SAMPLES):
            time.sleep(seconds / _SAMPLES)
            held.append(server.held())
        callers.stop()
    third = _SAMPLES // 3
    early, late = held[third : 2 * third], held[2 * third :]
    return [
        (f"jobs in {seconds:.0f} s", str(callers.done), ""),
        ("of these wrong", str(callers.wrong), "0"),
        *(
            (f"{what}, second and last third", f"{_middle(early, of):.0f} and {_middle(late, of):.0f}", "flat")
            for what, of in _FIGURES.items()
        ),
    ]


_FIGURES: dict[str, Callable[[Held], float]] = {
    "MB of the server": lambda held: held.own,
    "MB with its children": lambda held: held.family,
    "open files": lambda held: held.files,
    "threads": lambda held: held.threads,
}


def _middle(held: Sequence[Held], of: Callable[[Held], float]) -> float:
    return median(of(one) for one in held)

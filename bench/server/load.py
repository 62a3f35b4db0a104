"""What is measured: cost at rest, overhead of a short file, polls beside a long queue, memory, what is lost."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles
from typing import TYPE_CHECKING

import httpx
from PIL import Image, ImageDraw

from bench.server.serving import Serving, environment

if TYPE_CHECKING:
    from pathlib import Path

REST_SECONDS = 10.0
_POLLERS = 5
_LIBRARY = """
import statistics, sys, time, ocrkit
with ocrkit.Recognizer(workers=1) as recognizer:
    seconds = []
    for _ in range(int(sys.argv[2]) + 3):
        started = time.perf_counter()
        recognizer.recognize(sys.argv[1], engine="paced")
        seconds.append(time.perf_counter() - started)
print(statistics.median(seconds[3:]))
"""


def picture() -> bytes:
    """A page with some ink."""
    image = Image.new("RGB", (600, 200), "white")
    ImageDraw.Draw(image).text((20, 20), "Load", fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def at_rest(server: Serving) -> float:
    """Share of one core that an idle server takes, its workers included."""
    before = server.cpu_seconds()
    time.sleep(REST_SECONDS)
    return (server.cpu_seconds() - before) / REST_SECONDS


def overhead(server: Serving, folder: Path, *, rounds: int) -> tuple[float, float]:
    """Median seconds of an inline one-page POST, and of the library's call on the same file."""
    content = picture()
    file = folder / "page.png"
    file.write_bytes(content)
    seconds = []
    with httpx.Client(base_url=server.url, timeout=60) as client:
        for _ in range(rounds + 3):
            started = time.perf_counter()
            job = client.post("/api/v1/ocr/", files={"file": ("page.png", content)}).json()
            seconds.append(time.perf_counter() - started)
            if job["status"] != "done":
                raise RuntimeError(f"the server answered {job}")
    told = subprocess.run(
        [sys.executable, "-c", _LIBRARY, str(file), str(rounds)],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    return median(seconds[3:]), float(told.stdout)


class Polling:
    """Status polls at a steady rate, from several clients, until stopped."""

    def __init__(self, url: str, uuid: str, *, per_second: float) -> None:
        pause = _POLLERS / per_second
        command = [sys.executable, "-m", "bench.server.poller", f"{url}/api/v1/ocr/{uuid}/", str(pause)]
        self._clients = []
        for _ in range(_POLLERS):
            self._clients.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
            time.sleep(pause / _POLLERS)
        self._started = time.perf_counter()

    def stop(self) -> tuple[float, float, float]:
        """Polls a second, and their median and 99th percentile in seconds."""
        elapsed = time.perf_counter() - self._started
        seconds = [each for client in self._clients for each in json.loads(client.communicate()[0])]
        return len(seconds) / elapsed, median(seconds), quantiles(seconds, n=100)[98]


def queue(server: Serving, *, jobs: int) -> list[str]:
    """The uuids of so many one-page jobs."""
    content = picture()
    with httpx.Client(base_url=server.url, timeout=60) as client, ThreadPoolExecutor(4) as threads:

        def submitted(_: int) -> str:
            answer = client.post("/api/v1/ocr/", files={"file": ("page.png", content)}).raise_for_status()
            return str(answer.json()["uuid"])

        return list(threads.map(submitted, range(jobs)))


def unfinished(server: Serving, uuids: list[str], *, within: float) -> list[str]:
    """Those of the jobs that are not done after so many seconds."""
    deadline = time.monotonic() + within
    waiting = set(uuids)
    with httpx.Client(base_url=server.url, timeout=60) as client:
        while waiting and time.monotonic() < deadline:
            figures = client.get("/metrics").text
            if "ocrkit_pages_waiting 0.0" in figures and 'ocrkit_jobs{state="assembling"} 0.0' in figures:
                break
            time.sleep(0.5)
        return [uuid for uuid in uuids if client.get(f"/api/v1/ocr/{uuid}/").json()["status"] != "done"]

"""The whole measurement, bounded in time, and its rows."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.server.load import Polling, at_rest, overhead, queue, unfinished
from bench.server.serving import Serving

HEAD = ("what", "measured", "aim")


def measured(*, jobs: int, rounds: int, polls: float) -> list[tuple[str, str, str]]:
    """The figures, each beside what it should be."""
    with tempfile.TemporaryDirectory() as name:
        (folder := Path(name, "inline")).mkdir()
        with Serving(folder) as server:
            rest = at_rest(server)
            posted, called = overhead(server, folder, rounds=rounds)
        (folder := Path(name, "queue")).mkdir()
        with Serving(folder, inline_pages=0) as server:
            first = queue(server, jobs=20)
            lost = unfinished(server, first, within=60)
            before, started = server.megabytes(), time.perf_counter()
            polling = Polling(server.url, first[0], per_second=polls)
            uuids = queue(server, jobs=jobs)
            lost += unfinished(server, uuids, within=30 + jobs * 0.2)
            seconds = time.perf_counter() - started
            rate, middle, slow = polling.stop()
            after = server.megabytes()
    return [
        ("idle, share of a core", f"{rest:.2%}", "< 1 %"),
        ("inline POST of one page, median", f"{1000 * posted:.0f} ms", ""),
        ("the library's call", f"{1000 * called:.0f} ms", ""),
        ("overhead", f"{1000 * (posted - called):.0f} ms", "≤ 30 ms"),
        ("status polls a second beside running jobs", f"{rate:.0f}", "≥ 200"),
        ("poll, median", f"{1000 * middle:.1f} ms", ""),
        ("poll, 99th percentile", f"{1000 * slow:.1f} ms", "< 50 ms"),
        (f"{jobs} jobs queued and read in", f"{seconds:.0f} s", ""),
        ("of these lost", str(len(lost)), "0"),
        ("memory of the server before and after", f"{before:.0f} and {after:.0f} MB", "flat"),
    ]

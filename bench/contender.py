"""The child process that runs one contender: `python -m bench.contender NAME --setup JSON --out DIR FILE…`.

Loads nothing but what the contender loads, so that its time and memory are the contender's own.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bench.contenders import ALL, Setup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.contenders import Load, Read


def load(name: str) -> Load:
    """The `contend` function of a contender, its module imported now."""
    return cast("Load", import_module(ALL[name].load).contend)


def peak_mb() -> float:
    """Peak resident memory in MB of the largest of this process and those it waited for.

    Its own is the high-water mark of its memory map: `ru_maxrss` would count the parent it was forked from.
    """
    status = Path("/proc/self/status").read_text("ascii")
    own = int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0])
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def run(read: Read, files: Iterable[Path], out: Path) -> list[dict[str, object]]:
    """Reads the files, writes `<stem>.<format>` into `out`, and tells of each its seconds or its error."""
    told: list[dict[str, object]] = []
    for path in files:
        start = time.perf_counter()
        try:
            outputs = read(path)
        except Exception as error:  # noqa: BLE001  whatever a contender does, the next file has its turn
            told.append({"file": path.name, "error": f"{type(error).__name__}: {error}"})
            continue
        told.append({"file": path.name, "seconds": time.perf_counter() - start})
        for name, content in outputs.items():
            (out / f"{path.stem}.{name}").write_bytes(content)
    return told


def main() -> None:
    """Runs the contender and writes `report.json` into its output folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=ALL)
    parser.add_argument("--setup", type=json.loads, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("files", type=Path, nargs="+")
    asked = parser.parse_args()
    with load(asked.name)(Setup(**asked.setup)) as read:
        files = run(read, asked.files, asked.out)
    (asked.out / "report.json").write_text(json.dumps({"files": files, "peak_mb": peak_mb()}), "utf-8")


if __name__ == "__main__":
    main()

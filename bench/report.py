"""What the commands print: plain tables for people, one JSON file for programs, and what machine it was."""

from __future__ import annotations

import json
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BUSY = 0.3
"""Load a core above which the report warns that the machine has other work."""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose columns line up; the first is flush left, the others flush right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(width) if not n else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "| " + " | ".join([first, *others]) + " |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(line(cells) for cells in (head, rule, *rows))


def percent(share: float, digits: int = 1) -> str:
    """A share between 0 and 1 as a percentage without its sign."""
    return f"{100 * share:.{digits}f}"


def machine() -> dict[str, object]:
    """Processor, cores that may be used, load at the start, and versions."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    return {
        "processor": model[1] if model else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "load": os.getloadavg()[0],
        "system": platform.platform(),
        "python": platform.python_version(),
        "ocrkit": version("ocrkit"),
    }


def heading(title: str, about: Mapping[str, object]) -> str:
    """The first lines of a report; they warn of a machine that has other work."""
    lines = [f"## {title}", "", f"{about['processor']}, {about['cores']} cores, ocrkit {about['ocrkit']}"]
    load, cores = float(str(about["load"])), int(str(about["cores"]))
    if load > BUSY * cores:
        lines.append(f"Load is {load:.1f}: other work runs here; trust ratios before absolute figures.")
    return "\n".join([*lines, ""])


def write_json(path: Path | None, content: Mapping[str, object]) -> None:
    """Writes the report for programs where one is asked for."""
    if path:
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")

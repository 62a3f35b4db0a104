"""The physical limit of a contender: the operations of its models over the measured peak of the processor."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from math import isnan
from typing import TYPE_CHECKING

from bench.contenders import OCRKIT
from bench.measure import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from bench.measure import Entry


@dataclass(frozen=True, slots=True)
class Limit:
    """What the models compute, against what all cores together can.

    Attributes:
        gflop_per_page: float operations of the models a page, in billions; 0 where none were seen.
        peak_gflops: billions of them a second by float32 matrix product, all cores.
    """

    gflop_per_page: float
    peak_gflops: float

    @property
    def pages_per_s(self) -> float:
        """Pages a second if nothing but the models' products took time; infinite where none were seen."""
        return self.peak_gflops / self.gflop_per_page if self.gflop_per_page else float("inf")


def physical_limit(entry: Entry, document: Path, *, pages: int) -> Limit | None:
    """The limit of a contender on a document of `pages` pages; `None` if it could not be counted.

    The counting run reads every page in one process and with onnxruntime, where the models can be seen.
    """
    options = entry.setup.options
    if entry.contender is OCRKIT and entry.setup.engine in {None, "ppocr"}:
        options = {**options, "backend": "onnxruntime"}
    with tempfile.TemporaryDirectory() as scratch:
        setup = json.dumps(asdict(replace(entry.setup, scratch=scratch, workers=0, options=options)))
        command = [sys.executable, "-m", "bench.flops", entry.contender.name, "--setup", setup, str(document.resolve())]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        return None
    told = json.loads(done.stdout.splitlines()[-1])
    return Limit(told["gflop"] / pages, told["peak_gflops"])


def limit_line(label: str, limit: Limit | None, *, reached: float) -> str:
    """A sentence for the report; `reached` is the measured rate in pages/s, start-up left out."""
    if limit is None:
        return f"{label}: the operations of its models could not be counted."
    if not limit.gflop_per_page:
        return f"{label}: no model ran in onnxruntime within its process, so its limit is not known."
    part = "too short a document to tell" if isnan(reached) else f"reached {reached / limit.pages_per_s:.0%}"
    return (
        f"{label}: {limit.gflop_per_page:.1f} GFLOP a page at a peak of {limit.peak_gflops:.0f} GFLOP/s (float32, all "
        f"cores) allow {limit.pages_per_s:.2f} pages/s; {part}."
    )

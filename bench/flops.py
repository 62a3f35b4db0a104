"""What the models of a contender compute on a document, and what the processor can compute at best.

A child process of its own (`python -m bench.flops NAME --setup JSON FILE`), since it counts by wrapping
onnxruntime. It sees float models run by onnxruntime in that very process; other runtimes and worker
processes stay unseen.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from math import prod
from pathlib import Path
from statistics import median_low
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import onnxruntime

from bench.contender import load
from bench.contenders import ALL, Setup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bench.contenders import Read

Shape: TypeAlias = tuple[int, ...]

PEAK_SIZE = 2048
PEAK_TRIES = 8


def sgemm_peak() -> float:
    """GFLOP/s of numpy's float32 matrix product on all cores: the best of several."""
    rng = np.random.default_rng(0)
    left, right = (rng.random((PEAK_SIZE, PEAK_SIZE), dtype=np.float32) for _ in range(2))
    best = float("inf")
    for _ in range(PEAK_TRIES):
        start = time.perf_counter()
        left @ right
        best = min(best, time.perf_counter() - start)
    return 2 * PEAK_SIZE**3 / best / 1e9


def node_flops(kind: str, inputs: Sequence[Shape], output: Shape) -> int:
    """Floating-point operations of one graph node: a multiply-add counts two, all but products counts none."""
    if kind == "Conv":
        return 2 * prod(output) * prod(inputs[1][1:])
    if kind == "ConvTranspose":
        return 2 * prod(inputs[0]) * prod(inputs[1][1:])
    if kind in {"MatMul", "Gemm"}:
        return 2 * prod(output) * inputs[0][-1]
    return 0


def profile_flops(events: Iterable[Mapping[str, Any]]) -> int:
    """Floating-point operations of one run, from the profile that onnxruntime wrote of it."""

    def shapes(listed: Iterable[Mapping[str, list[int]]]) -> list[Shape]:
        return [tuple(shape) for entry in listed for shape in entry.values()]

    kernels = (event["args"] for event in events if event["name"].endswith("_kernel_time"))
    return sum(
        node_flops(args["op_name"], shapes(args["input_type_shape"]), shapes(args["output_type_shape"])[0])
        for args in kernels
    )


def model_flops(model: str | bytes, shape: Shape, folder: Path) -> int:
    """Floating-point operations of one run of a model on one input of `shape`, nothing fused or left out."""
    options = onnxruntime.SessionOptions()
    options.enable_profiling = True
    options.profile_file_prefix = str(folder / "profile")
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    # Packed weights are missing from the profile's list of inputs.
    options.add_session_config_entry("session.disable_prepacking", "1")
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    session.run(None, {session.get_inputs()[0].name: np.zeros(shape, np.float32)})
    return profile_flops(json.loads(Path(session.end_profiling()).read_text("utf-8")))


def counted_flops(read: Read, document: Path, folder: Path) -> float:
    """Floating-point operations of all models that ran while the document was read.

    Each model is profiled once, at the middle one of its input shapes, and the others count by their size.
    """
    runs: dict[str | bytes, list[Shape]] = defaultdict(list)
    base = onnxruntime.InferenceSession.__mro__[1]
    run = base.run

    def counting(session: Any, outputs: Any, feed: Mapping[str, Any], *rest: Any) -> Any:
        # The only record a session keeps of where its model came from.
        model = session._model_path or session._model_bytes  # noqa: SLF001
        runs[model].append(next(iter(feed.values())).shape)
        return run(session, outputs, feed, *rest)

    base.run = counting
    try:
        read(document)
    finally:
        base.run = run
    total = 0.0
    for model, shapes in runs.items():
        middle = median_low(sorted(shapes, key=prod))
        total += model_flops(model, middle, folder) / prod(middle) * sum(map(prod, shapes))
    return total


def main() -> None:
    """Prints the peak in GFLOP/s and the document's GFLOP as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=ALL)
    parser.add_argument("--setup", type=json.loads, required=True)
    parser.add_argument("document", type=Path)
    asked = parser.parse_args()
    setup = Setup(**asked.setup)
    with load(asked.name)(setup) as read:
        flops = counted_flops(read, asked.document, Path(setup.scratch))
    print(json.dumps({"peak_gflops": sgemm_peak(), "gflop": flops / 1e9}))


if __name__ == "__main__":
    main()

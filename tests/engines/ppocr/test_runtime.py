"""Which backend runs the networks, and that the choice changes no text."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from ocrkit.engines.ppocr import runtime

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INSTALLED = [name for name in ("onnxruntime", "openvino") if find_spec(name)]


@pytest.fixture
def processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file in which the processor says what it can do."""
    info = tmp_path / "cpuinfo"
    monkeypatch.setattr(runtime, "_CPU_INFO", info)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    runtime.best_backend.cache_clear()
    yield info
    runtime.best_backend.cache_clear()


@pytest.mark.parametrize(
    ("flags", "pays"),
    [("fpu avx2 avx512_bf16", True), ("amx_bf16 amx_tile", True), ("fpu avx2 avx512f avx512_vnni", False)],
)
def test_a_processor_says_whether_it_multiplies_bfloat16(processor: Path, flags: str, *, pays: bool) -> None:
    processor.write_text(f"processor\t: 0\nflags\t\t: {flags}\n")
    assert runtime.has_bf16() is pays


def test_a_processor_without_bfloat16_or_a_word_about_it_runs_onnxruntime(processor: Path) -> None:
    assert runtime.best_backend() == "onnxruntime"
    runtime.best_backend.cache_clear()
    processor.write_text("flags\t\t: avx2\n")
    assert runtime.best_backend() == "onnxruntime"


@pytest.mark.parametrize("backend", INSTALLED)
def test_every_installed_backend_reads_the_same(read: Any, drawn: Any, lines: tuple[str, ...], backend: str) -> None:
    page = read(drawn.page(), backend=backend)
    assert [line.text for line in page.lines] == list(lines)
    assert backend in (page.provenance.runs[0].model or "")

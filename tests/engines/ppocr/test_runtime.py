"""Which backend runs the networks, and that the choice changes no text."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from ocrkit.engines.ppocr import models, runtime
from ocrkit.engines.ppocr.frames import frames_of

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


@pytest.mark.parametrize("backend", INSTALLED)
@pytest.mark.parametrize("size", ["tiny", "small"])
def test_a_network_that_gives_scores_says_what_it_says_in_probabilities(
    read: Any, drawn: Any, size: models.Size, backend: runtime.Backend
) -> None:
    (line, *_) = read(drawn.page()).lines
    x0, y0, x1, y1 = (round(side) for side in line.bbox)
    strip = np.asarray(Image.fromarray(drawn.page().pixels[y0:y1, x0:x1]).resize((640, 48)), np.float32)
    tensor = np.ascontiguousarray((strip / 127.5 - 1).transpose(2, 0, 1)[np.newaxis])
    classes, path = len(models.alphabet(size)), models.text_weights("rec", size).path
    plain, quick = (
        frames_of(runtime.load_network(path, threads=1, backend=backend, scores=scores)(tensor)[0], classes=classes)
        for scores in (False, True)
    )
    assert (plain.best == quick.best).all()
    seen = plain.best != 0
    assert seen.sum() > 10
    assert quick.sure[seen] == pytest.approx(plain.sure[seen], abs=0.02)
    assert quick.space == pytest.approx(plain.space, abs=0.02)


@pytest.mark.parametrize("backend", INSTALLED)
def test_a_network_without_a_softmax_over_classes_is_left_as_it_is(backend: runtime.Backend) -> None:
    path = models.text_weights("det", "tiny").path
    tensor = np.zeros((1, 3, 64, 64), np.float32)
    plain, same = (
        runtime.load_network(path, threads=1, backend=backend, scores=scores)(tensor).copy() for scores in (False, True)
    )
    assert same.dtype == np.float32
    assert (plain == same).all()

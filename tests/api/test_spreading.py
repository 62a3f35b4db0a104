"""Long work is spread over processes by itself, short work is not; order and failures stay as they were."""

from __future__ import annotations

import os
import sys
import textwrap
from typing import TYPE_CHECKING

import pymupdf
import pytest

import ocrkit
from ocrkit.errors import OptionError, SourceNotFoundError

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = """
    import os, time
    from ocrkit.contracts import EngineSpec
    from ocrkit.hookspecs import hookimpl
    from ocrkit.model import EngineRun, Line

    @hookimpl
    def ocrkit_engines():
        yield EngineSpec(name="slow", summary="Takes half a second", load="slow_plugin:Slow", licence="MIT")

    class Slow:
        def recognize(self, images, options, /):
            for image in images:
                time.sleep(0.5)
                line = Line(text=f"{image.number} {os.getpid()}", bbox=(0, 0, 9, 9))
                yield image.page(run=EngineRun(engine="slow"), lines=[line])

        def close(self):
            pass
"""


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a plugin with an engine of half a second a page, found by this process and its children."""
    site = tmp_path / "site"
    info = site / "slow_plugin-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "slow_plugin.py").write_text(textwrap.dedent(PLUGIN))
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: slow-plugin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[ocrkit]\nslow = slow_plugin\n")
    monkeypatch.setenv("PYTHONPATH", str(site))
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    return tmp_path


def pdf(path: Path, pages: int) -> Path:
    with pymupdf.open() as made:
        for _ in range(pages):
            made.new_page(width=100, height=100)
        made.save(path)
    return path


def processes(document: ocrkit.Document) -> list[int]:
    return [int(page.text.split()[1]) for page in document.pages]


@pytest.mark.slow
def test_a_long_document_is_spread_over_processes_from_its_first_page_on(
    slow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1})  # where there is but one core, nothing is spread
    with ocrkit.Recognizer() as recognizer:
        document = recognizer.recognize(pdf(slow / "long.pdf", 12), engine="slow")
    pids = processes(document)
    assert os.getpid() not in pids
    assert len(set(pids)) == 2
    assert [page.number for page in document.pages] == list(range(1, 13))


def test_a_short_document_starts_no_process(slow: Path) -> None:
    with ocrkit.Recognizer() as recognizer:
        document = recognizer.recognize(pdf(slow / "short.pdf", 2), engine="slow")
    assert set(processes(document)) == {os.getpid()}


@pytest.mark.slow
def test_many_documents_are_spread_and_come_in_order_with_their_failures(slow: Path) -> None:
    paths = [pdf(slow / f"{number}.pdf", 1) for number in range(10)]
    sources = [*paths[:5], slow / "none.pdf", *paths[5:]]
    seen: list[int] = []
    with ocrkit.Recognizer() as recognizer:
        results = list(
            recognizer.recognize_all(sources, engine="slow", on_page=lambda index, _page, _total: seen.append(index))
        )
    assert [getattr(result, "source", None) for result in results] == [
        None if source.name == "none.pdf" else source.name for source in sources
    ]
    assert isinstance(results[5], SourceNotFoundError)
    pids = [pid for result in results if isinstance(result, ocrkit.Document) for pid in processes(result)]
    assert pids[0] == os.getpid()
    assert os.getpid() not in pids[1:]
    assert sorted(seen) == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]


def test_a_bad_option_ends_many_documents_at_once(slow: Path) -> None:
    paths = [pdf(slow / f"{number}.pdf", 1) for number in range(3)]
    with ocrkit.Recognizer() as recognizer, pytest.raises(OptionError):
        list(recognizer.recognize_all(paths, engine="slow", options={"none_such": 1}))

"""The shield with real children: a page that crashes, hangs or eats memory is a value, and costs that page alone.

The planted faults are an engine of a plugin distribution made for the test, found by the children as any
installed plugin is.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pymupdf
import pytest

from ocrkit.errors import (
    OcrkitError,
    OptionError,
    PageTimeoutError,
    SourceNotFoundError,
    UnknownEngineError,
    UnknownLanguageError,
    WorkerCrashedError,
)
from ocrkit.model import Page
from ocrkit.workers import InspectTask, PageTask, Pool, Shield, ShieldLimits

PLUGIN = """
    import os, time
    from ocrkit.contracts import EngineSpec
    from ocrkit.hookspecs import hookimpl
    from ocrkit.model import EngineRun, Line

    @hookimpl
    def ocrkit_engines():
        yield EngineSpec(name="faulty", summary="Faults by page", load="faulty_plugin:Faulty", licence="MIT")

    class Faulty:
        def recognize(self, images, options, /):
            for image in images:
                if image.number == 2:
                    os.abort()
                if image.number == 3:
                    time.sleep(600)
                if image.number == 4:
                    hoard = bytearray(8 << 30)
                    hoard[::4096] = b"x" * len(hoard[::4096])
                if image.number == 5:
                    print("noise on standard output")
                    raise ValueError("five is right out")
                line = Line(text=f"page {image.number} by {os.getpid()}", bbox=(0, 0, 9, 9))
                yield image.page(run=EngineRun(engine="faulty"), lines=[line])

        def close(self):
            pass
"""


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PDF of eight blank pages; the plugin is on the children's path."""
    site = tmp_path / "site"
    info = site / "faulty_plugin-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "faulty_plugin.py").write_text(textwrap.dedent(PLUGIN))
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: faulty-plugin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[ocrkit]\nfaulty = faulty_plugin\n")
    monkeypatch.setenv("PYTHONPATH", str(site))
    path = tmp_path / "eight.pdf"
    with pymupdf.open() as pdf:
        for _ in range(8):
            pdf.new_page(width=200, height=100)
        pdf.save(path)
    return path


def task(document: Path, number: int, **more: object) -> PageTask:
    return PageTask.model_validate({"path": str(document), "number": number, "engine": "faulty", **more})


def text(result: Page | OcrkitError) -> str:
    assert isinstance(result, Page), result
    return result.text


def test_pages_are_read_by_one_resident_child(document: Path) -> None:
    shield = Shield()
    first, second = text(shield.run(task(document, 1))), text(shield.run(task(document, 6)))
    assert (first, second) == (f"page 1 by {shield.pid}", f"page 6 by {shield.pid}")
    shield.close()
    assert shield.pid is None


def test_a_page_that_kills_its_child_fails_alone_and_names_the_signal(document: Path) -> None:
    shield = Shield()
    result = shield.run(task(document, 2))
    assert isinstance(result, WorkerCrashedError)
    assert "page 2" in str(result)
    assert "SIGABRT" in str(result)
    assert text(shield.run(task(document, 1))).startswith("page 1")
    shield.close()


def test_a_page_that_hangs_is_ended_at_the_time_limit(document: Path) -> None:
    shield = Shield(ShieldLimits(seconds=3))
    started = time.monotonic()
    assert isinstance(shield.run(task(document, 3)), PageTimeoutError)
    assert time.monotonic() - started < 20
    assert text(shield.run(task(document, 1))).startswith("page 1")
    shield.close()


def test_a_page_that_eats_memory_meets_the_limit_of_its_child(document: Path) -> None:
    shield = Shield(ShieldLimits(address_bytes=4 << 30))
    result = shield.run(task(document, 4))
    assert isinstance(result, Page)
    assert result.error is not None
    assert "MemoryError" in result.error.message
    shield.close()


def test_an_engine_that_raises_and_prints_spoils_no_answer(document: Path) -> None:
    shield = Shield()
    result = shield.run(task(document, 5))
    assert isinstance(result, Page)
    assert result.error is not None
    assert result.error.code == "engine_failed"
    assert "five is right out" in result.error.message
    shield.close()


def test_a_child_is_replaced_after_its_share_of_pages(document: Path) -> None:
    shield = Shield(ShieldLimits(pages=1))
    first, second = text(shield.run(task(document, 1))), text(shield.run(task(document, 1)))
    assert first != second
    shield.close()


def test_a_child_that_grew_too_large_is_replaced(document: Path) -> None:
    shield = Shield(ShieldLimits(resident_bytes=1))
    assert text(shield.run(task(document, 1))) != text(shield.run(task(document, 1)))
    shield.close()


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"path": "/no/such.pdf"}, SourceNotFoundError),
        ({"engine": "none-such"}, UnknownEngineError),
        ({"language": "xx-none"}, UnknownLanguageError),
        ({"options": {"none_such": 1}}, OptionError),
    ],
)
def test_errors_of_a_child_come_back_as_their_own_kind(
    document: Path, change: dict[str, object], kind: type[OcrkitError]
) -> None:
    shield = Shield()
    result = shield.run(task(document, 1, **change))
    shield.close()
    assert isinstance(result, OcrkitError)
    assert type(result) is kind
    assert result.message


def test_a_child_dies_with_its_parent(document: Path) -> None:
    code = f"""
import os, sys
from ocrkit.workers import PageTask, Shield
shield = Shield()
shield.run(PageTask(path={str(document)!r}, number=1, engine="faulty"))
print(shield.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    child = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]:
            return
        time.sleep(0.1)
    pytest.fail("the child outlived its parent")


def test_a_pool_keeps_the_order_and_loses_one_page_to_a_crash(document: Path) -> None:
    with Pool(2, ShieldLimits(seconds=30)) as pool:
        results = list(pool.map(task(document, number) for number in (1, 2, 6, 7, 8)))
    assert [isinstance(result, Page) for result in results] == [True, False, True, True, True]
    assert [text(r).split(" by ")[0] for r in results if isinstance(r, Page)] == [
        "page 1",
        "page 6",
        "page 7",
        "page 8",
    ]


def test_a_pool_reads_in_several_processes(document: Path) -> None:
    with Pool(2) as pool:
        results = [text(result) for result in pool.map(task(document, number) for number in (1, 6, 7, 8) * 3)]
    assert len({result.split(" by ")[1] for result in results}) == 2
    assert str(os.getpid()) not in " ".join(results)


def test_a_pool_left_early_ends_its_children(document: Path) -> None:
    pool = Pool(1)
    pages = pool.map(task(document, 1) for _ in range(1000))
    text(next(pages))
    pages.close()
    started = time.monotonic()
    pool.close()
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("network", [True, False])
def test_a_child_kept_from_the_network_has_no_keys_to_give_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, network: bool
) -> None:
    monkeypatch.setenv("OCRKIT_VLM_KEY", "sesame")
    monkeypatch.setenv("OCRKIT_SECRET_KEY", "sesame")
    monkeypatch.setenv("OCRKIT_VLM_URL", "http://127.0.0.1:8000/v1")
    shield = Shield(ShieldLimits(network=network))
    shield.run(InspectTask(path=str(tmp_path / "none.png")))
    variables = Path(f"/proc/{shield.pid}/environ").read_bytes()
    shield.close()
    assert b"OCRKIT_VLM_URL=" in variables
    assert (b"sesame" in variables) == network

"""A full disk, a database that is away, workers that are killed: nothing is lost, and nothing charged twice."""

from __future__ import annotations

import os
import pwd
import resource
import sqlite3
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil
import pytest
from tests.postgres import Cluster

from .rehearsal import SLOW
from .running import Running, png, posted, tiff, until_ended

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

pytestmark = pytest.mark.slow

PAGES = 12
AWAY = 10.0
"""Seconds that a database is not there."""


@contextmanager
def full_disk(running: Running) -> Iterator[None]:
    """No file of the server's can grow: what RLIMIT_FSIZE forbids fails as it does where the disk is full."""
    assert running.process is not None
    pids = [running.process.pid, *(child.pid for child in psutil.Process(running.process.pid).children())]
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    yield
    for pid, limits in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def begun(client: httpx.Client) -> str:
    """A job of which some pages have been read and others have not."""
    uuid: str = posted(client, tiff(*[SLOW] * PAGES)).json()["uuid"]
    while client.get(f"/api/v1/ocr/{uuid}/").json()["pages_done"] == 0:
        time.sleep(0.05)
    return uuid


def ended_whole(client: httpx.Client, uuid: str) -> None:
    job = until_ended(client, uuid, seconds=90)
    assert (job["status"], job["pages_done"], len(job["pages"])) == ("done", PAGES, PAGES)
    balance = client.get("/api/v1/usage/").json()["balances"][0]
    assert (balance["spent"], balance["held"]) == (PAGES, 0)


def test_a_full_disk_is_told_and_waited_out(tmp_path: Path) -> None:
    ours = pwd.getpwuid(os.geteuid()).pw_name  # the limits of another user's processes are not always ours to set
    with Running(tmp_path, worker_user=ours) as running:
        running.start()
        with running.client(running.token("disk@example.org")) as client:
            uuid = begun(client)
            with full_disk(running):
                refused = posted(client, png())
                assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
                assert refused.json()["code"] in {"storage_error", "database_unavailable"}
                time.sleep(3)
                assert client.get("/healthz").status_code == 200
            ended_whole(client, uuid)
        assert running.stop() < 10


def test_a_database_that_is_away_is_waited_for(tmp_path: Path) -> None:
    cluster = Cluster()
    try:
        with Running(tmp_path, db=cluster.fresh()) as running:
            running.start()
            with running.client(running.token("away@example.org")) as client:
                uuid = begun(client)
                cluster.stop()
                gone = time.monotonic()
                while time.monotonic() < gone + AWAY:
                    answer = client.get(f"/api/v1/ocr/{uuid}/")
                    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
                    assert posted(client, png()).status_code == 503
                    assert client.get("/healthz").status_code == 200
                    time.sleep(0.5)
                cluster.start()
                ended_whole(client, uuid)
            assert running.stop() < 10
    finally:
        cluster.remove()


def test_a_database_that_is_locked_is_waited_for(tmp_path: Path) -> None:
    with Running(tmp_path) as running:
        running.start()
        with running.client(running.token("locked@example.org")) as client:
            uuid = begun(client)
            other = sqlite3.connect(tmp_path / "data" / "ocrkit.db", isolation_level=None, check_same_thread=False)
            other.execute("BEGIN IMMEDIATE")
            unlocking = threading.Timer(AWAY, other.rollback)
            unlocking.start()
            assert client.get(f"/api/v1/ocr/{uuid}/").status_code == 200, "readers do not wait for writers"
            assert posted(client, png(), headers={"Idempotency-Key": "once"}).json()["status"] == "done"
            unlocking.join()
            other.close()
            job = until_ended(client, uuid, seconds=60)
            assert (job["status"], job["pages_done"]) == ("done", PAGES)
            assert client.get("/api/v1/usage/").json()["balances"][0]["spent"] == PAGES + 1
        assert running.stop() < 10


def test_workers_killed_at_random_cost_no_page(tmp_path: Path) -> None:
    with Running(tmp_path) as running:
        running.start()
        assert running.process is not None
        with running.client(running.token("workers@example.org")) as client:
            uuid = begun(client)
            for _ in range(2):  # the third time it is the page's fault
                time.sleep(0.5)
                for child in psutil.Process(running.process.pid).children():
                    child.kill()
            ended_whole(client, uuid)
        assert running.stop() < 10

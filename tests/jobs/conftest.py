"""Jobs over real databases and blobs; pages are read by the engine `planted`, whose faults one names."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bench.chaos.serving import install_plugin
from bench.chaos.work import add_accounts, submit
from ocrkit.database import Database, migrate
from ocrkit.jobs.blobs import Blobs
from ocrkit.jobs.ledger import Ledger
from ocrkit.jobs.local import WORKER_LIMITS, LocalExecutor
from ocrkit.jobs.service import Jobs, JobsOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ocrkit.jobs.records import Job
    from ocrkit.jobs.webhooks import Sign


@pytest.fixture
def blobs(tmp_path: Path) -> Iterator[Blobs]:
    opened = Blobs(tmp_path / "blobs")
    yield opened
    opened.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """Where the kind of database makes no difference."""
    opened = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    """A ledger with accounts `a` and `b`, on each kind of database."""
    add_accounts(database, "a", "b")
    return Ledger(database)


class Service:
    """Jobs with two workers in this process."""

    def __init__(self, jobs: Jobs, database: Database) -> None:
        self.jobs = jobs
        self.database = database

    def submit(self, pages: int = 1, *, account: str = "a", **options: Any) -> Job:
        """A job of blank pages, queued."""
        job = submit(self.jobs.ledger, self.jobs.blobs, account=account, pages=pages, **options)
        self.jobs.wake()
        return job

    def ended(self, job: Job, *, within: float = 60.0) -> Job:
        """The job once it has ended."""
        found = asyncio.run(self.jobs.wait(job.id, within))
        assert found is not None
        assert found.ended, found
        return found


@pytest.fixture
def serve(tmp_path: Path, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Service]]:
    """Starts services on one SQLite database; they are stopped after the test."""
    site = str(install_plugin(tmp_path))
    monkeypatch.syspath_prepend(site)
    monkeypatch.setenv("PYTHONPATH", site, prepend=os.pathsep)
    add_accounts(sqlite, "a", "b")
    started: list[Jobs] = []

    def start(
        *,
        page_seconds: float = 30.0,
        blobs: Blobs | None = None,
        sign: Sign | None = None,
        workers: int = 2,
        **options: Any,
    ) -> Service:
        blobs = blobs or Blobs(tmp_path / "blobs")
        executor = LocalExecutor(blobs, workers, limits=replace(WORKER_LIMITS, seconds=page_seconds), warm=())
        jobs = Jobs(sqlite, blobs, executor=executor, options=JobsOptions(**options), sign=sign)
        started.append(jobs)
        jobs.start()
        return Service(jobs, sqlite)

    yield start
    for jobs in started:
        jobs.stop(grace=1.0)


def wait_for(condition: Callable[[], object], *, within: float = 30.0) -> None:
    """Returns as soon as the condition holds, which it must in time."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a receiver that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/hook"

"""A large job and small ones beside it, while the service and its children are killed at random."""

from __future__ import annotations

import os
import random
import signal
import statistics
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from bench.chaos.audit import Audit, audit
from bench.chaos.serving import Config, Serving, processes_of
from bench.chaos.work import add_accounts, submit
from ocrkit.database import Database, migrate
from ocrkit.jobs.blobs import Blobs
from ocrkit.jobs.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SMALL_PAGES = 3
_SETTLE = 3.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do.

    Attributes:
        pages: of the large job.
        page_seconds: that a page takes.
        small: jobs of three pages beside it.
        kills: of the whole service; one child is killed before each.
        services: processes that share the database, one of which leads.
        limit: seconds for all of it.
    """

    pages: int = 300
    page_seconds: float = 0.1
    small: int = 20
    kills: int = 20
    services: int = 1
    workers: int = 2
    limit: float = 600.0
    seed: int = 1


@dataclass(slots=True)
class Outcome:
    """What came of it.

    Attributes:
        latencies: seconds from submission to end of each small job.
        waits: the same less the seconds in which no service was ready, between a kill and the next start.
        executions: pages that were begun, those begun again counted each time.
        orphans: processes that outlived the services.
    """

    seconds: float = 0.0
    kills: int = 0
    latencies: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    executions: int = 0
    orphans: int = 0
    audit: Audit | None = None

    def lines(self) -> list[str]:
        """The report."""
        assert self.audit is not None
        slow, up = max(self.latencies, default=0.0), max(self.waits, default=0.0)
        middle = statistics.median(self.latencies) if self.latencies else 0.0
        return [
            f"{self.seconds:.0f} s, {self.kills} kills of the service and as many of children",
            f"pages: {self.audit.done} done, {self.audit.failed} failed, {self.audit.open} open",
            f"credits: {self.audit.charged} charged, {self.audit.due} due, {self.audit.held} still held",
            f"jobs whose figures do not agree: {len(self.audit.wrong)} of {self.audit.jobs}",
            f"pages begun: {self.executions}",
            f"small jobs: median {middle:.2f} s, slowest {slow:.2f} s; while a service was up {up:.2f} s",
            f"processes left over: {self.orphans}",
            *self.failures,
        ]


class Chaos:
    """One run in a folder."""

    def __init__(self, plan: Plan, *, folder: Path, url: str) -> None:
        self._plan = plan
        self._folder = folder
        self._random = random.Random(plan.seed)  # noqa: S311 - chance, not secrets
        self._config = Config(url, str(folder), str(folder / "blobs"), workers=plan.workers)
        self._database = Database(url)
        migrate(self._database)
        self._ledger = Ledger(self._database)
        self._blobs = Blobs(folder / "blobs")
        self._log = folder / "readings"
        self._services: list[Serving] = []
        self._lives: list[tuple[float, float]] = []

    def run(self) -> Outcome:
        """Submits, kills, waits, stops, and looks at what is left."""
        outcome, plan = Outcome(), self._plan
        add_accounts(self._database, "big", "small")
        self._services = [Serving(self._config) for _ in range(plan.services)]
        for service in self._services:
            service.wait_until_ready()
        started = time.monotonic()
        faults = {"crash": (plan.pages // 6,), "hog": (plan.pages // 3,), "fail": (plan.pages // 2,)}
        big = self._submit("big", plan.pages, **faults)
        span = plan.pages * plan.page_seconds / plan.workers
        events = [("small", span * (place + 0.5) / max(1, plan.small)) for place in range(plan.small)]
        events += [("kill", self._random.uniform(0, span)) for _ in range(plan.kills)]
        for what, at in sorted(events, key=lambda event: event[1]):
            self._wait(partial(self._reached, big, at / span), started)
            if what == "small":
                self._submit("small", _SMALL_PAGES)
            else:
                outcome.kills += 1
                self._kill()
        self._wait(self._all_ended, started)
        outcome.seconds = time.monotonic() - started
        self._stop(outcome)
        self._look(outcome)
        return outcome

    def _submit(self, account: str, pages: int, **faults: Any) -> str:
        options: dict[str, Any] = {"seconds": self._plan.page_seconds, "log": str(self._log), **faults}
        return submit(self._ledger, self._blobs, account=account, pages=pages, **options).id

    def _kill(self) -> None:
        """A child first, then the service above it; another takes its place."""
        victim = self._services.pop(0)
        if children := victim.children():
            os.kill(self._random.choice(children), signal.SIGKILL)
        self._lived(victim)
        victim.kill()
        self._services.append(Serving(self._config))
        if len(self._services) == 1:
            self._services[0].wait_until_ready()

    def _lived(self, service: Serving) -> None:
        if service.ready_at is not None:
            self._lives.append((service.ready_at, time.time()))

    def _up(self, start: float, end: float) -> float:
        """Seconds between two times in which a service was ready."""
        up, seen = 0.0, start
        for ready, ended in sorted(self._lives):
            up += max(0.0, min(ended, end) - max(ready, seen))
            seen = max(seen, min(ended, end))
        return up

    def _reached(self, job: str, share: float) -> bool:
        return self._progress(job) >= share

    def _progress(self, job: str) -> float:
        found = self._ledger.job(job)
        assert found is not None
        return 1.0 if found.ended else (found.pages_done + found.pages_failed) / found.page_count

    def _all_ended(self) -> bool:
        return all(job.ended for account in ("big", "small") for job in self._ledger.jobs_of(account, limit=1000))

    def _wait(self, condition: Callable[[], bool], started: float) -> None:
        while not condition() and time.monotonic() - started < self._plan.limit:
            time.sleep(0.02)

    def _stop(self, outcome: Outcome) -> None:
        for service in self._services:
            self._lived(service)
            if code := service.stop():
                outcome.failures.append(f"A service ended with code {code}.")
        settled = time.monotonic() + _SETTLE
        while (left := list(processes_of(self._folder))) and time.monotonic() < settled:
            time.sleep(0.05)
        outcome.orphans = len(left)

    def _look(self, outcome: Outcome) -> None:
        outcome.audit = audit(self._database)
        outcome.executions = len(self._log.read_text("utf-8").splitlines())
        for job in self._ledger.jobs_of("small", limit=1000):
            if job.finished is None:
                outcome.failures.append(f"Job {job.id} did not end.")
            else:
                outcome.latencies.append(job.finished - job.created)
                outcome.waits.append(self._up(job.created, job.finished))
        self._database.close()
        self._blobs.close()

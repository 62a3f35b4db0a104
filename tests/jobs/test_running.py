"""Jobs that run: pages that crash, hang, eat memory or lie, leaders that change, jobs that go while they are read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from bench.chaos.audit import audit
from ocrkit.database.tables import webhook_deliveries
from ocrkit.errors import SourceNotFoundError
from ocrkit.jobs.blobs import folder_key

from .conftest import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Service

    Serve = Callable[..., Service]


def leads(service: Service) -> bool:
    return service.jobs.leading


def errors(service: Service, job: str) -> dict[int, str | None]:
    return {page.number: page.error_code for page in service.jobs.pages(job) if page.state == "failed"}


@pytest.mark.slow
def test_pages_that_crash_hang_eat_memory_or_lie_fail_alone_and_are_not_charged(serve: Serve) -> None:
    service = serve(page_seconds=3.0)
    faults: dict[str, Any] = {"crash": (2,), "hang": (3,), "hog": (4,), "fail": (5,), "broken": (6,), "garble": (7,)}
    job = service.ended(service.submit(12, price=2, **faults))

    assert (job.state, job.pages_done, job.pages_failed) == ("done", 6, 6)
    assert set(errors(service, job.id)) == {2, 3, 4, 5, 6, 7}
    assert errors(service, job.id)[2] == "worker_crashed"
    assert errors(service, job.id)[3] == "page_timeout"
    document = service.jobs.document(job.id)
    assert [page.number for page in document.pages] == list(range(1, 13))
    found = audit(service.database)
    assert (found.charged, found.held, found.sound) == (12, 0, True)
    assert service.ended(service.submit(2)).pages_done == 2, "the workers go on"


def test_a_page_whose_engine_raises_what_a_full_disk_raises_fails_and_holds_nobody_up(serve: Serve) -> None:
    service = serve()
    job = service.ended(service.submit(2, broken=(1,)), within=20)
    assert (job.state, job.pages_done, errors(service, job.id)) == ("done", 1, {1: "engine_failed"})


def test_a_job_of_which_no_page_can_be_read_fails_and_costs_nothing(serve: Serve) -> None:
    service = serve()
    job = service.ended(service.submit(2, fail=(1, 2)))
    assert (job.state, job.error_code) == ("failed", "nothing_read")
    assert audit(service.database).charged == 0


def test_another_leads_when_the_leader_goes(serve: Serve) -> None:
    first = serve()
    wait_for(lambda: leads(first))
    second = serve()
    job = second.submit(30, seconds=0.1)
    wait_for(lambda: first.jobs.pages(job.id))
    assert not leads(second)
    first.jobs.stop(grace=0.0)
    assert second.ended(job).pages_done == 30
    assert leads(second)
    assert audit(second.database).sound


def test_a_job_deleted_while_it_is_read_leaves_nothing(serve: Serve, tmp_path: Path) -> None:
    service = serve()
    job = service.submit(40, seconds=0.05)
    wait_for(lambda: len(service.jobs.pages(job.id)) > 2)
    assert service.jobs.delete(job.id)
    after = service.submit(1)
    assert service.ended(after).state == "done", "pages of the deleted job have come back by now"
    folder = tmp_path / "blobs" / folder_key(job.id)
    wait_for(lambda: not folder.exists(), within=5)
    assert audit(service.database).held == 0


def test_an_export_of_a_job_deleted_meanwhile_is_not_kept(serve: Serve, tmp_path: Path) -> None:
    service = serve()
    job = service.ended(service.submit(1))
    service.jobs.ledger.delete(job.id)
    with pytest.raises(SourceNotFoundError):
        service.jobs.export(job.id, "txt")
    service.jobs.delete(job.id)
    assert not (tmp_path / "blobs" / folder_key(job.id)).exists()


def test_a_receiver_that_never_answers_does_not_hold_up_a_stop(serve: Serve, silent: str) -> None:
    service = serve(sign=lambda _account, _message: "v1,none", private_webhooks=True)
    for _ in range(6):
        service.ended(service.submit(1, webhook_url=silent))
    wait_for(lambda: _attempts(service), within=10)
    started = time.monotonic()
    service.jobs.stop(grace=1.0)
    assert time.monotonic() - started < 3


def test_a_webhook_does_not_lead_to_the_inside(serve: Serve, silent: str) -> None:
    service = serve(sign=lambda _account, _message: "v1,none")
    service.ended(service.submit(1, webhook_url=silent))
    wait_for(lambda: "127.0.0.1" in _last_error(service), within=10)


def _attempts(service: Service) -> int:
    with service.database.read() as connection:
        return sum(connection.scalars(select(webhook_deliveries.c.attempts)))


def _last_error(service: Service) -> str:
    with service.database.read() as connection:
        return connection.scalar(select(webhook_deliveries.c.last_error)) or ""

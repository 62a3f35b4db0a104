"""The ledger alone, on SQLite and PostgreSQL: nothing is lost, nothing is charged twice."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, insert, select, update

from bench.chaos.audit import audit
from ocrkit.database import Database
from ocrkit.database.tables import accounts, credit_entries, jobs, pages
from ocrkit.jobs.ledger import MAX_DISPATCHES, Ledger, new_id
from ocrkit.jobs.records import NewJob, PageEnd, Terms

if TYPE_CHECKING:
    from ocrkit.jobs.records import Job, Outcome, PageRun


def submitted(
    ledger: Ledger, count: int, *, account: str = "a", weight: float = 1.0, price: int = 1, **more: Any
) -> Job:
    new = NewJob(
        id=new_id(),
        tier=more.pop("tier", "cpu"),
        language="auto",
        filename="a.pdf",
        media_type="application/pdf",
        bytes=1,
        file_pages=count,
        page_numbers=tuple(range(1, count + 1)),
        **more,
    )
    with ledger.database.write() as connection:
        return ledger.submit(connection, new, Terms(account, weight, "monthly", "2026-11", price))


def end(run: PageRun, outcome: Outcome = "done", **more: Any) -> PageEnd:
    return PageEnd(run.job, run.number, outcome, **more)


def balance(ledger: Ledger, account: str = "a") -> int:
    with ledger.database.read() as connection:
        total = select(func.sum(credit_entries.c.amount)).where(credit_entries.c.account == account)
        return connection.scalar(total) or 0


def state(ledger: Ledger, job: Job) -> str:
    found = ledger.job(job.id)
    assert found is not None
    return found.state


def finished(ledger: Ledger, job: Job) -> Job:
    ledger.commit([end(run) for run in ledger.take(job.page_count)])
    ledger.finish(job.id, state="done")
    found = ledger.job(job.id)
    assert found is not None
    return found


def test_a_job_holds_its_price_and_each_page_settles_its_share(ledger: Ledger) -> None:
    job = submitted(ledger, 3, price=2)
    assert balance(ledger) == -6

    first, second, third = ledger.take(3)
    ledger.commit([end(first), end(second, "failed", error_code="corrupt_source", error="It is broken.")])
    assert balance(ledger) == -4  # one read, one given back, one still held
    committed = ledger.commit([end(third)])

    assert committed.assembling == (ledger.job(job.id),)
    assert balance(ledger) == -4
    assert [(page.number, page.ended_as, page.state) for page in ledger.pages(job.id, after_ended_as=1)] == [
        (2, 2, "failed"),
        (3, 3, "done"),
    ]


def test_a_page_that_ends_twice_is_charged_once(ledger: Ledger) -> None:
    job = submitted(ledger, 2)
    runs = ledger.take(2)
    for _ in range(3):
        ledger.commit([end(run) for run in runs])
    ledger.commit([end(runs[0], "failed")])

    assert balance(ledger) == -2
    found = ledger.job(job.id)
    assert found is not None
    assert (found.pages_done, found.pages_failed) == (2, 0)


def test_two_ledgers_that_commit_the_same_pages_at_once_charge_them_once(database_url: str, ledger: Ledger) -> None:
    for _ in range(5):
        submitted(ledger, 10)
    runs = ledger.take(50)
    together = threading.Barrier(4)

    def commit_all() -> None:
        own = Database(database_url)
        together.wait()
        for run in runs:
            Ledger(own).commit([end(run)])
        own.close()

    threads = [threading.Thread(target=commit_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = audit(ledger.database)
    assert (found.done, found.charged, found.held, found.wrong) == (50, 50, 0, ())


def test_pages_sent_out_by_a_dispatcher_that_died_are_given_again(ledger: Ledger) -> None:
    submitted(ledger, 3)
    assert [run.number for run in ledger.take(3)] == [1, 2, 3]
    assert [run.number for run in ledger.take(3)] == [1, 2, 3]
    assert [run.number for run in ledger.take(3, {(run.job, run.number): True for run in ledger.take(2)})] == [3]


def test_a_page_that_ends_its_worker_three_times_fails_and_costs_nothing(ledger: Ledger) -> None:
    job = submitted(ledger, 1)
    for _ in range(3):
        assert state(ledger, job) == "open"
        [run] = ledger.take(1)
        ledger.commit([end(run, "crashed", error_code="worker_crashed", error="It was ended.")])

    [page] = ledger.pages(job.id)
    assert (page.state, page.error_code) == ("failed", "worker_crashed")
    assert (state(ledger, job), balance(ledger)) == ("assembling", 0)


@pytest.mark.parametrize("outcome", ["lost", "returned"])
def test_a_page_does_not_fail_for_what_is_not_its_fault(ledger: Ledger, outcome: Outcome) -> None:
    job = submitted(ledger, 1)
    for _ in range(5):
        [run] = ledger.take(1)
        ledger.commit([end(run, outcome)])
    assert ledger.pages(job.id) == []
    assert ledger.take(1)


def test_a_page_that_never_comes_back_is_given_up_in_the_end(ledger: Ledger) -> None:
    job = submitted(ledger, 2)
    [first] = ledger.take(1)
    ledger.commit([end(first)])
    for _ in range(MAX_DISPATCHES):
        assert len(ledger.take(2)) == 1
    assert ledger.take(2) == []

    [_, page] = ledger.pages(job.id)
    assert (page.state, page.error_code) == ("failed", "worker_crashed")
    assert (state(ledger, job), balance(ledger)) == ("assembling", -1)


def test_pages_handed_back_unread_do_not_wear_out(ledger: Ledger) -> None:
    submitted(ledger, 1)
    for _ in range(MAX_DISPATCHES + 5):
        [run] = ledger.take(1)
        ledger.commit([end(run, "returned")])
    assert len(ledger.take(1)) == 1


def test_a_page_read_by_a_cheaper_tier_costs_what_that_tier_does(ledger: Ledger) -> None:
    submitted(ledger, 2, tier="vlm", price=3, settings={"prices": {"cpu": 1, "vlm": 3}})
    first, second = ledger.take(2)
    ledger.commit([end(first, tier="vlm"), end(second, tier="cpu")])
    assert balance(ledger) == -4


AUTO: dict[str, Any] = {"tier": "auto", "settings": {"prices": {"cpu": 1, "vlm": 4}, "vlm_pages": 2}}


def test_tier_auto_holds_its_ceiling_and_charges_each_page_by_the_path_it_took(ledger: Ledger) -> None:
    job = submitted(ledger, 5, **AUTO)
    assert balance(ledger) == -(5 * 1 + 2 * 3)
    ledger.commit([PageEnd(job.id, 1, "done", "cpu"), PageEnd(job.id, 2, "done", "vlm"), PageEnd(job.id, 3, "failed")])
    assert balance(ledger) == -(1 + 4) - (2 * 1 + 1 * 3)
    ledger.commit([PageEnd(job.id, 4, "done", "cpu")])
    ledger.commit([PageEnd(job.id, 5, "done", "cpu")])
    assert (state(ledger, job), balance(ledger)) == ("assembling", -(1 + 4 + 1 + 1))


def test_tier_auto_never_charges_more_than_it_held(ledger: Ledger) -> None:
    job = submitted(ledger, 4, **AUTO)
    ledger.commit([PageEnd(job.id, number, "done", "vlm") for number in (1, 2, 3, 4)])
    assert balance(ledger) == -(2 * 4 + 2 * 1)


def test_cancelling_tier_auto_gives_back_the_rest_of_its_ceiling(ledger: Ledger) -> None:
    job = submitted(ledger, 4, **AUTO)
    ledger.commit([end(ledger.take(1)[0], tier="vlm")])
    assert ledger.cancel(job.id)
    assert balance(ledger) == -4


def test_leave_for_tier_vlm_is_given_up_to_the_ceiling_and_again_where_it_was_not_used(ledger: Ledger) -> None:
    job = submitted(ledger, 6, **AUTO)
    first, second = ledger.take(3)
    assert (first.may_use_vlm, second.may_use_vlm) == (True, True)
    out = {(job.id, 1): True, (job.id, 2): True}
    assert ledger.take(3, out) == []  # one of them may not need its leave
    ledger.commit([end(first, tier="vlm"), end(second, tier="cpu")])
    [third] = ledger.take(3)
    assert third.may_use_vlm
    ledger.commit([end(third, tier="vlm")])
    assert [run.may_use_vlm for run in ledger.take(9)] == [False] * 3


def test_a_page_that_ended_two_workers_is_kept_from_the_vlm_tier_at_its_last_try(ledger: Ledger) -> None:
    submitted(ledger, 1, tier="vlm", price=3)
    tries = []
    for _ in range(3):
        [run] = ledger.take(1)
        tries.append(run.may_use_vlm)
        ledger.commit([end(run, "crashed")])
    assert tries == [True, True, False]


def test_cancelling_gives_back_what_is_not_read(ledger: Ledger) -> None:
    job = submitted(ledger, 5)
    first, late = ledger.take(2)
    ledger.commit([end(first)])

    assert ledger.cancel(job.id)
    assert not ledger.cancel(job.id)
    ledger.commit([end(late)])  # its worker did not know

    assert (state(ledger, job), balance(ledger), ledger.take(5)) == ("cancelled", -1, [])


def test_deleting_an_open_job_gives_its_hold_back_and_keeps_the_charges(ledger: Ledger) -> None:
    job = submitted(ledger, 3)
    first, late, _ = ledger.take(3)
    ledger.commit([end(first)])

    assert ledger.delete(job.id)
    assert not ledger.delete(job.id)

    assert ledger.commit([end(late)]).gone == (job.id,)
    assert (ledger.job(job.id), balance(ledger)) == (None, -1)


def test_a_job_that_fails_after_its_pages_were_read_gets_their_price_back(ledger: Ledger) -> None:
    job = submitted(ledger, 2)
    ledger.commit([end(run) for run in ledger.take(2)])
    assert ledger.finish(job.id, state="failed", error_code="error", error="No document.")
    assert balance(ledger) == 0
    assert audit(ledger.database).sound


def test_an_error_may_hold_what_no_database_keeps(ledger: Ledger) -> None:
    job = submitted(ledger, 1)
    [run] = ledger.take(1)
    ledger.commit([end(run, "failed", error_code="corrupt_source", error="object \x00 and \udcff are broken")])
    assert [page.error for page in ledger.pages(job.id)] == ["object   and ? are broken"]


def test_a_job_ends_once(ledger: Ledger) -> None:
    job = submitted(ledger, 1)
    assert not ledger.finish(job.id, state="done")
    finished(ledger, job)
    assert not ledger.finish(job.id, state="failed")
    assert state(ledger, job) == "done"


def test_retention_counts_from_the_end_of_a_job(ledger: Ledger) -> None:
    open_job = submitted(ledger, 1, expires_after=0.0)
    assert ledger.expired() == []
    ended = finished(ledger, open_job)
    assert ended.expires == pytest.approx(ended.finished)
    assert ledger.expired() == [open_job.id]

    kept = finished(ledger, submitted(ledger, 1, expires_after=3600.0))
    assert kept.finished is not None
    assert kept.expires == pytest.approx(kept.finished + 3600, abs=1)
    assert finished(ledger, submitted(ledger, 1)).expires is None
    assert ledger.expired() == [open_job.id]


def test_jobs_of_an_account_come_newest_first_and_page_by_page(ledger: Ledger) -> None:
    made = [submitted(ledger, 1) for _ in range(5)]
    submitted(ledger, 1, account="b")
    newest = ledger.jobs_of("a", limit=2)
    older = ledger.jobs_of("a", before=newest[-1].created, limit=10)
    assert [job.id for job in newest + older] == [job.id for job in reversed(made)]


def test_a_small_job_goes_before_the_rest_of_a_large_one(ledger: Ledger) -> None:
    submitted(ledger, 500)
    ledger.commit([end(run) for run in ledger.take(100)])
    small = submitted(ledger, 3, account="b")
    own = submitted(ledger, 3)

    soon = ledger.take(30)
    assert {run.number for run in soon if run.job == small.id} == {1, 2, 3}
    assert {run.number for run in soon if run.job == own.id} == {1, 2, 3}


def test_accounts_share_by_weight_whoever_came_first(ledger: Ledger) -> None:
    light = submitted(ledger, 400)
    heavy = submitted(ledger, 400, account="b", weight=4.0)
    sent = ledger.take(200)
    share = sum(run.job == heavy.id for run in sent) / sum(run.job == light.id for run in sent)
    assert 3 < share < 5


def test_an_account_does_not_get_more_by_cutting_its_work_into_many_jobs(ledger: Ledger) -> None:
    for _ in range(20):
        submitted(ledger, 40)
    other = submitted(ledger, 200, account="b")
    sent = ledger.take(150)
    assert sum(run.job == other.id for run in sent) >= 150 / 3 - 5


def test_what_an_account_had_read_before_does_not_weigh_on_it(ledger: Ledger) -> None:
    finished(ledger, submitted(ledger, 300))
    newcomer = submitted(ledger, 100, account="b")
    regular = submitted(ledger, 100)
    first = ledger.take(20)
    assert 8 <= sum(run.job == regular.id for run in first) <= 12
    assert 8 <= sum(run.job == newcomer.id for run in first) <= 12


def test_the_audit_bites(ledger: Ledger) -> None:
    finished(ledger, submitted(ledger, 2))
    assert audit(ledger.database).sound

    entry = {"account": "a", "bucket": "monthly", "period": "2026-11", "kind": "charge", "at": 0.0, "page": 9}
    with ledger.database.write() as connection:
        job = connection.scalar(select(jobs.c.id))
        connection.execute(insert(credit_entries).values(**entry, amount=-1, job=job))
    assert not audit(ledger.database).sound

    with ledger.database.write() as connection:
        connection.execute(update(pages).values(state="todo"))
        connection.execute(update(accounts).values(disabled=True))
    assert audit(ledger.database).open == 2

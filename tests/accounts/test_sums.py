"""Whatever happens to jobs, in whatever order: what is held, charged and left is the cap, and nothing is overspent."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ocrkit.accounts import Accounts, Credits, Plans, Secrets, books
from ocrkit.errors import GrantError, OutOfCreditsError, TooManyPagesError
from ocrkit.jobs.ledger import Ledger
from ocrkit.jobs.records import Job, PageEnd

from .conftest import SECRET
from .submitting import submit

if TYPE_CHECKING:
    from ocrkit.contracts import Tier
    from ocrkit.database import Database
    from ocrkit.jobs.records import Outcome

PRICES: dict[Tier, int] = {"cpu": 1, "vlm": 3}
OUTCOMES: list[Outcome] = ["done", "done", "failed", "crashed", "lost", "returned"]
TIERS = st.sampled_from(list(PRICES))


class Books(RuleBasedStateMachine):
    """An account, its jobs, and beside them what its books must say."""

    database: ClassVar[Database]

    def __init__(self) -> None:
        super().__init__()
        plans = Plans({"free": {"cap": 40, "max_pages": 10}})
        self.credit = Credits(self.database, plans)
        self.ledger = Ledger(self.database)
        people = Accounts(self.database, Secrets(SECRET), plans)
        self.account = people.create(f"{id(self)}.{len(people.everyone())}@example.org").id
        self.granted = 0
        self.jobs: list[Job] = []
        self.bucket: dict[str, str] = {}
        self.open: dict[tuple[str, int], int] = {}
        self.charged = {"monthly": 0, "paid": 0}

    @rule(pages=st.integers(1, 25), tier=TIERS)
    def submit(self, pages: int, tier: Tier) -> None:
        before = {balance.bucket: balance.left for balance in self.credit.balances(self.account)}
        price = PRICES[tier]
        fits = [
            bucket
            for bucket, most in (("monthly", 10), ("paid", 2000))
            if pages <= most and pages * price <= before[bucket]  # type: ignore[index]  # the buckets of these plans
        ]
        try:
            job = submit(self.database, self.credit, self.account, pages=pages, tier=tier)
        except (OutOfCreditsError, TooManyPagesError):
            assert not fits
            return
        assert fits
        self.jobs.append(job)
        self.bucket[job.id] = fits[0]
        self.open.update({(job.id, number): price for number in range(1, pages + 1)})

    @precondition(lambda self: self.jobs)
    @rule(data=st.data())
    def end_pages(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(self.jobs))
        numbers = data.draw(st.lists(st.integers(1, job.page_count), min_size=1, max_size=6))
        outcome = data.draw(st.sampled_from(OUTCOMES))
        tier = data.draw(TIERS)
        self.ledger.commit([PageEnd(job.id, number, outcome, tier=tier) for number in numbers])
        ended = {state.number: state.state for state in self.ledger.pages(job.id)}
        for number in {number for key, number in self.open if key == job.id} & set(ended):
            held = self.open.pop((job.id, number))
            if ended[number] == "done":
                # Never more than was held, even if a dearer tier came to read it.
                self.charged[self.bucket[job.id]] += min(PRICES[tier], held)

    @precondition(lambda self: self.jobs)
    @rule(data=st.data(), gone=st.booleans())
    def end_job(self, data: st.DataObject, gone: bool) -> None:
        job = data.draw(st.sampled_from(self.jobs))
        (self.ledger.delete if gone else self.ledger.cancel)(job.id)
        self.open = {key: price for key, price in self.open.items() if key[0] != job.id}

    @rule(amount=st.integers(-60, 60))
    def grant(self, amount: int) -> None:
        left = self.credit.balances(self.account)[-1].left
        try:
            self.credit.grant(self.account, amount)
        except GrantError:
            assert amount == 0 or left + amount < 0
        else:
            self.granted += amount

    @invariant()
    def the_books_are_right(self) -> None:
        for balance in self.credit.balances(self.account):
            held = sum(price for (job, _), price in self.open.items() if self.bucket[job] == balance.bucket)
            assert balance.cap == (self.granted if balance.bucket == "paid" else 40)
            assert (balance.held, balance.charged) == (held, self.charged[balance.bucket])
            assert balance.held + balance.charged + balance.left == balance.cap
            assert balance.left >= 0


@pytest.mark.slow
def test_held_and_charged_and_left_are_the_cap_whatever_happens(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Books are closed at every turn: nobody else writes them here.
    monkeypatch.setattr(books, "LONG", 3)
    monkeypatch.setattr(books, "SETTLED", -1.0)
    Books.database = database
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=40 if database.is_sqlite else 15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ocrkit.errors import (
    AccountDisabledError,
    GrantError,
    OptionError,
    OutOfCreditsError,
    TooManyPagesError,
    UnknownAccountError,
)
from ocrkit.jobs.ledger import Ledger
from ocrkit.jobs.records import PageEnd, Terms

from .submitting import submit

if TYPE_CHECKING:
    from ocrkit.accounts import Accounts, Balance, Credits
    from ocrkit.contracts import Tier
    from ocrkit.database import Database

    from .conftest import Clock

NOBODY = "0" * 32


@pytest.fixture
def ada(accounts: Accounts) -> str:
    """An account of the free plan: 20 credits a month, 10 pages a file."""
    return accounts.create("ada@example.org").id


def sums(balance: Balance) -> tuple[int, int, int, int]:
    return balance.cap, balance.held, balance.charged, balance.left


def terms(database: Database, credit: Credits, account: str, *, pages: int, tier: Tier = "cpu") -> Terms:
    with database.write() as connection:
        return credit.terms(connection, account, pages=pages, tier=tier)


def test_a_job_is_held_at_once_and_charged_as_its_pages_are_read(database: Database, credit: Credits, ada: str) -> None:
    job = submit(database, credit, ada, pages=4)
    assert sums(credit.balances(ada)[0]) == (20, 4, 0, 16)

    ledger = Ledger(database)
    ledger.commit([PageEnd(job.id, 1, "done", tier="cpu"), PageEnd(job.id, 2, "failed")])
    assert sums(credit.balances(ada)[0]) == (20, 2, 1, 17)
    ledger.commit([PageEnd(job.id, 1, "done", tier="cpu")])
    assert sums(credit.balances(ada)[0]) == (20, 2, 1, 17)
    ledger.cancel(job.id)
    assert sums(credit.balances(ada)[0]) == (20, 0, 1, 19)
    ledger.delete(job.id)
    assert sums(credit.balances(ada)[0]) == (20, 0, 1, 19)


def test_the_price_of_a_job_that_came_to_nothing_may_be_spent_again(
    database: Database, credit: Credits, ada: str
) -> None:
    job = submit(database, credit, ada, pages=2)
    ledger = Ledger(database)
    ledger.commit([PageEnd(job.id, number, "done", tier="cpu") for number in (1, 2)])
    assert sums(credit.balances(ada)[0]) == (20, 0, 2, 18)
    ledger.finish(job.id, state="failed", error_code="error", error="There is no document.")
    assert sums(credit.balances(ada)[0]) == (20, 0, 0, 20)


def test_a_page_read_by_a_cheaper_tier_than_asked_costs_that_tiers_price(
    database: Database, credit: Credits, ada: str
) -> None:
    job = submit(database, credit, ada, pages=2, tier="vlm")
    assert sums(credit.balances(ada)[0]) == (20, 6, 0, 14)

    Ledger(database).commit([PageEnd(job.id, 1, "done", tier="cpu"), PageEnd(job.id, 2, "done", tier="vlm")])

    assert sums(credit.balances(ada)[0]) == (20, 0, 4, 16)


def test_tier_auto_holds_up_to_its_ceiling_and_gives_back_what_it_did_not_need(
    database: Database, credit: Credits, ada: str
) -> None:
    job = submit(database, credit, ada, pages=5, tier="auto")
    assert sums(credit.balances(ada)[0]) == (20, 9, 0, 11)

    Ledger(database).commit([PageEnd(job.id, 1, "done", tier="vlm"), PageEnd(job.id, 2, "done", tier="cpu")])
    assert sums(credit.balances(ada)[0]) == (20, 5, 4, 11)
    Ledger(database).commit([PageEnd(job.id, number, "done", tier="cpu") for number in (3, 4, 5)])
    assert sums(credit.balances(ada)[0]) == (20, 0, 7, 13)

    with database.write() as connection, pytest.raises(OutOfCreditsError, match="cost up to 14"):
        credit.terms(connection, ada, pages=10, tier="auto", vlm_pages=2)


def test_the_terms_are_those_of_the_plan(database: Database, credit: Credits, accounts: Accounts, ada: str) -> None:
    caller = accounts.anonymous("192.0.2.1").id

    assert terms(database, credit, ada, pages=3, tier="vlm") == Terms(ada, 2, "monthly", "2026-11", 3)
    assert terms(database, credit, caller, pages=3) == Terms(caller, 1, "daily", "2026-11-23", 1)


def test_a_job_beyond_the_allowance_is_refused_with_what_was_used(
    database: Database, credit: Credits, ada: str
) -> None:
    submit(database, credit, ada, pages=8)
    submit(database, credit, ada, pages=8)

    with pytest.raises(OutOfCreditsError, match="4 of 20 for this month") as caught:
        submit(database, credit, ada, pages=5)
    assert (caught.value.used, caught.value.cap) == (16, 20)
    submit(database, credit, ada, pages=4)
    assert sums(credit.balances(ada)[0]) == (20, 20, 0, 0)
    with pytest.raises(OutOfCreditsError, match="1 page on cpu costs 1, left are 0 of 20"):
        submit(database, credit, ada, pages=1)


def test_the_figures_of_a_refusal_survive_a_process_border() -> None:
    error = pickle.loads(pickle.dumps(OutOfCreditsError("No.", hint="Buy.", used=3, cap=4)))  # noqa: S301  our own bytes

    assert (error.message, error.hint, error.used, error.cap) == ("No.", "Buy.", 3, 4)


def test_bought_credits_pay_for_a_job_as_a_whole_where_the_allowance_does_not(
    database: Database, credit: Credits, ada: str
) -> None:
    submit(database, credit, ada, pages=10)
    submit(database, credit, ada, pages=7)
    credit.grant(ada, 30, note="order 1")

    submit(database, credit, ada, pages=9)

    monthly, paid = credit.balances(ada)
    assert sums(monthly) == (20, 17, 0, 3)
    assert sums(paid) == (30, 9, 0, 21)
    assert terms(database, credit, ada, pages=3).bucket == "monthly"
    with pytest.raises(OutOfCreditsError, match="3 of 20 for this month and 21 of 30 bought"):
        terms(database, credit, ada, pages=8, tier="vlm")


def test_paying_raises_priority_and_pages_per_file(database: Database, credit: Credits, ada: str) -> None:
    with pytest.raises(TooManyPagesError, match="a file may have 10"):
        terms(database, credit, ada, pages=11)
    credit.grant(ada, 11)

    assert terms(database, credit, ada, pages=11) == Terms(ada, 8, "paid", "", 1)
    assert terms(database, credit, ada, pages=2) == Terms(ada, 8, "monthly", "2026-11", 1)
    with pytest.raises(TooManyPagesError, match="a file may have 1000"):
        terms(database, credit, ada, pages=1001)
    with pytest.raises(OutOfCreditsError) as caught:
        terms(database, credit, ada, pages=12)
    assert (caught.value.used, caught.value.cap) == (0, 11)


def test_a_paying_account_without_credits_is_told_what_it_bought(
    database: Database, credit: Credits, accounts: Accounts
) -> None:
    bob = accounts.create("bob@example.org", plan="paid").id
    credit.grant(bob, 5)
    submit(database, credit, bob, pages=5)

    with pytest.raises(OutOfCreditsError, match="0 of 5 bought") as caught:
        submit(database, credit, bob, pages=1)
    assert (caught.value.used, caught.value.cap) == (5, 5)
    assert [balance.bucket for balance in credit.balances(bob)] == ["paid"]


@pytest.mark.parametrize(
    ("anonymous", "last", "first"),
    [
        (True, datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)),
        (False, datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)),
    ],
    ids=["daily", "monthly"],
)
def test_an_allowance_is_new_when_its_period_ends_and_not_before(
    database: Database,
    credit: Credits,
    accounts: Accounts,
    clock: Clock,
    *,
    anonymous: bool,
    last: datetime,
    first: datetime,
) -> None:
    account = accounts.anonymous("192.0.2.1") if anonymous else accounts.create("bob@example.org")
    clock.at = last.timestamp()
    cap = credit.balances(account.id)[0].cap
    while (left := credit.balances(account.id)[0].left) > 0:
        job = submit(database, credit, account.id, pages=min(left, 5))

    assert credit.balances(account.id)[0].resets == first.timestamp()
    with pytest.raises(OutOfCreditsError):
        submit(database, credit, account.id, pages=1)
    clock.at = first.timestamp()
    assert sums(credit.balances(account.id)[0]) == (cap, 0, 0, cap)
    # What was held yesterday is settled in yesterday's books.
    Ledger(database).cancel(job.id)
    assert sums(credit.balances(account.id)[0]) == (cap, 0, 0, cap)
    clock.at = last.timestamp()
    assert credit.balances(account.id)[0].left == 5


def test_a_lowered_cap_leaves_less_than_nothing_and_takes_no_job(
    database: Database, credit: Credits, accounts: Accounts, ada: str
) -> None:
    submit(database, credit, ada, pages=10)
    accounts.set_plan(ada, "anonymous")
    submit(database, credit, ada, pages=5)
    accounts.set_plan(ada, "free")

    assert sums(credit.balances(ada)[0]) == (20, 10, 0, 10)


def test_a_disabled_account_submits_nothing(database: Database, credit: Credits, accounts: Accounts, ada: str) -> None:
    accounts.set_disabled(ada, disabled=True)

    with pytest.raises(AccountDisabledError):
        submit(database, credit, ada, pages=1)


def test_a_tier_without_a_price_is_refused(database: Database, credit: Credits, ada: str) -> None:
    with database.write() as connection, pytest.raises(OptionError, match="cpu, vlm"):
        credit.terms(connection, ada, pages=1, tier="gpu")


def test_nobody_has_no_books(database: Database, credit: Credits) -> None:
    for call in (credit.balances, credit.usage, lambda account: credit.grant(account, 1)):
        with pytest.raises(UnknownAccountError):
            call(NOBODY)
    with pytest.raises(UnknownAccountError):
        terms(database, credit, NOBODY, pages=1)


def test_a_grant_can_be_taken_back_as_far_as_it_is_left(
    database: Database, credit: Credits, accounts: Accounts
) -> None:
    bob = accounts.create("bob@example.org", plan="paid").id

    assert sums(credit.grant(bob, 10)) == (10, 0, 0, 10)
    submit(database, credit, bob, pages=4)
    with pytest.raises(GrantError, match="6 are left"):
        credit.grant(bob, -7)
    assert sums(credit.grant(bob, -6)) == (4, 4, 0, 0)


@pytest.mark.parametrize("amount", [0, 10**13, -(10**13)])
def test_an_absurd_grant_is_refused(credit: Credits, ada: str, amount: int) -> None:
    with pytest.raises(GrantError):
        credit.grant(ada, amount)
    assert credit.entries(ada, credit.balances(ada)[-1]) == []


def test_the_books_add_up_to_the_balance_line_by_line(database: Database, credit: Credits, ada: str) -> None:
    credit.grant(ada, 30, note="order 1")
    job = submit(database, credit, ada, pages=3, tier="vlm")
    Ledger(database).commit([PageEnd(job.id, 1, "done", tier="vlm")])

    monthly, paid = credit.balances(ada)
    entries = credit.entries(ada, monthly)
    (grant,) = credit.entries(ada, paid)

    assert [(entry.kind, entry.amount, entry.job, entry.page) for entry in entries] == [
        ("charge", -3, job.id, 1),
        ("release", 3, job.id, 1),
        ("hold", -9, job.id, None),
    ]
    assert monthly.left == monthly.cap + sum(entry.amount for entry in entries)
    assert (grant.kind, grant.amount, grant.note, paid.left) == ("grant", 30, "order 1", 30)
    first, rest = credit.entries(ada, monthly, limit=1), credit.entries(ada, monthly, before=entries[0].id)
    assert first + rest == entries


def test_usage_tells_what_was_charged_on_which_day(
    database: Database, credit: Credits, ada: str, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr("time.time", clock)
    credit.grant(ada, 100)
    job = submit(database, credit, ada, pages=5)
    large = submit(database, credit, ada, pages=30, tier="vlm")
    ledger = Ledger(database)
    ledger.commit([PageEnd(job.id, 1, "done", tier="cpu"), PageEnd(job.id, 2, "failed")])
    clock.at = datetime(2026, 11, 24, tzinfo=UTC).timestamp()
    ledger.commit([PageEnd(job.id, 3, "done", tier="cpu"), PageEnd(large.id, 7, "done", tier="vlm")])
    clock.at = datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC).timestamp()
    ledger.commit([PageEnd(job.id, 4, "done", tier="cpu")])

    usage = credit.usage(ada)

    assert usage.plan == "free"
    assert usage.balances == credit.balances(ada)
    assert [(day.date, day.bucket, day.pages, day.credits) for day in usage.days] == [
        ("2026-11-24", "monthly", 2, 2),
        ("2026-11-24", "paid", 1, 3),
        ("2026-11-23", "monthly", 1, 1),
    ]
    assert [day.date for day in credit.usage(ada, days=1).days] == ["2026-11-24", "2026-11-24"]

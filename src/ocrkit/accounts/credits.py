"""Who may spend how much: balances as sums of entries, the terms a job is submitted on, grants, and what was used.

Reads the entries that `jobs` writes for holds, releases and charges; writes grants only.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, bindparam, cast, func, insert, select

from ocrkit.accounts.books import Page
from ocrkit.accounts.periods import end_of_period, period_of
from ocrkit.accounts.plans import PAID, Bucket, Plan, Plans
from ocrkit.database.tables import accounts, credit_entries
from ocrkit.errors import (
    AccountDisabledError,
    GrantError,
    OutOfCreditsError,
    TooManyPagesError,
    UnknownAccountError,
)
from ocrkit.jobs.records import Terms
from ocrkit.jobs.settling import price_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from ocrkit.database import Database

_DAY = 86400
_MOST = 10**12
"""Credits of one grant; a slip of the finger beyond it would no longer fit every database's sums."""
_PLAN = select(accounts.c.plan).where(accounts.c.id == bindparam("account"))
_LOCKED = select(accounts.c.plan, accounts.c.disabled).where(accounts.c.id == bindparam("account")).with_for_update()
_BUCKET_NAMES: dict[Bucket, str] = {"daily": "for today", "monthly": "for this month", "paid": "bought"}


@dataclass(frozen=True)
class Balance:
    """What one bucket of an account holds in its current period, in credits; `held + charged + left == cap`.

    Attributes:
        bucket: `daily`, `monthly` or `paid`.
        period: `2026-11-23`, `2026-11` or `''`.
        cap: the plan's allowance, or the sum of all grants.
        held: set aside for pages that are still to be read.
        charged: spent for pages that were read.
        resets: when the allowance is new, in seconds since 1970; `None` for `paid`.
    """

    bucket: Bucket
    period: str
    cap: int
    held: int
    charged: int
    resets: float | None

    @property
    def used(self) -> int:
        """What is held or charged."""
        return self.held + self.charged

    @property
    def left(self) -> int:
        """What a new job may hold; less than nothing if the cap was lowered below what was used."""
        return self.cap - self.used


@dataclass(frozen=True)
class Day:
    """What one bucket was charged on one day of UTC (`date`: `2026-11-23`)."""

    date: str
    bucket: Bucket
    pages: int
    credits: int


@dataclass(frozen=True)
class Usage:
    """What an account has and what it has used; `days` are those with charges, the latest first."""

    plan: str
    balances: tuple[Balance, ...]
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Entry:
    """One line of an account's books.

    Attributes:
        kind: `grant`; `hold`, below 0, of a whole job; `release`, of a page that has ended; `charge`, below 0, of one
            that was read.
        amount: in credits; the sum of all is what is left of a `paid` balance, and less its cap of another.
        at: seconds since 1970.
    """

    id: int
    kind: str
    amount: int
    job: str | None
    page: int | None
    note: str
    at: float


class Credits:
    """The books of one server.

    Concurrent submissions cannot overspend: whoever reads a balance in order to spend from it holds the lock of the
    account's row (PostgreSQL) or of the database (SQLite) until its transaction ends.
    """

    def __init__(self, database: Database, plans: Plans, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._plans = plans
        self._now = now

    def terms(
        self, connection: Connection, account: str, *, pages: int, tier: str, vlm_pages: int | None = None
    ) -> Terms:
        """The terms on which the account may submit a job; the caller writes its hold in this same transaction.

        A job is held from one bucket as a whole: from the allowance of the account's plan if that covers it, else
        from credits that were bought. An account that has such credits left has the weight of who pays.

        Args:
            connection: a transaction of `Database.write`.
            account: its id.
            pages: how many will be read.
            tier: the dearest one that the job can come to use, or `auto`.
            vlm_pages: of tier `auto`, how many pages may come to use tier `vlm`; all if unset.

        Raises:
            AccountDisabledError: the account was shut out.
            OptionError: there is no such tier.
            OutOfCreditsError: no bucket covers it.
            TooManyPagesError: one file may not have so many pages.
            UnknownAccountError: there is no such account.
        """
        name, disabled = _locked(connection, account)
        if disabled:
            raise AccountDisabledError("This account is disabled.", hint="Ask whoever runs this server.")
        offers = self._offers(connection, account, self._plans[name])
        fitting = [(plan, balance) for plan, balance in offers if pages <= plan.max_pages]
        if not fitting:
            most = max(plan.max_pages for plan, _ in offers)
            raise TooManyPagesError(f"{pages} pages are too many: a file may have {most} on this plan.")
        weight = max(plan.weight for plan, _ in offers)
        for plan, balance in fitting:
            price, cost = _prices(plan, tier, pages=pages, vlm_pages=vlm_pages)
            if cost <= balance.left:
                return Terms(account, weight, plan.bucket, balance.period, page_price=price, prices=plan.prices)
        raise _out_of_credits(fitting, pages=pages, tier=tier, vlm_pages=vlm_pages)

    def balances(self, account: str) -> tuple[Balance, ...]:
        """What the account has: the allowance of its plan, if it has one, and what was bought.

        Raises:
            UnknownAccountError: there is no such account.
        """
        with self._database.read() as connection:
            return self._balances(connection, account, _plan_name(connection, account))

    def own_balance(self, account: str) -> Balance:
        """What the account has of the allowance of its plan, or of what was bought where the plan has none.

        Raises:
            UnknownAccountError: there is no such account.
        """
        with self._database.read() as connection:
            return self._balance(connection, account, self._plans[_plan_name(connection, account)])

    def grant(self, account: str, amount: int, *, note: str = "") -> Balance:
        """Adds credits that were bought, or takes some back (`amount` below 0); the balance after it.

        Raises:
            GrantError: the amount is 0 or absurd, or more would be taken back than is left.
            UnknownAccountError: there is no such account.
        """
        if not 0 < abs(amount) <= _MOST:
            raise GrantError(
                f"{amount} credits cannot be granted.", hint=f"Give up to {_MOST}, or below 0 to take back."
            )
        with self._database.write() as connection:
            _locked(connection, account)
            left = self._balance(connection, account, self._plans[PAID]).left
            if amount < 0 and left + amount < 0:
                raise GrantError(f"{-amount} credits cannot be taken back: {left} are left.")
            connection.execute(
                insert(credit_entries).values(
                    account=account, bucket=PAID, period="", kind="grant", amount=amount, note=note, at=self._now()
                )
            )
            return self._balance(connection, account, self._plans[PAID])

    def usage(self, account: str, *, days: int = 30) -> Usage:
        """What the account has now, and what it was charged on each of the last `days` days, today among them.

        Raises:
            UnknownAccountError: there is no such account.
        """
        # PostgreSQL rounds to whole seconds where SQLite cuts off: half a second of a day in a report.
        day = cast(credit_entries.c.at, BigInteger) // _DAY
        since = (int(self._now()) // _DAY - days + 1) * _DAY
        statement = (
            select(day, credit_entries.c.bucket, func.count(credit_entries.c.page), -func.sum(credit_entries.c.amount))
            .where(credit_entries.c.account == account, credit_entries.c.kind == "charge", credit_entries.c.at >= since)
            .group_by(day, credit_entries.c.bucket)
            .order_by(day.desc(), credit_entries.c.bucket)
        )
        with self._database.read() as connection:
            plan = _plan_name(connection, account)
            return Usage(
                plan,
                self._balances(connection, account, plan),
                tuple(
                    Day(datetime.fromtimestamp(number * _DAY, UTC).date().isoformat(), bucket, pages, int(amount))
                    for number, bucket, pages, amount in connection.execute(statement)
                ),
            )

    def entries(self, account: str, balance: Balance, *, before: int | None = None, limit: int = 100) -> list[Entry]:
        """What a balance is the sum of, the latest entry first; `before` is the id of the last one seen."""
        columns = [credit_entries.c[name] for name in Entry.__dataclass_fields__]
        statement = select(*columns).filter_by(account=account, bucket=balance.bucket, period=balance.period)
        if before is not None:
            statement = statement.where(credit_entries.c.id < before)
        with self._database.read() as connection:
            rows = connection.execute(statement.order_by(credit_entries.c.id.desc()).limit(limit))
            return [Entry(*row) for row in rows]

    def _balances(self, connection: Connection, account: str, plan: str) -> tuple[Balance, ...]:
        own = self._plans[plan]
        plans = (own,) if own.bucket == "paid" else (own, self._plans[PAID])
        return tuple(self._balance(connection, account, each) for each in plans)

    def _offers(self, connection: Connection, account: str, plan: Plan) -> list[tuple[Plan, Balance]]:
        """The plans under which the account, which is locked, may submit, with what each has."""
        offers = [(plan, self._balance(connection, account, plan, locked=True))]
        if plan.bucket != "paid":
            bought = self._balance(connection, account, self._plans[PAID], locked=True)
            if bought.left > 0:
                offers.append((self._plans[PAID], bought))
        return offers

    def _balance(self, connection: Connection, account: str, plan: Plan, *, locked: bool = False) -> Balance:
        now = self._now()
        page = Page(account, plan.bucket, period_of(plan.bucket, now))
        sums = page.sums(connection, close_at=now if locked else None)
        return Balance(
            page.bucket,
            page.period,
            cap=sums.granted if page.bucket == "paid" else plan.cap,
            held=sums.held,
            charged=sums.charged,
            resets=end_of_period(page.bucket, now),
        )


def _plan_name(connection: Connection, account: str) -> str:
    name: str | None = connection.scalar(_PLAN, {"account": account})
    if name is None:
        raise UnknownAccountError(f"There is no account {account!r}.")
    return name


def _locked(connection: Connection, account: str) -> tuple[str, bool]:
    """Plan and `disabled` of the account, which nobody else spends from until the transaction ends."""
    row = connection.execute(_LOCKED, {"account": account}).one_or_none()
    if row is None:
        raise UnknownAccountError(f"There is no account {account!r}.")
    return row.plan, row.disabled


def _prices(plan: Plan, tier: str, *, pages: int, vlm_pages: int | None) -> tuple[int, int]:
    """What is held a page, and for the whole job.

    Raises:
        OptionError: there is no such tier.
    """
    price = plan.price("cpu" if tier == "auto" else tier)
    settings = {"prices": plan.prices, "vlm_pages": pages if vlm_pages is None else vlm_pages}
    return price, price_of(tier, settings, pages=pages, page_price=price)


def _out_of_credits(
    fitting: Sequence[tuple[Plan, Balance]], *, pages: int, tier: str, vlm_pages: int | None
) -> OutOfCreditsError:
    plan, own = fitting[0]
    _, cost = _prices(plan, tier, pages=pages, vlm_pages=vlm_pages)
    what = f"1 page on {tier} costs" if pages == 1 else f"{pages} pages on {tier} cost"
    most = "up to " if tier == "auto" else ""
    left = " and ".join(
        f"{max(balance.left, 0)} of {balance.cap} {_BUCKET_NAMES[balance.bucket]}" for _, balance in fitting
    )
    return OutOfCreditsError(
        f"Not enough credits: {what} {most}{cost}, left are {left}.",
        used=own.used,
        cap=own.cap,
    )

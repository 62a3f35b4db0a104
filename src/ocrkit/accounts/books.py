"""The sums of an account's entries: exact at any length of the books, since long ones are closed from time to time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from ocrkit.database.tables import closings, credit_entries

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from ocrkit.accounts.plans import Bucket

LONG = 2000
"""Entries since the last closing from which on there is another: a millisecond's work for either database."""
SETTLED = 600.0
"""Seconds after which an entry may be closed. PostgreSQL numbers entries when they are written and shows them when they
are committed: one with a lower number may still appear, but not minutes later, as no transaction here lasts so long."""


@dataclass(frozen=True)
class Sums:
    """Credits of one bucket in one period: granted, held for pages still to be read, charged for those that were."""

    granted: int = 0
    held: int = 0
    charged: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.granted + other.granted, self.held + other.held, self.charged + other.charged)


@dataclass(frozen=True)
class Page:
    """One page of the books: what an account has in one bucket and period."""

    account: str
    bucket: Bucket
    period: str

    def sums(self, connection: Connection, *, close_at: float | None = None) -> Sums:
        """The sums of all entries.

        Args:
            connection: a transaction.
            close_at: the time now, where the caller has locked the account's row: long books are closed.
        """
        last, before = self._closed(connection)
        added, count = self._added(connection, credit_entries.c.id > last)
        if close_at is not None and count >= LONG:
            self._close(connection, now=close_at)
        return before + added

    def _close(self, connection: Connection, *, now: float) -> None:
        """Notes the sums of what was entered long enough ago."""
        last, before = self._closed(connection)
        until = connection.scalar(
            select(func.max(credit_entries.c.id)).where(
                self._entries(), credit_entries.c.id > last, credit_entries.c.at < now - SETTLED
            )
        )
        if until is None:
            return
        added, _ = self._added(connection, credit_entries.c.id.between(last + 1, until))
        where = {"account": self.account, "bucket": self.bucket, "period": self.period}
        connection.execute(delete(closings).filter_by(**where))
        connection.execute(insert(closings).values(**where, last_entry=until, **asdict(before + added)))

    def _closed(self, connection: Connection) -> tuple[int, Sums]:
        row = connection.execute(
            select(closings.c.last_entry, closings.c.granted, closings.c.held, closings.c.charged).filter_by(
                account=self.account, bucket=self.bucket, period=self.period
            )
        ).one_or_none()
        return (0, Sums()) if row is None else (row.last_entry, Sums(row.granted, row.held, row.charged))

    def _added(self, connection: Connection, which: ColumnElement[bool]) -> tuple[Sums, int]:
        """The sums of some of the entries, and how many they are."""
        kind, amount = credit_entries.c.kind, credit_entries.c.amount
        statement = select(kind, func.sum(amount), func.count()).where(self._entries(), which).group_by(kind)
        rows = connection.execute(statement).all()
        # PostgreSQL sums whole numbers to decimals.
        by_kind = {row[0]: int(row[1]) for row in rows}
        held = -by_kind.get("hold", 0) - by_kind.get("release", 0)
        return Sums(by_kind.get("grant", 0), held, -by_kind.get("charge", 0)), sum(row[2] for row in rows)

    def _entries(self) -> ColumnElement[bool]:
        entry = credit_entries.c
        return (entry.account == self.account) & (entry.bucket == self.bucket) & (entry.period == self.period)

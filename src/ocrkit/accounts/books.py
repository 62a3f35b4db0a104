"""The sums of an account's entries: exact at any length of the books, since long ones are closed from time to time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, insert, select

from ocrkit.database.tables import closings, credit_entries

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ocrkit.accounts.plans import Bucket

LONG = 2000
"""Entries since the last closing from which on there is another: a millisecond's work for either database."""
SETTLED = 600.0
"""Seconds after which an entry may be closed. PostgreSQL numbers entries when they are written and shows them when they
are committed: one with a lower number may still appear, but not minutes later, as no transaction here lasts so long."""

_entry, _closing = credit_entries.c, closings.c
_entries = (
    (_entry.account == bindparam("account"))
    & (_entry.bucket == bindparam("bucket"))
    & (_entry.period == bindparam("period"))
)
# Built once: building a statement takes longer than running it.
_CLOSED = select(_closing.last_entry, _closing.granted, _closing.held, _closing.charged).where(
    _closing.account == bindparam("account"),
    _closing.bucket == bindparam("bucket"),
    _closing.period == bindparam("period"),
)
_ADDED = (
    select(_entry.kind, func.sum(_entry.amount), func.count())
    .where(_entries, _entry.id > bindparam("after"))
    .group_by(_entry.kind)
)
_ADDED_UNTIL = _ADDED.where(_entry.id <= bindparam("until"))
_LAST_SETTLED = select(func.max(_entry.id)).where(
    _entries, _entry.id > bindparam("after"), _entry.at < bindparam("before")
)


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
        added, count = self._added(connection, after=last)
        if close_at is not None and count >= LONG:
            self._close(connection, now=close_at)
        return before + added

    def _close(self, connection: Connection, *, now: float) -> None:
        """Notes the sums of what was entered long enough ago."""
        last, before = self._closed(connection)
        until = connection.scalar(_LAST_SETTLED, {**asdict(self), "after": last, "before": now - SETTLED})
        if until is None:
            return
        added, _ = self._added(connection, after=last, until=until)
        connection.execute(delete(closings).filter_by(**asdict(self)))
        connection.execute(insert(closings).values(**asdict(self), last_entry=until, **asdict(before + added)))

    def _closed(self, connection: Connection) -> tuple[int, Sums]:
        row = connection.execute(_CLOSED, asdict(self)).one_or_none()
        return (0, Sums()) if row is None else (row.last_entry, Sums(row.granted, row.held, row.charged))

    def _added(self, connection: Connection, *, after: int, until: int | None = None) -> tuple[Sums, int]:
        """The sums of the entries behind one, up to another where it is given, and how many they are."""
        bounds = {"after": after} if until is None else {"after": after, "until": until}
        rows = connection.execute(_ADDED if until is None else _ADDED_UNTIL, {**asdict(self), **bounds}).all()
        # PostgreSQL sums whole numbers to decimals.
        by_kind = {row[0]: int(row[1]) for row in rows}
        held = -by_kind.get("hold", 0) - by_kind.get("release", 0)
        return Sums(by_kind.get("grant", 0), held, -by_kind.get("charge", 0)), sum(row[2] for row in rows)

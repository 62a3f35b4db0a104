from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, select

from ocrkit.accounts import Credits, Plans
from ocrkit.accounts.books import LONG, SETTLED, Page, Sums
from ocrkit.database import Database
from ocrkit.database.tables import accounts, closings, credit_entries

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..postgres import Cluster  # noqa: TID252  tests are no package that could be named

PAGE = Page("a", "paid", "")
COUNT = LONG // 2
"""Pages of the long books; each has two entries."""
NOW = time.time()


def enter(connection: Connection, kind: str, amount: int, *, at: float, number: int | None = None) -> None:
    values = {"account": "a", "bucket": "paid", "period": "", "kind": kind, "amount": amount, "at": at}
    connection.execute(insert(credit_entries).values(**values, job="j", page=number))


@pytest.fixture
def long_books(database: Database) -> Database:
    """A grant and the hold of a job, then its pages released and charged, one a second, the last one now."""
    with database.write() as connection:
        connection.execute(insert(accounts).values(id="a", plan="paid", created=0))
        enter(connection, "grant", 3 * COUNT, at=NOW - COUNT)
        enter(connection, "hold", -2 * (COUNT + 1), at=NOW - COUNT)
        for number in range(1, COUNT + 1):
            enter(connection, "release", 2, at=NOW - COUNT + number, number=number)
            enter(connection, "charge", -1, at=NOW - COUNT + number, number=number)
    return database


def closed_at(connection: Connection) -> float | None:
    """When the last entry that is closed was made."""
    entry, last = credit_entries.c, select(closings.c.last_entry).scalar_subquery()
    at: float | None = connection.scalar(select(entry.at).where(entry.id == last))
    return at


def test_closing_long_books_changes_no_sum_then_or_later(long_books: Database) -> None:
    expected = Sums(granted=3 * COUNT, held=2, charged=COUNT)
    with long_books.write() as connection:
        assert PAGE.sums(connection) == expected
        PAGE.sums(connection, close_at=NOW)
        assert connection.execute(select(closings)).one().held > expected.held
        assert PAGE.sums(connection) == expected

        enter(connection, "release", 2, at=NOW, number=COUNT + 1)
        PAGE.sums(connection, close_at=NOW + 2 * SETTLED)
        assert PAGE.sums(connection) == Sums(granted=3 * COUNT, held=0, charged=COUNT)
        connection.execute(delete(closings))
        assert PAGE.sums(connection) == Sums(granted=3 * COUNT, held=0, charged=COUNT)


def test_books_are_closed_again_when_they_have_grown_as_long_again(long_books: Database) -> None:
    with long_books.write() as connection:
        PAGE.sums(connection, close_at=NOW)
        first = closed_at(connection)
        assert first is not None
        for _ in range(LONG):
            enter(connection, "grant", 1, at=NOW)
        PAGE.sums(connection, close_at=NOW + 2 * SETTLED)

        assert closed_at(connection) == NOW
        assert PAGE.sums(connection) == Sums(granted=3 * COUNT + LONG, held=2, charged=COUNT)


def test_what_was_just_entered_is_not_closed_since_earlier_numbers_may_still_appear(long_books: Database) -> None:
    with long_books.write() as connection:
        PAGE.sums(connection, close_at=NOW)

        at = closed_at(connection)
        assert at is not None
        assert NOW - SETTLED - 2 < at < NOW - SETTLED


def test_short_books_stay_open(database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(accounts).values(id="a", plan="paid", created=0))
        enter(connection, "grant", 5, at=0)
        PAGE.sums(connection, close_at=NOW)

        assert closed_at(connection) is None
        assert PAGE.sums(connection) == Sums(granted=5)


def test_submitting_closes_long_books_and_the_balance_stays(long_books: Database) -> None:
    credit = Credits(long_books, Plans(), now=lambda: NOW)
    before = credit.balances("a")

    with long_books.write() as connection:
        credit.terms(connection, "a", pages=1, tier="cpu")

    with long_books.read() as connection:
        assert closed_at(connection) is not None
    assert credit.balances("a") == before


def test_an_entry_that_appears_late_under_an_early_number_is_counted(postgres: Cluster) -> None:
    with closing(Database(postgres.fresh())) as database:
        with database.write() as connection:
            connection.execute(insert(accounts).values(id="a", plan="paid", created=0))
        with database.write() as late:
            enter(late, "grant", 7, at=NOW)
            with database.write() as early:
                for _ in range(LONG):
                    enter(early, "grant", 1, at=NOW)
            with database.write() as connection:
                PAGE.sums(connection, close_at=NOW)

        with database.read() as connection:
            assert PAGE.sums(connection) == Sums(granted=LONG + 7)

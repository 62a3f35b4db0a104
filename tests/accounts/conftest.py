"""The parts of accounts on both databases, with a clock that tests set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ocrkit.accounts import Accounts, Credits, Plans, Secrets, Sessions, Tokens

if TYPE_CHECKING:
    from ocrkit.database import Database

SECRET = "a secret that is long enough for tests"  # noqa: S105  it protects nothing


@dataclass
class Clock:
    """Seconds since 1970, as the test has them."""

    at: float = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secrets() -> Secrets:
    return Secrets(SECRET)


@pytest.fixture
def plans() -> Plans:
    return Plans({"anonymous": {"cap": 5}, "free": {"cap": 20, "max_pages": 10}, "paid": {"max_pages": 1000}})


@pytest.fixture
def accounts(database: Database, secrets: Secrets, plans: Plans, clock: Clock) -> Accounts:
    return Accounts(database, secrets, plans, now=clock)


@pytest.fixture
def tokens(database: Database, secrets: Secrets, clock: Clock) -> Tokens:
    return Tokens(database, secrets, now=clock)


@pytest.fixture
def sessions(database: Database, secrets: Secrets, clock: Clock) -> Sessions:
    return Sessions(database, secrets, now=clock)


@pytest.fixture
def credit(database: Database, plans: Plans, clock: Clock) -> Credits:
    return Credits(database, plans, now=clock)

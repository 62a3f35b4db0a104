"""Two who spend at once never spend more than there is: threads and processes, on both databases."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from ocrkit.accounts import Accounts, Credits, Plans, Secrets
from ocrkit.database import Database
from ocrkit.errors import GrantError, OutOfCreditsError

from .conftest import SECRET
from .submitting import submit

if TYPE_CHECKING:
    from collections.abc import Callable

ATTEMPTS = 24
CLIENTS = 6
PLANS = {"free": {"cap": 10}}


def attempt(credit: Credits, database: Database, account: str, _number: int) -> bool:
    try:
        submit(database, credit, account, pages=1)
    except OutOfCreditsError:
        return False
    return True


@pytest.mark.parametrize(("granted", "expected"), [(0, 10), (7, 17)], ids=["allowance", "allowance and bought"])
def test_threads_that_submit_at_once_get_what_there_is_and_no_more(
    database: Database, granted: int, expected: int
) -> None:
    credit = Credits(database, Plans(PLANS))
    account = Accounts(database, Secrets(SECRET), Plans(PLANS)).create("ada@example.org").id
    if granted:
        credit.grant(account, granted)

    with ThreadPoolExecutor(CLIENTS) as pool:
        taken = list(pool.map(partial(attempt, credit, database, account), range(ATTEMPTS)))

    assert sum(taken) == expected
    assert [balance.left for balance in credit.balances(account)] == [0, 0]


def client(url: str, account: str) -> int:
    """One process of its own that submits as fast as it can; how often it could."""
    database = Database(url)
    credit = Credits(database, Plans(PLANS))
    taken = sum(attempt(credit, database, account, number) for number in range(ATTEMPTS // CLIENTS * 2))
    database.close()
    return taken


@pytest.mark.slow
def test_processes_that_submit_at_once_get_what_there_is_and_no_more(database: Database, database_url: str) -> None:
    account = Accounts(database, Secrets(SECRET), Plans(PLANS)).create("ada@example.org").id

    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        taken = sum(pool.map(client, [database_url] * 3, [account] * 3))

    assert taken == 10
    assert Credits(database, Plans(PLANS)).balances(account)[0].left == 0


def test_taking_credits_back_while_they_are_spent_leaves_nobody_in_debt(database: Database) -> None:
    credit = Credits(database, Plans(PLANS))
    account = Accounts(database, Secrets(SECRET), Plans(PLANS)).create("ada@example.org", plan="paid").id
    credit.grant(account, 12)

    def take_back(_number: int) -> bool:
        try:
            credit.grant(account, -1)
        except GrantError:
            return False
        return True

    calls: list[Callable[[int], bool]] = [partial(attempt, credit, database, account), take_back] * (ATTEMPTS // 2)
    with ThreadPoolExecutor(CLIENTS) as pool:
        done = list(pool.map(lambda call: call(0), calls))

    assert sum(done) == 12
    assert credit.balances(account)[0].left == 0

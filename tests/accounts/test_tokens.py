from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from ocrkit.accounts import Secrets, Tokens
from ocrkit.database.tables import tokens as table
from ocrkit.errors import SecretKeyError, UnknownAccountError

if TYPE_CHECKING:
    from ocrkit.accounts import Accounts
    from ocrkit.database import Database

    from .conftest import Clock


def test_a_token_speaks_for_its_account_and_is_shown_again(accounts: Accounts, tokens: Tokens) -> None:
    ada, bob = accounts.create("ada@example.org"), accounts.create("bob@example.org")
    token = tokens.show(ada.id)

    assert tokens.check(token) == ada
    assert tokens.show(ada.id) == token
    assert tokens.check(tokens.show(bob.id)) == bob


@pytest.mark.parametrize("wrong", ["", "x", "ocr_", "ocr_" + "A" * 43, "\x00", "\ud800", "ä" * 10_000])
def test_a_text_that_is_nobodys_token_speaks_for_nobody(accounts: Accounts, tokens: Tokens, wrong: str) -> None:
    tokens.show(accounts.create("ada@example.org").id)

    assert tokens.check(wrong) is None


def test_a_rotated_token_is_void_at_once(accounts: Accounts, tokens: Tokens) -> None:
    ada = accounts.create("ada@example.org")
    before = tokens.show(ada.id)
    after = tokens.rotate(ada.id)

    assert tokens.check(before) is None
    assert tokens.check(after) == ada
    assert tokens.show(ada.id) == after


def test_a_disabled_account_has_no_say_until_it_is_let_in_again(accounts: Accounts, tokens: Tokens) -> None:
    ada = accounts.create("ada@example.org")
    token = tokens.show(ada.id)

    accounts.set_disabled(ada.id, disabled=True)
    assert tokens.check(token) is None
    accounts.set_disabled(ada.id, disabled=False)
    assert tokens.check(token) == ada


def test_a_stolen_database_gives_no_usable_token(accounts: Accounts, tokens: Tokens, database: Database) -> None:
    ada = accounts.create("ada@example.org")
    token = tokens.show(ada.id)

    with database.read() as connection:
        row = connection.execute(select(table)).one()
    assert token not in str(row)
    assert token.encode() not in row.sealed
    assert tokens.check(row.digest) is None
    with pytest.raises(SecretKeyError):
        Tokens(database, Secrets("the key of whoever stole it, 32 characters")).show(ada.id)


def test_an_account_has_one_token_even_if_made_and_rotated_at_once(
    accounts: Accounts, tokens: Tokens, database: Database
) -> None:
    ada = accounts.create("ada@example.org")

    with ThreadPoolExecutor(8) as pool:
        shown = set(pool.map(lambda _: tokens.show(ada.id), range(8)))
        rotated = set(pool.map(lambda _: tokens.rotate(ada.id), range(8)))

    assert len(shown) == 1
    assert sum(tokens.check(token) is not None for token in rotated) == 1
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == 1


def test_the_last_use_is_written_but_not_at_each_call(
    accounts: Accounts, tokens: Tokens, database: Database, clock: Clock
) -> None:
    token = tokens.show(accounts.create("ada@example.org").id)
    seen = []
    for later in (0, 60, 7200):
        clock.at += later
        tokens.check(token)
        with database.read() as connection:
            seen.append(connection.scalar(select(table.c.last_used)))

    assert seen == [clock.at - 7260, clock.at - 7260, clock.at]


def test_a_token_is_checked_while_another_writes_and_its_use_is_noted_later(
    accounts: Accounts, tokens: Tokens, database: Database, secrets: Secrets, clock: Clock
) -> None:
    ada = accounts.create("ada@example.org")
    token, queued = tokens.show(ada.id), list[Callable[[], None]]()
    with database.write():  # whoever wrote now would wait, and with it the server's event loop
        assert Tokens(database, secrets, now=clock, later=queued.append).check(token) == ada

    (note,) = queued
    note()
    with database.read() as connection:
        assert connection.scalar(select(table.c.last_used)) == clock.at


def test_a_look_needs_no_thread_where_the_database_is_a_file(database: Database) -> None:
    there = asyncio.run(database.look(threading.get_ident))

    assert (there == threading.get_ident()) is database.is_sqlite


def test_nobody_has_no_token(tokens: Tokens) -> None:
    with pytest.raises(UnknownAccountError):
        tokens.show("0" * 32)
    with pytest.raises(UnknownAccountError):
        tokens.rotate("0" * 32)

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ocrkit.accounts.sessions import LIFETIME
from ocrkit.database.tables import sessions as table

if TYPE_CHECKING:
    from ocrkit.accounts import Accounts, Secrets, Sessions
    from ocrkit.database import Database

    from .conftest import Clock


def test_a_cookie_stands_for_its_log_in_until_it_ends(accounts: Accounts, sessions: Sessions) -> None:
    ada = accounts.create("ada@example.org")
    desk, phone = sessions.start(ada), sessions.start(ada)

    assert sessions.check(desk.cookie) == desk
    assert desk.account == ada
    sessions.end(desk.cookie)
    assert sessions.check(desk.cookie) is None
    assert sessions.check(phone.cookie) == phone


def test_a_log_in_ends_by_itself(accounts: Accounts, sessions: Sessions, clock: Clock) -> None:
    started = sessions.start(accounts.create("ada@example.org"))

    clock.at += LIFETIME - 1
    assert sessions.check(started.cookie) == started
    clock.at += 1
    assert sessions.check(started.cookie) is None


def test_log_ins_that_have_ended_are_cleared_away(
    accounts: Accounts, sessions: Sessions, database: Database, clock: Clock
) -> None:
    ada = accounts.create("ada@example.org")
    sessions.start(ada)
    clock.at += LIFETIME
    sessions.start(ada)

    with database.read() as connection:
        assert [row.created for row in connection.execute(select(table))] == [clock.at]


def test_ending_all_logs_out_everywhere_but_nobody_else(accounts: Accounts, sessions: Sessions) -> None:
    ada, bob = accounts.create("ada@example.org"), accounts.create("bob@example.org")
    of_ada, of_bob = [sessions.start(ada), sessions.start(ada)], sessions.start(bob)

    sessions.end_all(ada.id)

    assert [sessions.check(session.cookie) for session in of_ada] == [None, None]
    assert sessions.check(of_bob.cookie) == of_bob


def test_a_disabled_account_is_logged_out(accounts: Accounts, sessions: Sessions) -> None:
    ada = accounts.create("ada@example.org")
    started = sessions.start(ada)

    accounts.set_disabled(ada.id, disabled=True)

    assert sessions.check(started.cookie) is None


def test_each_log_in_has_a_form_token_of_its_own(accounts: Accounts, sessions: Sessions, secrets: Secrets) -> None:
    ada = accounts.create("ada@example.org")
    desk, phone = sessions.start(ada), sessions.start(ada)

    assert secrets.csrf_matches(desk.cookie, desk.csrf)
    assert not secrets.csrf_matches(desk.cookie, phone.csrf)


def test_a_stolen_database_gives_no_usable_cookie(accounts: Accounts, sessions: Sessions, database: Database) -> None:
    started = sessions.start(accounts.create("ada@example.org"))

    with database.read() as connection:
        row = connection.execute(select(table)).one()
    assert started.cookie not in str(row)
    assert sessions.check(row.digest) is None

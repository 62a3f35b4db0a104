from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from ocrkit.accounts.passwords import Passwords
from ocrkit.database.tables import accounts as table
from ocrkit.errors import (
    AccountExistsError,
    BadEmailError,
    BadPasswordError,
    OcrkitError,
    UnknownAccountError,
    UnknownPlanError,
    WrongCredentialsError,
)

if TYPE_CHECKING:
    from ocrkit.accounts import Account, Accounts
    from ocrkit.database import Database

    from .conftest import Clock

PASSWORD = "correct horse"  # noqa: S105  it protects nothing


def test_who_signs_up_can_log_in_whatever_the_case_of_the_email(accounts: Accounts) -> None:
    made = accounts.sign_up(" Ada@Example.org", PASSWORD)

    assert (made.email, made.plan, made.disabled) == ("ada@example.org", "free", False)
    assert accounts.log_in("ADA@example.ORG", PASSWORD) == made


def test_a_password_is_the_same_however_its_characters_are_composed(accounts: Accounts) -> None:
    made = accounts.sign_up("ada@example.org", "caf\u00e9 caf\u00e9")

    assert accounts.log_in("ada@example.org", "cafe\u0301 cafe\u0301") == made


def test_the_database_holds_an_argon2id_hash_and_no_password(accounts: Accounts, database: Database) -> None:
    accounts.sign_up("ada@example.org", PASSWORD)

    with database.read() as connection:
        row = connection.execute(select(table)).one()
    assert row.password_hash.startswith("$argon2id$")
    assert PASSWORD not in str(row)


def test_a_log_in_that_fails_says_the_same_whatever_is_wrong(accounts: Accounts) -> None:
    accounts.sign_up("ada@example.org", PASSWORD)
    accounts.create("operator@example.org")
    accounts.set_disabled(accounts.sign_up("out@example.org", PASSWORD).id, disabled=True)

    for email, password in [
        ("ada@example.org", "wrong horse"),
        ("ada@example.org", "x" * 100_000),
        ("ada@example.org", "\ud800\x00"),
        ("bob@example.org", PASSWORD),
        ("operator@example.org", ""),
        ("out@example.org", PASSWORD),
        ("\ud800@\x00", PASSWORD),
        ("", ""),
    ]:
        with pytest.raises(WrongCredentialsError) as caught:
            accounts.log_in(email, password)
        assert str(caught.value) == "The email or the password is wrong."


def test_a_log_in_takes_as_long_for_an_email_that_nobody_has(accounts: Accounts) -> None:
    accounts.sign_up("ada@example.org", PASSWORD)
    times: dict[str, list[float]] = {"ada@example.org": [], "bob@example.org": [], "no email": []}

    for _ in range(5):
        for email, taken in times.items():
            start = time.perf_counter()
            with pytest.raises(WrongCredentialsError):
                accounts.log_in(email, "wrong horse")
            taken.append(time.perf_counter() - start)

    known, unknown, none = (statistics.median(taken) for taken in times.values())
    # Without the hash for nobody, it would be a hundredth.
    assert 0.3 < unknown / known < 3
    assert 0.3 < none / known < 3


def test_few_hashes_are_made_at_a_time_since_each_takes_64_mib() -> None:
    passwords = Passwords()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: passwords.match(None, PASSWORD), range(8))) == [False] * 8
    # Both places are free again: a hash that fails must not keep one.
    with pytest.raises(BadPasswordError):
        passwords.hashed("short")
    assert passwords.match(passwords.hashed(PASSWORD), PASSWORD)


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "@example.org", "a b@example.org", "a@b@c", "a\x00@b", "a" * 250 + "@b.cd"]
)
def test_what_is_no_email_address_makes_no_account(accounts: Accounts, email: str) -> None:
    with pytest.raises(BadEmailError):
        accounts.sign_up(email, PASSWORD)
    assert accounts.everyone() == []


@pytest.mark.parametrize("password", ["", "1234567", "x" * 1025])
def test_a_password_too_short_or_too_long_makes_no_account(accounts: Accounts, password: str) -> None:
    with pytest.raises(BadPasswordError, match="8 to 1024"):
        accounts.sign_up("ada@example.org", password)
    assert accounts.everyone() == []


def test_of_two_sign_ups_with_one_email_at_once_one_succeeds(accounts: Accounts) -> None:
    def sign_up(_: int) -> Account | OcrkitError:
        try:
            return accounts.sign_up("ada@example.org", PASSWORD)
        except AccountExistsError as error:
            return error

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(sign_up, range(4)))

    assert sum(isinstance(result, AccountExistsError) for result in results) == 3
    assert len(accounts.everyone()) == 1


def test_callers_of_one_address_share_an_account_even_if_first_seen_at_once(accounts: Accounts) -> None:
    with ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(lambda _: accounts.anonymous("192.0.2.1"), range(16)))

    assert len(seen) == 1
    (caller,) = seen
    assert caller.anonymous
    assert caller.plan == "anonymous"
    assert accounts.anonymous("192.0.2.2").id != caller.id


def test_the_database_does_not_hold_the_address_of_a_caller(accounts: Accounts, database: Database) -> None:
    accounts.anonymous("192.0.2.1")

    with database.read() as connection:
        assert "192.0.2" not in str(connection.execute(select(table)).all())


def test_an_account_is_found_by_id_and_by_email(accounts: Accounts) -> None:
    made = accounts.create("ada@example.org", plan="paid")

    assert accounts.get(made.id) == accounts.get("Ada@Example.org") == made
    for name in ("bob@example.org", "0" * 32):
        with pytest.raises(UnknownAccountError, match=name):
            accounts.get(name)


def test_everyone_is_listed_oldest_first_without_anonymous_callers(accounts: Accounts, clock: Clock) -> None:
    accounts.anonymous("192.0.2.1")
    made = []
    for email in ("zoe@example.org", "ada@example.org"):
        clock.at += 1
        made.append(accounts.create(email))

    assert accounts.everyone() == made


def test_an_operator_changes_plan_and_password_and_shuts_out(accounts: Accounts) -> None:
    made = accounts.create("ada@example.org")
    accounts.set_plan(made.id, "paid")
    accounts.set_password(made.id, "another horse")

    assert accounts.log_in("ada@example.org", "another horse").plan == "paid"
    accounts.set_disabled(made.id, disabled=True)
    with pytest.raises(WrongCredentialsError):
        accounts.log_in("ada@example.org", "another horse")
    accounts.set_disabled(made.id, disabled=False)
    assert accounts.log_in("ada@example.org", "another horse").plan == "paid"


def test_a_plan_that_does_not_exist_is_given_to_nobody(accounts: Accounts) -> None:
    made = accounts.create("ada@example.org")

    with pytest.raises(UnknownPlanError):
        accounts.create("bob@example.org", plan="gold")
    with pytest.raises(UnknownPlanError):
        accounts.set_plan(made.id, "gold")
    assert accounts.everyone() == [made]


def test_changing_an_account_that_does_not_exist_is_an_error(accounts: Accounts) -> None:
    with pytest.raises(UnknownAccountError):
        accounts.set_disabled("0" * 32, disabled=True)

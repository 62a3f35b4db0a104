"""Accounts: signing up, logging in, the callers without an account, and what an operator does to them."""

from __future__ import annotations

import re
import secrets
import time
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from ocrkit.accounts.passwords import Passwords
from ocrkit.accounts.plans import ANONYMOUS, FREE
from ocrkit.database.tables import accounts
from ocrkit.errors import AccountExistsError, BadEmailError, UnknownAccountError, WrongCredentialsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ocrkit.accounts.keys import Secrets
    from ocrkit.accounts.plans import Plans
    from ocrkit.database import Database

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LONGEST_EMAIL = 254
"""Characters (RFC 5321, 4.5.3.1.3, less the angle brackets)."""


@dataclass(frozen=True)
class Account:
    """Who is charged.

    Attributes:
        id: 32 hex digits.
        plan: the name of its plan.
        email: lower case; `None` for anonymous callers.
        disabled: it can neither log in nor use its token nor submit.
        created: seconds since 1970.
    """

    id: str
    plan: str
    email: str | None
    disabled: bool
    created: float

    @property
    def anonymous(self) -> bool:
        """Whether it stands for the callers of an IP address."""
        return self.email is None


COLUMNS = (accounts.c.id, accounts.c.plan, accounts.c.email, accounts.c.disabled, accounts.c.created)
"""What an `Account` is read from, in its order."""

# Built once: building a statement takes longer than running it.
_BY_ID = select(*COLUMNS).where(accounts.c.id == bindparam("name"))
_BY_EMAIL = select(*COLUMNS).where(accounts.c.email == bindparam("name"))


class Accounts:
    """The accounts of one server; safe from several threads, every call a transaction of its own."""

    def __init__(
        self, database: Database, secrets: Secrets, plans: Plans, *, now: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._plans = plans
        self._now = now
        self._passwords = Passwords()

    def sign_up(self, email: str, password: str) -> Account:
        """A new account of the free plan.

        Raises:
            AccountExistsError: the email has one.
            BadEmailError: it is no email address.
            BadPasswordError: the password is too short or too long.
        """
        return self._create(email, plan=FREE, password_hash=self._passwords.hashed(password))

    def create(self, email: str, *, plan: str = FREE, password: str | None = None) -> Account:
        """A new account as an operator makes it; without a password it has its token only.

        Raises:
            AccountExistsError, BadEmailError, BadPasswordError: as for `sign_up`.
            UnknownPlanError: there is no such plan.
        """
        name = self._plans[plan].name
        hashed = None if password is None else self._passwords.hashed(password)
        return self._create(email, plan=name, password_hash=hashed)

    def log_in(self, email: str, password: str) -> Account:
        """The account of this email and password.

        Raises:
            WrongCredentialsError: there is no such account, it has no or another password, or is disabled. Neither
                what this says nor how long it takes tells which.
        """
        try:
            known = accounts.c.email == _normal(email)
        except BadEmailError:
            known = accounts.c.email.is_(None) & accounts.c.id.is_(None)
        with self._database.read() as connection:
            row = connection.execute(select(*COLUMNS, accounts.c.password_hash).where(known)).one_or_none()
        matches = self._passwords.match(row.password_hash if row else None, password)
        if row is None or row.disabled or not matches:
            raise WrongCredentialsError("The email or the password is wrong.")
        return account_from(row)

    def anonymous(self, address: str) -> Account:
        """The account of the callers from an IP address (of a whole /64 for IPv6), made when first seen."""
        key = self._secrets.anonymous_id(address)
        found = self._find(_BY_ID, key)
        if found is None:
            found = Account(key, ANONYMOUS, email=None, disabled=False, created=self._now())
            try:
                self._insert(found, password_hash=None)
            except IntegrityError:
                return self.get(key)  # another request of the same caller was faster
        return found

    def get(self, name: str) -> Account:
        """The account with this id or email.

        Raises:
            UnknownAccountError: there is none.
        """
        found = self._find(_BY_EMAIL, _normal(name)) if "@" in name else self._find(_BY_ID, name)
        if found is None:
            raise UnknownAccountError(f"There is no account {name!r}.", hint="`ocrkit account list` names all.")
        return found

    def everyone(self) -> list[Account]:
        """All accounts with an email, the oldest first."""
        statement = select(*COLUMNS).where(accounts.c.email.is_not(None)).order_by(accounts.c.created, accounts.c.id)
        with self._database.read() as connection:
            return [account_from(row) for row in connection.execute(statement)]

    def set_plan(self, account: str, plan: str) -> None:
        """Moves the account to another plan; what it has spent in this period stays spent.

        Raises:
            UnknownAccountError, UnknownPlanError: there is no such account or plan.
        """
        self._change(account, plan=self._plans[plan].name)

    def set_password(self, account: str, password: str) -> None:
        """Gives the account another password. Who calls this also ends its sessions.

        Raises:
            BadPasswordError: the password is too short or too long.
            UnknownAccountError: there is no such account.
        """
        self._change(account, password_hash=self._passwords.hashed(password))

    def set_disabled(self, account: str, disabled: bool) -> None:
        """Shuts the account out, or lets it in again. Jobs it has submitted go on.

        Raises:
            UnknownAccountError: there is no such account.
        """
        self._change(account, disabled=disabled)

    def _create(self, email: str, *, plan: str, password_hash: str | None) -> Account:
        account = Account(secrets.token_hex(16), plan, _normal(email), disabled=False, created=self._now())
        try:
            self._insert(account, password_hash=password_hash)
        except IntegrityError as error:
            raise AccountExistsError(f"{account.email} has an account already.", hint="Log in.") from error
        return account

    def _insert(self, account: Account, *, password_hash: str | None) -> None:
        with self._database.write() as connection:
            connection.execute(insert(accounts).values(**vars(account), password_hash=password_hash))

    def _find(self, statement: Select[Any], name: str) -> Account | None:
        with self._database.read() as connection:
            row = connection.execute(statement, {"name": name}).one_or_none()
        return account_from(row) if row else None

    def _change(self, account: str, **values: Any) -> None:
        with self._database.write() as connection:
            changed = connection.execute(update(accounts).where(accounts.c.id == account).values(**values)).rowcount
        if not changed:
            raise UnknownAccountError(f"There is no account {account!r}.")


def account_from(row: Sequence[Any]) -> Account:
    """The account in a row that begins with `COLUMNS`."""
    return Account(*row[: len(COLUMNS)])


def _normal(email: str) -> str:
    """The address as it is kept and looked up.

    Raises:
        BadEmailError: it is none.
    """
    text = unicodedata.normalize("NFKC", email.strip()[: 2 * _LONGEST_EMAIL]).lower()
    if not _EMAIL.fullmatch(text) or len(text) > _LONGEST_EMAIL or not text.isprintable():
        raise BadEmailError("That is no email address.")
    return text

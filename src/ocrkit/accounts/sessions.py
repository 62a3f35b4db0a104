"""Browser log-ins: a cookie of which the database holds the digest, and the token that its forms carry."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from ocrkit.accounts.people import COLUMNS, Account, account_from
from ocrkit.database.tables import accounts, sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrkit.accounts.keys import Secrets
    from ocrkit.database import Database

LIFETIME = 14 * 86400.0
"""Seconds from log-in to its end, used or not."""


@dataclass(frozen=True)
class Session:
    """One log-in.

    Attributes:
        account: who logged in.
        cookie: what the browser holds.
        csrf: what forms shown in this session carry; `Secrets.csrf_matches` checks it.
        expires: seconds since 1970.
    """

    account: Account
    cookie: str
    csrf: str
    expires: float


class Sessions:
    """The log-ins of one server; safe from several threads."""

    def __init__(self, database: Database, secrets: Secrets, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._secrets = secrets
        self._now = now

    def start(self, account: Account) -> Session:
        """A new log-in of this account, which has just shown its password; expired ones of all are cleared away."""
        cookie = secrets.token_urlsafe(32)
        now = self._now()
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires <= now))
            connection.execute(
                insert(sessions).values(
                    digest=self._digest(cookie), account=account.id, created=now, expires=now + LIFETIME
                )
            )
        return Session(account, cookie, self._secrets.csrf(cookie), now + LIFETIME)

    def check(self, cookie: str) -> Session | None:
        """The log-in of this cookie; `None` if there is none, it has expired, or the account is disabled."""
        statement = (
            select(*COLUMNS, sessions.c.expires)
            .join(sessions, sessions.c.account == accounts.c.id)
            .where(sessions.c.digest == self._digest(cookie), sessions.c.expires > self._now())
        )
        with self._database.read() as connection:
            row = connection.execute(statement).one_or_none()
        if row is None or row.disabled:
            return None
        return Session(account_from(row), cookie, self._secrets.csrf(cookie), row.expires)

    def end(self, cookie: str) -> None:
        """Logs out."""
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == self._digest(cookie)))

    def end_all(self, account: str) -> None:
        """Logs the account out everywhere, as after a change of its password."""
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.account == account))

    def _digest(self, cookie: str) -> str:
        return self._secrets.digest(cookie, purpose="session")

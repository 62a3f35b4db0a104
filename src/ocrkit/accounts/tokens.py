"""API tokens: found by digest, shown again by opening the sealed copy. A stolen database gives no usable token."""

from __future__ import annotations

import hmac
import logging
import secrets
import time
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from ocrkit.accounts.people import COLUMNS, account_from
from ocrkit.database.tables import accounts, tokens
from ocrkit.errors import DatabaseUnavailableError, UnknownAccountError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from ocrkit.accounts.keys import Secrets
    from ocrkit.accounts.people import Account
    from ocrkit.database import Database

log = logging.getLogger(__name__)

_PREFIX = "ocr_"
"""Lets scanners for leaked secrets know one."""
_RECENT = 3600.0
"""Seconds within which the last use is not written again: not each call is to cost a write."""
_BY_DIGEST = (
    select(*COLUMNS, tokens.c.digest, tokens.c.last_used)
    .join(tokens, tokens.c.account == accounts.c.id)
    .where(tokens.c.digest == bindparam("digest"))
)


def _at_once(work: Callable[[], None]) -> None:
    work()


class Tokens:
    """The API token of each account; safe from several threads.

    Args:
        later: has a write done that nobody waits for; without it `check` writes before it returns.
    """

    def __init__(
        self,
        database: Database,
        secrets: Secrets,
        *,
        now: Callable[[], float] = time.time,
        later: Callable[[Callable[[], None]], object] = _at_once,
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._now = now
        self._later = later

    def show(self, account: str) -> str:
        """The account's token, made if it has none.

        Raises:
            SecretKeyError: it was made under another key of the server.
            UnknownAccountError: there is no such account.
        """
        with self._database.read() as connection:
            token = self._sealed(connection, account)
        return token or self._make(account, replace=False)

    def rotate(self, account: str) -> str:
        """A new token for the account; the one before is void at once.

        Raises:
            UnknownAccountError: there is no such account.
        """
        return self._make(account, replace=True)

    def check(self, token: str) -> Account | None:
        """The account that this token speaks for; `None` if it is nobody's or the account is disabled."""
        digest = self._secrets.digest(token, purpose="token")
        with self._database.read() as connection:
            row = connection.execute(_BY_DIGEST, {"digest": digest}).one_or_none()
        if row is None or row.disabled or not hmac.compare_digest(row.digest, digest):
            return None
        now = self._now()
        if row.last_used is None or row.last_used < now - _RECENT:
            self._later(partial(self._note_use, digest, now))
        return account_from(row)

    def _note_use(self, digest: str, now: float) -> None:
        try:
            with self._database.write() as connection:
                connection.execute(update(tokens).where(tokens.c.digest == digest).values(last_used=now))
        except DatabaseUnavailableError as error:  # the next use is noted instead
            log.warning("The use of a token was not noted: %s", error)

    def _make(self, account: str, *, replace: bool) -> str:
        token = _PREFIX + secrets.token_urlsafe(32)
        with self._database.write() as connection:
            # The lock lets calls for one account follow each other, so that it never has two tokens.
            row = connection.execute(select(accounts.c.id).where(accounts.c.id == account).with_for_update())
            if row.one_or_none() is None:
                raise UnknownAccountError(f"There is no account {account!r}.")
            if not replace:
                made = self._sealed(connection, account)
                if made is not None:
                    return made
            connection.execute(delete(tokens).where(tokens.c.account == account))
            connection.execute(
                insert(tokens).values(
                    digest=self._secrets.digest(token, purpose="token"),
                    account=account,
                    sealed=self._secrets.seal(token, owner=account),
                    created=self._now(),
                )
            )
        return token

    def _sealed(self, connection: Connection, account: str) -> str | None:
        sealed = connection.scalar(select(tokens.c.sealed).where(tokens.c.account == account))
        return None if sealed is None else self._secrets.open(sealed, owner=account)

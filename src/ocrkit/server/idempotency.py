"""`Idempotency-Key`: a submission that is sent again gives the job that it gave before. Knows no HTTP."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from ocrkit.database.tables import idempotency_keys
from ocrkit.server.problems import Problem

if TYPE_CHECKING:
    from sqlalchemy import Connection

_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Key:
    """A key as one account sent it with one payload.

    Attributes:
        digest: of file and fields.
    """

    account: str
    key: str
    digest: str


def checked_key(given: str | None) -> str | None:
    """The header's value, if it is one that we keep; `None` where there is none.

    Raises:
        Problem: it is too long, or not of printable ASCII.
    """
    if given is None:
        return None
    if not 0 < len(given) <= _LONGEST or not (given.isascii() and given.isprintable()):
        message = f"Idempotency-Key must be 1 to {_LONGEST} printable ASCII characters."
        raise Problem(400, "bad_idempotency_key", message=message)
    return given


def job_of(connection: Connection, key: Key) -> str | None:
    """The job that the key gave before, if it did.

    Raises:
        Problem: it came with another payload then.
    """
    kept = idempotency_keys.c
    row = connection.execute(
        select(kept.job, kept.payload_digest).where(kept.account == key.account, kept.key == key.key)
    ).one_or_none()
    if row is None:
        return None
    if row.payload_digest != key.digest:
        raise Problem(409, "idempotency_key_reused", message="This Idempotency-Key came with another payload before.")
    return str(row.job)


def remember(connection: Connection, key: Key, job: str) -> None:
    """Keeps what the key gives, as long as the job is there."""
    connection.execute(
        insert(idempotency_keys).values(
            account=key.account, key=key.key, payload_digest=key.digest, job=job, created=time.time()
        )
    )

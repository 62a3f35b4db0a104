"""One dispatcher of those that share a database leads; the others stand by and take over when it goes."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ocrkit.database import Database

_LOCK = 0x6F63726B6A6F62  # any number: what all dispatchers of a database must agree on


_NOTICE = ", ".join(
    f"set_config('tcp_keepalives_{name}', '{value}', false)"
    for name, value in (("idle", 10), ("interval", 5), ("count", 2))
)
_NOTICE = f"SELECT {_NOTICE}"
"""Has the server notice within seconds that the leader's machine has gone without a word, and free its lock."""


class Leadership(Protocol):
    """A lock that goes with the process that holds it, however that ends."""

    def held(self) -> bool:
        """Whether it is ours, after an attempt to get it where it is not."""
        ...

    def release(self) -> None:
        """Lets another have it."""
        ...


def leadership_of(database: Database) -> Leadership:
    """The lock of this kind of database."""
    if not database.is_sqlite:
        return AdvisoryLock(database)
    path = database.engine.url.database
    assert path is not None
    return FileLock(Path(f"{path}.lock"))


class FileLock:
    """A lock on a file beside an SQLite database."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def held(self) -> bool:
        """Whether it is ours."""
        if self._file is not None:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Closes the file, and with it the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class AdvisoryLock:
    """A lock of a PostgreSQL session, which is kept open for it; lost when the connection is."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._session: Connection | None = None

    def held(self) -> bool:
        """Whether it is ours; that the session still lives is asked each time."""
        try:
            if self._session is not None:
                self._session.execute(text("SELECT 1"))
                return True
        except DBAPIError:
            self.release()
            return False
        try:
            session = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except DBAPIError:
            return False
        return self._take(session)

    def _take(self, session: Connection) -> bool:
        try:
            if session.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}):
                session.execute(text(_NOTICE))
                self._session = session
                return True
            session.close()
        except DBAPIError:
            session.invalidate()
            session.close()
        return False

    def release(self) -> None:
        """Ends the session, and with it the lock."""
        session, self._session = self._session, None
        if session is not None:
            session.invalidate()  # back in the pool it would keep the lock
            session.close()

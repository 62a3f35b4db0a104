"""Connections: one `Database` a URL, short transactions, errors in our own terms."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ocrkit.errors import DatabaseUnavailableError, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from sqlalchemy import Connection, Engine

    Found = TypeVar("Found")

_BUSY_SECONDS = 30.0
_POOL = 10
_POSTGRES = {
    "connect_timeout": 5,
    # A host that went without a word is noticed after some 20 s, not after the two hours that are TCP's default.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}
"""libpq's words; seconds, and milliseconds for the last."""


class Database:
    """The database of a URL: `sqlite:///path/to/ocrkit.db` or `postgresql://user:password@host/name`.

    Safe from several threads. Opens no connection before the first is needed.

    Raises:
        OptionError: the URL names no database that we speak to.
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self.is_sqlite = self._engine.dialect.name == "sqlite"

    def __repr__(self) -> str:
        return f"Database({self._engine.url.render_as_string(hide_password=True)!r})"

    @property
    def engine(self) -> Engine:
        """SQLAlchemy's engine, for migrations and locks; statements go through `write` and `read`."""
        return self._engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write: all of it stands at the end, or nothing.

        On SQLite it takes the write lock at once, so that what it reads cannot change before it writes.

        Raises:
            DatabaseUnavailableError: the database cannot be reached, is locked for too long, or its disk is full.
        """
        with _in_our_terms(), self._engine.begin() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look at the tables, without taking a lock that a writer would wait for.

        Raises:
            DatabaseUnavailableError: as for `write`.
        """
        with _in_our_terms(), self._engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    async def look(self, reads: Callable[[], Found]) -> Found:
        """What a function finds that reads a row or two and writes none, for who asks from an event loop.

        SQLite answers in a tenth of a millisecond and lets no reader wait, so that the way to a thread and back would
        cost several times as much; a server's answer is waited for in a thread.

        Raises:
            DatabaseUnavailableError: as for `write`.
        """
        return reads() if self.is_sqlite else await asyncio.to_thread(reads)

    def close(self) -> None:
        """Closes the connections that stand idle."""
        self._engine.dispose()


@contextmanager
def _in_our_terms() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if not _is_outage(error):
            raise
        first = str(error.orig).strip().partition("\n")[0]
        raise DatabaseUnavailableError(f"The database does not answer: {first}.", hint="Try again.") from error
    except PoolTimeoutError as error:
        raise DatabaseUnavailableError("All connections to the database are in use.", hint="Try again.") from error


def _is_outage(error: DBAPIError) -> bool:
    # OperationalError is what both drivers raise when the server is gone, the file locked or the disk full.
    return error.connection_invalidated or type(error).__name__ in {"OperationalError", "InterfaceError"}


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise OptionError("The database URL cannot be read.", hint="Give sqlite:///PATH or postgresql://…") from error
    if parsed.drivername == "sqlite":
        # No limit: whoever waits for the one writer holds a connection, and readers are not to wait for theirs.
        engine = create_engine(
            parsed, connect_args={"timeout": _BUSY_SECONDS}, pool_size=_POOL, max_overflow=-1, poolclass=QueuePool
        )
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    if parsed.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        try:
            # pre_ping: a connection that died in the pool is replaced instead of failing a statement.
            return create_engine(
                parsed.set(drivername="postgresql+psycopg"),
                connect_args={**_POSTGRES, **parsed.query},
                pool_pre_ping=True,
                pool_size=_POOL,
            )
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise OptionError(
                "PostgreSQL needs the package psycopg.", hint="Install it: pip install 'ocrkit[postgres]'"
            ) from error
    raise OptionError(f"ocrkit keeps no data in {parsed.drivername}.", hint="Give sqlite:///PATH or postgresql://…")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Autocommit mode of the driver: it opens no transactions of its own, `write` and `read` say BEGIN themselves.
    connection.isolation_level = None
    # WAL lets readers and the one writer work at the same time; FULL keeps what was committed through a power cut.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")

"""Brings a database to the tables of this version, from an empty one or from those of an older version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from ocrkit.errors import DatabaseUnavailableError, SchemaVersionError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ocrkit.database.connect import Database

_LOCK = 0x6F63726B  # any number: what two servers starting at once must agree on


def migrate(database: Database) -> tuple[str | None, str]:
    """Runs the migrations that are missing, in one transaction; gives the revisions before and after.

    Two that run at once do the work once. The folder of an SQLite file is made, for its owner alone.

    Raises:
        DatabaseUnavailableError: the database cannot be reached, or the folder cannot be made.
        SchemaVersionError: it was made by a later version of ocrkit.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    head = scripts.get_current_head()
    assert head is not None
    _make_folder(database)
    with database.write() as connection:
        if not database.is_sqlite:  # there, the write lock has done it
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        before = revision(connection)
        if before is not None and before not in {script.revision for script in scripts.walk_revisions()}:
            raise SchemaVersionError(
                f"The database is of a later version of ocrkit (revision {before}).", hint="Install that version."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return before, head


def _make_folder(database: Database) -> None:
    path = database.engine.url.database
    if not database.is_sqlite or not path or path == ":memory:":
        return
    try:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailableError(f"The folder of the database cannot be made: {error}.") from error


def revision(connection: Connection) -> str | None:
    """The revision a database stands at; `None` for one without our tables."""
    return MigrationContext.configure(connection).get_current_revision()

"""The migrations make exactly the tables that the code speaks of."""

from __future__ import annotations

import stat
import threading
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select, text

from ocrkit.database import Database, migrate
from ocrkit.database.tables import accounts, metadata, tokens
from ocrkit.errors import DatabaseUnavailableError, OptionError, SchemaVersionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'ocrkit.db'}")
    yield opened
    opened.close()


def test_migrating_an_empty_database_gives_the_tables_of_the_code(database: Database) -> None:
    before, after = migrate(database)

    with database.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []
    assert (before, migrate(database)) == (None, (after, after))


def test_a_database_of_a_later_version_is_refused(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaVersionError, match="9999"):
        migrate(database)


def test_two_servers_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    results = []

    def start() -> None:
        opened = Database(f"sqlite:///{tmp_path / 'ocrkit.db'}")
        results.append(migrate(opened))
        opened.close()

    starters = [threading.Thread(target=start) for _ in range(3)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()

    assert sorted(before is None for before, _ in results) == [False, False, True]


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    migrate(database)

    def fail_midway() -> None:
        with database.write() as connection:
            connection.execute(insert(accounts).values(id="a", plan="free", created=0))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()
    with database.read() as connection:
        assert connection.execute(select(accounts)).all() == []


def test_deleting_an_account_takes_its_tokens_along(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        connection.execute(insert(accounts).values(id="a", plan="free", created=0))
        connection.execute(insert(tokens).values(digest="d", account="a", sealed=b"", created=0))
        connection.execute(accounts.delete())

    with database.read() as connection:
        assert connection.execute(select(tokens)).all() == []


def test_a_database_that_cannot_be_opened_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()

    with pytest.raises(DatabaseUnavailableError, match="unable to open"):
        migrate(Database(f"sqlite:///{tmp_path / 'folder.db'}"))


def test_the_folder_of_a_new_database_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "ocrkit.db"
    database = Database(f"sqlite:///{path}")

    migrate(database)
    database.close()

    assert path.exists()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(DatabaseUnavailableError, match="folder of the database"):
        migrate(Database(f"sqlite:///{tmp_path / 'file' / 'ocrkit.db'}"))


def test_a_password_does_not_show_in_what_is_printed() -> None:
    assert "secret" not in repr(Database("postgresql://me:secret@127.0.0.1/x"))


@pytest.mark.parametrize("url", ["mysql://x/y", "not a url"])
def test_a_url_of_no_database_we_know_is_named(url: str) -> None:
    with pytest.raises(OptionError, match="sqlite:///PATH"):
        Database(url)

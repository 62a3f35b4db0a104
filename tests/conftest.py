"""Databases for the tests of the service: real SQLite files and a real PostgreSQL server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocrkit.database import Database, migrate

from .postgres import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

collect_ignore = ["surya"]
"""They need an environment of their own, for surya-ocr pins old packages: `make test-surya`."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One server for the whole run, started when a test first asks for it."""
    cluster = Cluster()
    yield cluster
    cluster.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the tables of this version and nothing in them; a test that takes it runs on both kinds."""
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgres")
        return cluster.fresh()
    url = f"sqlite:///{tmp_path / 'ocrkit.db'}"
    made = Database(url)
    migrate(made)
    made.close()
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """That database, opened."""
    opened = Database(database_url)
    yield opened
    opened.close()

"""The same server and callers, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..running import Running  # noqa: TID252 - as the tests beside it

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres import Cluster


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, postgres: Cluster) -> Iterator[Running]:
    """A server on a database of PostgreSQL."""
    folder = tmp_path_factory.mktemp("server-on-postgres")
    with Running(folder, db=postgres.fresh(), max_upload_bytes=2_000_000, private_webhooks=True) as running:
        yield running.start()
        assert running.stop() < 10


@pytest.fixture(scope="session")
def ada_token(server: Running) -> str:
    return server.token("ada@example.org")


@pytest.fixture(scope="session")
def bob_token(server: Running) -> str:
    return server.token("bob@example.org")

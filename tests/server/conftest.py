"""One server for all quick tests, and what speaks to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .running import Running

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with the rehearsal engine, one for the whole run."""
    folder = tmp_path_factory.mktemp("server")
    with Running(folder, max_upload_bytes=2_000_000, private_webhooks=True) as running:
        yield running.start()
        assert running.stop() < 10


@pytest.fixture
def anyone(server: Running) -> Iterator[httpx.Client]:
    """A caller without a token."""
    with server.client() as client:
        yield client


@pytest.fixture(scope="session")
def ada_token(server: Running) -> str:
    return server.token("ada@example.org")


@pytest.fixture
def ada(server: Running, ada_token: str) -> Iterator[httpx.Client]:
    """A caller with an account."""
    with server.client(ada_token) as client:
        yield client


@pytest.fixture(scope="session")
def bob_token(server: Running) -> str:
    return server.token("bob@example.org")


@pytest.fixture
def bob(server: Running, bob_token: str) -> Iterator[httpx.Client]:
    """A caller with another account."""
    with server.client(bob_token) as client:
        yield client

"""Endpoints that are closed at the end of a test, and that do not take long to give up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

from ocrkit.inference import Endpoint, EndpointSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.testing.endpoint import FakeEndpoint


class Connect(Protocol):
    def __call__(self, server: FakeEndpoint | str, **settings: Any) -> Endpoint: ...


@pytest.fixture
def connect() -> Iterator[Connect]:
    made: list[Endpoint] = []

    def connected(server: FakeEndpoint | str, **settings: Any) -> Endpoint:
        url = server if isinstance(server, str) else server.url
        quick = {"backoff": 0.01, "model": "test-model", "read_timeout": 5.0, "tokens_per_second": 1e6}
        endpoint = Endpoint(EndpointSettings(url=url, **{**quick, **settings}))
        made.append(endpoint)
        return endpoint

    yield connected
    for endpoint in made:
        endpoint.close()

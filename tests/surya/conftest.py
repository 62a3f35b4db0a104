"""An engine of its own for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocrkit.engines.surya.engine import SuryaEngine

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries without waiting; no endpoint of the developer's."""
    for name in ("URL", "KEY", "MODEL"):
        monkeypatch.delenv(f"OCRKIT_VLM_{name}", raising=False)
    monkeypatch.setenv("OCRKIT_VLM_BACKOFF", "0.01")


@pytest.fixture
def engine() -> Iterator[SuryaEngine]:
    made = SuryaEngine()
    yield made
    made.close()

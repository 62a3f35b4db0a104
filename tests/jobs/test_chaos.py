"""A large job and small ones, while the service and its children are killed at random: see `bench/chaos`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.chaos.run import Chaos, Plan

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize("services", [1, 2])
def test_kills_at_random_lose_no_page_and_charge_none_twice(tmp_path: Path, database_url: str, services: int) -> None:
    plan = Plan(pages=40, small=4, kills=3, services=services, limit=80.0)
    outcome = Chaos(plan, folder=tmp_path, url=database_url).run()
    assert outcome.kills == 3
    assert outcome.failures == []
    assert outcome.orphans == 0
    # The large job takes nearly all of the run; behind it the first small one would wait for most of that.
    assert max(outcome.waits) < outcome.seconds / 2, "a small job waits for kills and starts, not for the large one"
    assert outcome.audit is not None
    assert outcome.audit.sound, outcome.audit
    assert outcome.audit.failed == 3, "the pages with planted faults, and no others"
    assert outcome.audit.done == 40 + 4 * 3 - 3

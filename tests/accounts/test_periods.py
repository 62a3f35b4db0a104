from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrkit.accounts.periods import end_of_period, period_of

if TYPE_CHECKING:
    from ocrkit.accounts.plans import Bucket

TIMES = st.floats(min_value=0, max_value=4e9)


def utc(*parts: int) -> float:
    return datetime(*parts, tzinfo=UTC).timestamp()  # type: ignore[misc, arg-type]  # parts are year, month, day, …


@pytest.mark.parametrize(
    ("bucket", "at", "period", "end"),
    [
        ("daily", utc(2026, 11, 23, 23, 59, 59), "2026-11-23", utc(2026, 11, 24)),
        ("daily", utc(2026, 11, 24), "2026-11-24", utc(2026, 11, 25)),
        ("monthly", utc(2026, 11, 30, 23, 59, 59), "2026-11", utc(2026, 12, 1)),
        ("monthly", utc(2026, 12, 31), "2026-12", utc(2027, 1, 1)),
        ("monthly", utc(2027, 1, 31), "2027-01", utc(2027, 2, 1)),
        ("monthly", utc(2028, 2, 29), "2028-02", utc(2028, 3, 1)),
        ("paid", utc(2026, 11, 23), "", None),
    ],
)
def test_a_period_runs_by_the_calendar_of_utc(bucket: Bucket, at: float, *, period: str, end: float | None) -> None:
    assert period_of(bucket, at) == period
    assert end_of_period(bucket, at) == end


@given(at=TIMES, bucket=st.sampled_from(["daily", "monthly"]))
def test_a_period_holds_until_it_ends_and_not_a_moment_longer(at: float, bucket: Bucket) -> None:
    end = end_of_period(bucket, at)

    assert end is not None
    assert end > at
    assert period_of(bucket, end - 0.001) == period_of(bucket, at)
    assert period_of(bucket, end) != period_of(bucket, at)


def test_the_clock_of_the_machine_may_be_of_any_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 11, 30, 20, tzinfo=timezone(-timedelta(hours=8))).timestamp()
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    try:
        assert period_of("monthly", at) == "2026-12"
        assert end_of_period("daily", at) == utc(2026, 12, 2)
    finally:
        monkeypatch.undo()
        time.tzset()

"""The periods that allowances run for: a day or a month of UTC. Pure functions of a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocrkit.accounts.plans import Bucket


def period_of(bucket: Bucket, at: float) -> str:
    """The name of the period that `at` (seconds since 1970) falls in: `2026-11-23`, `2026-11`, or `''` for `paid`."""
    if bucket == "paid":
        return ""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d" if bucket == "daily" else "%Y-%m")


def end_of_period(bucket: Bucket, at: float) -> float | None:
    """When the period of `at` ends and the allowance is new, in seconds since 1970; `None` for `paid`."""
    if bucket == "paid":
        return None
    today = datetime.fromtimestamp(at, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if bucket == "daily":
        return (today + timedelta(days=1)).timestamp()
    # 32 days after the first of a month is in the next one.
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1).timestamp()

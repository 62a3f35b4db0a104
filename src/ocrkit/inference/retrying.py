"""When a request is worth repeating, and after how long. Pure functions."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

REPEATED = frozenset({408, 425, 429, 500, 502, 503, 504, 507, 508, 520, 521, 522, 523, 524, 529})
"""Statuses that say "not now": timeouts, too early, too many, and the server's own trouble (520 to 529 are those of
proxies and overloaded models). Anything else would be refused again."""

BUSY = 429

_LONGEST_BACKOFF = 30.0


def backoff(base: float, attempt: int) -> float:
    """Seconds before the attempt after this one, counted from 1; spread, so that callers do not come back together."""
    return min(_LONGEST_BACKOFF, base * 2.0 ** (attempt - 1)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def retry_after(value: str | None) -> float | None:
    """Seconds in a `Retry-After` header (RFC 9110, 10.2.3: a number, or a date); `None` where it says nothing."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - datetime.now(UTC).timestamp())

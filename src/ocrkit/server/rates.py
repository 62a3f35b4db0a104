"""How often one caller may ask: a bucket of requests each, refilled evenly. In memory; knows no HTTP."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_CALLERS = 50_000
"""Buckets kept; the one used longest ago goes first, and a caller who comes back finds a full one."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a caller has after a request.

    Attributes:
        allowed: whether this request was within the limit.
        limit: requests a minute.
        remaining: requests that may follow at once.
        reset: seconds until all may again.
        retry: seconds until one more may; 0 if one may now.
    """

    allowed: bool
    limit: int
    remaining: int
    reset: int
    retry: int

    def headers(self) -> dict[str, str]:
        """The `X-RateLimit-` headers, and `Retry-After` where it has to wait."""
        told = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }
        return told if self.allowed else {**told, "Retry-After": str(max(1, self.retry))}


class Rates:
    """The buckets of all callers; safe from several threads."""

    def __init__(self, per_minute: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self._limit = per_minute
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, caller: str) -> Rate | None:
        """Counts a request; `None` where there is no limit."""
        if not self._limit:
            return None
        per_second = self._limit / 60
        with self._lock:
            now = self._now()
            left, then = self._buckets.get(caller, (float(self._limit), now))
            left = min(float(self._limit), left + (now - then) * per_second)
            allowed = left >= 1
            left -= allowed
            self._buckets[caller] = (left, now)
            self._buckets.move_to_end(caller)
            if len(self._buckets) > _MOST_CALLERS:
                self._buckets.popitem(last=False)
        return Rate(
            allowed=allowed,
            limit=self._limit,
            remaining=int(left),
            reset=math.ceil((self._limit - left) / per_second),
            retry=0 if left >= 1 else math.ceil((1 - left) / per_second),
        )

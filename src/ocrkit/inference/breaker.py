"""A circuit breaker: after failures in a row nobody asks for a while, and then one does to find out.

Used from one event loop only, so that it needs no lock. Knows no HTTP.
"""

from __future__ import annotations

import time

FAILURES = 3
"""Questions in a row without an answer after which no other one is sent."""


class Breaker:
    """Says whether a question may be sent; is told how each went."""

    def __init__(self, cooldown: float) -> None:
        self._cooldown = cooldown
        self._failures = 0
        self._open_until = 0.0
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether questions are held back."""
        return self._failures >= FAILURES

    def admits(self) -> bool:
        """Whether a question may be sent now; whoever gets yes must tell how it ended."""
        if not self.is_open:
            return True
        if self._probing or time.monotonic() < self._open_until:
            return False
        self._probing = True
        return True

    def answered(self) -> None:
        """The endpoint is there, whatever it said."""
        self._failures, self._probing = 0, False

    def failed(self) -> None:
        """There was no answer."""
        self._failures += 1
        self._probing = False
        self._open_until = time.monotonic() + self._cooldown

    def left(self) -> None:
        """The question was called off; nothing is known of the endpoint."""
        self._probing = False

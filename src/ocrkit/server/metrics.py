"""Figures for Prometheus, kept by one server for itself: requests as they end, the queue when it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTENT_TYPE = CONTENT_TYPE_LATEST
JOB_STATES = ("open", "assembling", "done", "failed", "cancelled")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counters of one server; no label is ever taken from what a client sends."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "ocrkit_http_requests_total", "Requests answered.", ("route", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "ocrkit_http_request_seconds",
            "Time to the first byte of the answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._jobs = Gauge("ocrkit_jobs", "Jobs by state.", ("state",), registry=self._registry)
        self._waiting = Gauge("ocrkit_pages_waiting", "Pages that are still to be read.", registry=self._registry)

    def count(self, route: str, method: str, *, status: int, seconds: float) -> None:
        """Counts a request by the pattern of its route."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def exposition(self, *, jobs: Mapping[str, int], pages_waiting: int) -> bytes:
        """Everything in Prometheus' text format, with the queue as it stands now."""
        for state in (*JOB_STATES, *jobs):
            self._jobs.labels(state).set(jobs.get(state, 0))
        self._waiting.set(pages_waiting)
        return generate_latest(self._registry)

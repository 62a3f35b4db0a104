"""What runs pages: here in child processes, or elsewhere. The dispatcher knows no more of it than this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from concurrent.futures import Future

    from ocrkit.jobs.records import PageEnd, PageRun

AHEAD = 1.25
"""Pages in flight for each slot: one page is fetched or stored while another is read."""


class Executor(Protocol):
    """Runs pages side by side."""

    def start(self) -> None:
        """Makes the workers ready; returns at once."""
        ...

    def ready(self) -> bool:
        """Whether the workers have loaded what they need."""
        ...

    def slots(self) -> int:
        """How many pages it reads at a time; may change."""
        ...

    def run(self, page: PageRun) -> Future[PageEnd]:
        """The end of the page, in time. Its result is a blob before the future is done; the future never fails."""
        ...

    def stop(self, *, grace: float) -> None:
        """Ends the workers: after their pages, or after so many seconds. What was not read ends as `returned`."""
        ...

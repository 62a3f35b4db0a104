"""Where the pages of a new job stand in the queue: start-time fair queueing by account (Goyal, Vin, Cheng 1996).

Every page has a rank, a virtual time; the lowest goes next. An account's pages are spaced by 1 / weight, so accounts
with work to do share the workers by weight, whatever the size of their jobs. Pure arithmetic: knows no SQL.
"""

from __future__ import annotations

from dataclasses import dataclass

FRONT = 16
"""Pages at the start of a job that are ranked beside the account's longer jobs instead of behind them, so that a
small job does not wait for a large one of the same account either."""


@dataclass(frozen=True, slots=True)
class Tags:
    """Virtual times up to which an account has work queued.

    Attributes:
        front: of the first pages of its jobs.
        back: of all their pages; never below `front`.
    """

    front: float
    back: float


def rank_pages(count: int, *, tags: Tags, now: float, weight: float) -> tuple[list[float], Tags]:
    """A rank for each of `count` pages, ascending, and the account's new tags.

    An account gets at most twice its share by this: once for the fronts of its jobs, once for the rest.

    Args:
        count: pages of the job.
        tags: of the account.
        now: virtual time at which the workers are.
        weight: of the account.
    """
    step = 1.0 / weight
    front = max(now, tags.front)
    head = min(count, FRONT)
    ranks = [front + step * place for place in range(1, head + 1)]
    front += step * head
    back = max(front, tags.back)
    if count > head:
        ranks += [back + step * place for place in range(1, count - head + 1)]
        back += step * (count - head)
    return ranks, Tags(front, back)

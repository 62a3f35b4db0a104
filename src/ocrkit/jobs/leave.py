"""Which of the pages that are sent out may use tier `vlm`: so many of a job of tier `auto` as were paid for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from ocrkit.database.tables import pages
from ocrkit.jobs.settling import MAX_TRIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row


class Leave:
    """Leave for the pages of one look at what is to do.

    A page that is out with leave counts as one that will use it. While none is left but one may come back, the other
    pages of its job wait: sent out without leave, a doubtful one would be kept from what was paid for.

    Args:
        connection: a transaction.
        auto: the settings of the jobs of tier `auto`, by id.
        in_flight: (job, number) of pages that are out, and whether each has leave.
    """

    def __init__(
        self, connection: Connection, auto: Mapping[str, dict[str, Any]], in_flight: Mapping[tuple[str, int], bool]
    ) -> None:
        self._left = {job: int(settings["vlm_pages"]) for job, settings in auto.items() if "vlm_pages" in settings}
        self._out: Counter[str] = Counter(job for (job, _), granted in in_flight.items() if granted)
        used = (
            select(pages.c.job, func.count().label("count"))
            .where(pages.c.job.in_(self._left), pages.c.state == "done", pages.c.tier == "vlm")
            .group_by(pages.c.job)
        )
        for row in connection.execute(used) if self._left else ():
            self._left[row.job] -= int(row[1])

    def of(self, row: Row[Any]) -> bool | None:
        """Whether the page may use tier `vlm`; `None` where that is to be seen, and the page waits.

        It may not at its last try, which it must survive, nor beyond the ceiling.
        """
        if row.tries >= MAX_TRIES - 1:
            return False
        if row.job not in self._left:
            return True
        if self._left[row.job] <= 0:
            return False
        if self._left[row.job] <= self._out[row.job]:
            return None
        self._out[row.job] += 1
        return True

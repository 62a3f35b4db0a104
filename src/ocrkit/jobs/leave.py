"""Which of the pages that are sent out may use tier `vlm`: so many of a job of tier `auto` as were paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from ocrkit.database.tables import pages
from ocrkit.jobs.settling import MAX_TRIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row


class Leave:
    """Leave for the pages of one look at what is to do.

    A page that is out with leave counts as one that will use it; if it does not, a later one may.

    Args:
        connection: a transaction.
        auto: the settings of the jobs of tier `auto`, by id.
        in_flight: (job, number) of pages that are out, and whether each has leave.
    """

    def __init__(
        self, connection: Connection, auto: Mapping[str, dict[str, Any]], in_flight: Mapping[tuple[str, int], bool]
    ) -> None:
        self._left = {job: int(settings["vlm_pages"]) for job, settings in auto.items() if "vlm_pages" in settings}
        used = (
            select(pages.c.job, func.count().label("count"))
            .where(pages.c.job.in_(self._left), pages.c.state == "done", pages.c.tier == "vlm")
            .group_by(pages.c.job)
        )
        for row in connection.execute(used) if self._left else ():
            self._left[row.job] -= int(row[1])
        for (job, _), granted in in_flight.items():
            if job in self._left:
                self._left[job] -= granted

    def of(self, row: Row[Any]) -> bool:
        """Whether the page may use tier `vlm`: not at its last try, which it must survive, nor beyond the ceiling."""
        if row.tries >= MAX_TRIES - 1:
            return False
        if row.job not in self._left:
            return True
        self._left[row.job] -= 1
        return self._left[row.job] >= 0

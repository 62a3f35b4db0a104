"""What must hold once the dust has settled, asked of the database itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, case, func, select

from ocrkit.database.tables import credit_entries, jobs, pages

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from ocrkit.database import Database


@dataclass(frozen=True, slots=True)
class Audit:
    """Pages and credits of all jobs.

    Attributes:
        held: what is still held for pages; 0 once every page has ended.
        charged: credits.
        due: credits that the pages which were read cost.
        wrong: jobs whose own figures do not agree with their pages and entries.
    """

    jobs: int
    done: int
    failed: int
    open: int
    held: int
    charged: int
    due: int
    wrong: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether everything ended, and was charged exactly."""
        return not self.open and not self.held and self.charged == self.due and not self.wrong


def audit(database: Database) -> Audit:
    """The audit."""
    with database.read() as connection:
        by_job = {row.job: row for row in connection.execute(_pages_by_job())}
        money = {row.job: row for row in connection.execute(_entries_by_job())}
        rows = connection.execute(
            select(jobs.c.id, jobs.c.pages_done, jobs.c.pages_failed, jobs.c.page_price, jobs.c.state)
        ).all()
    wrong = [
        row.id
        for row in rows
        if (row.pages_done, row.pages_failed) != (by_job[row.id].done, by_job[row.id].failed)
        or money[row.id].charges != row.pages_done
    ]
    return Audit(
        jobs=len(rows),
        done=sum(row.done for row in by_job.values()),
        failed=sum(row.failed for row in by_job.values()),
        open=sum(row.todo for row in by_job.values()),
        held=-sum(row.held for row in money.values()),
        charged=-sum(row.charged for row in money.values()),
        due=sum(row.pages_done * row.page_price for row in rows if row.state != "failed"),
        wrong=tuple(wrong),
    )


def _pages_by_job() -> Select[Any]:
    counts = [_count(pages.c.state == state).label(state) for state in ("done", "failed", "todo")]
    return select(pages.c.job, *counts).group_by(pages.c.job)


def _entries_by_job() -> Select[Any]:
    kind = credit_entries.c.kind
    amounts = [
        func.sum(case((kind.in_(("hold", "release")), credit_entries.c.amount), else_=0)).label("held"),
        func.sum(case((kind == "charge", credit_entries.c.amount), else_=0)).label("charged"),
        _count((kind == "charge") & credit_entries.c.page.is_not(None)).label("charges"),
    ]
    return select(credit_entries.c.job, *amounts).where(credit_entries.c.job.is_not(None)).group_by("job")


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0), type_=Integer)

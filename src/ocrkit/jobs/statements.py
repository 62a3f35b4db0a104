"""The ledger's frequent statements, each built once: on SQLite, building one takes longer than running it.

Values to compare with are bound under names that begin with `the_`: those of columns are what is written.
"""

from __future__ import annotations

from sqlalchemy import BindParameter, bindparam, func, insert, select, update

from ocrkit.database.tables import accounts, credit_entries, jobs, pages
from ocrkit.jobs.records import Job

JOB_COLUMNS = [column for column in jobs.c if column.name in Job.__dataclass_fields__]
"""What a `Job` is read from; the other columns are what it is held from."""

_the_job: BindParameter[str] = bindparam("the_job")
_the_page = (pages.c.job == _the_job) & (pages.c.number == bindparam("the_number")) & (pages.c.state == "todo")

JOB = select(*JOB_COLUMNS).where(jobs.c.id == _the_job)
LOCKED_JOB = select(jobs).where(jobs.c.id == _the_job).with_for_update()
CHANGE_JOB = update(jobs).where(jobs.c.id == _the_job)
ADD_JOB = insert(jobs)
ASSEMBLING = select(*JOB_COLUMNS).where(jobs.c.state == "assembling")

ADD_PAGES = insert(pages)
PAGE_NUMBERS = select(pages.c.number).where(pages.c.job == _the_job).order_by(pages.c.number)
ENDED_PAGES = (
    select(pages.c.number, pages.c.state, pages.c.ended_as, pages.c.tier, pages.c.error_code, pages.c.error)
    .where(pages.c.job == _the_job, pages.c.ended_as > bindparam("the_place"))
    .order_by(pages.c.ended_as)
)
NEXT_PAGES = (
    select(pages.c.job, pages.c.number, pages.c.dispatches, pages.c.tries)
    .add_columns(jobs.c.tier, jobs.c.language, jobs.c.settings)
    .join_from(pages, jobs)
    .where(pages.c.state == "todo")
    .order_by(pages.c.rank, pages.c.job, pages.c.number)
    .limit(bindparam("the_most"))
)
LOWEST_RANK = select(func.min(pages.c.rank)).where(pages.c.state == "todo")
HIGHEST_BACKLOG = select(func.max(accounts.c.backlog))

SEND_PAGE = update(pages).where(_the_page).values(dispatches=pages.c.dispatches + 1)
UNSEND_PAGE = update(pages).where(_the_page).values(dispatches=pages.c.dispatches - 1)
TRY_PAGE = update(pages).where(_the_page).values(tries=pages.c.tries + 1).returning(pages.c.tries)
END_PAGE = update(pages).where(_the_page)

LOCKED_TAGS = (
    select(accounts.c.finish, accounts.c.backlog).where(accounts.c.id == bindparam("the_account")).with_for_update()
)
CHANGE_TAGS = update(accounts).where(accounts.c.id == bindparam("the_account"))
ADD_ENTRIES = insert(credit_entries)

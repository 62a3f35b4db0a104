"""The truth about jobs, in SQL: what is to be read, what has been, what it cost.

Nothing is ever "running": a page is `todo` until the one transaction that ends it, bumps its job's progress and
settles its price. It may be executed twice after a crash; it is charged once.
"""

from __future__ import annotations

import secrets
import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from ocrkit.database.tables import jobs, webhook_deliveries
from ocrkit.jobs import settling, statements
from ocrkit.jobs.fairness import Tags, rank_pages
from ocrkit.jobs.leave import Leave
from ocrkit.jobs.records import ENDED, Committed, Job, PageEnd, PageRun, PageState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection, Row

    from ocrkit.database import Database
    from ocrkit.jobs.records import JobState, NewJob, Terms

MAX_DISPATCHES = 20
"""Times a page is sent out at most, so that one that takes everything down with it does not do so for ever."""


def new_id() -> str:
    """An id that cannot be guessed: 128 random bits, 32 lower-case hex digits."""
    return secrets.token_hex(16)


class Ledger:
    """Jobs and pages in a database; several may work on the same one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def database(self) -> Database:
        """The database it keeps."""
        return self._database

    # ------------------------------------------------------------------ what comes in

    def submit(self, connection: Connection, new: NewJob, terms: Terms) -> Job:
        """Queues a job within the caller's transaction, and holds its price.

        The caller has checked the balance in the same transaction, and wakes the dispatcher after it.
        """
        tags = connection.execute(statements.LOCKED_TAGS, {"the_account": terms.account}).one()
        count = len(new.page_numbers)
        ranks, after = rank_pages(
            count, tags=Tags(tags.finish, tags.backlog), now=_virtual_now(connection), weight=terms.weight
        )
        moved = {"the_account": terms.account, "finish": after.front, "backlog": after.back}
        connection.execute(statements.CHANGE_TAGS, moved)
        now = time.time()
        settings = {**new.settings, **({"prices": dict(terms.prices)} if terms.prices else {})}
        connection.execute(statements.ADD_JOB, {**_job_row(new, terms, now), "settings": settings})
        rows = [
            {"job": new.id, "number": number, "rank": rank}
            for number, rank in zip(new.page_numbers, ranks, strict=True)
        ]
        connection.execute(statements.ADD_PAGES, rows)
        connection.execute(statements.ADD_ENTRIES, settling.hold(new, terms, settings, now=now))
        return _job(connection.execute(statements.JOB, {"the_job": new.id}).one())

    # ------------------------------------------------------------------ what is read

    def job(self, job: str) -> Job | None:
        """The job, if there is one of this id."""
        with self._database.read() as connection:
            row = connection.execute(statements.JOB, {"the_job": job}).one_or_none()
        return None if row is None else _job(row)

    def jobs_of(self, account: str, *, before: float | None = None, limit: int = 50) -> list[Job]:
        """Jobs of an account, newest first; those created before a time, where one is given."""
        query = select(*statements.JOB_COLUMNS).where(jobs.c.account == account)
        query = query.order_by(jobs.c.created.desc(), jobs.c.id).limit(limit)
        if before is not None:
            query = query.where(jobs.c.created < before)
        with self._database.read() as connection:
            return [_job(row) for row in connection.execute(query)]

    def pages(self, job: str, *, after_ended_as: int = 0) -> list[PageState]:
        """The pages that have ended, in the order in which they did, from a place on."""
        with self._database.read() as connection:
            return _ended_pages(connection, job, after=after_ended_as)

    def pages_to_assemble(self, job: str) -> tuple[list[int], list[PageState]]:
        """The pages of the file that the job asks for, ascending, and how those that have ended did."""
        with self._database.read() as connection:
            numbers = list(connection.scalars(statements.PAGE_NUMBERS, {"the_job": job}))
            return numbers, _ended_pages(connection, job, after=0)

    def assembling(self) -> list[Job]:
        """Jobs whose pages have all ended, and whose document is to be put together."""
        with self._database.read() as connection:
            return [_job(row) for row in connection.execute(statements.ASSEMBLING)]

    # ------------------------------------------------------------------ what is done

    def take(self, room: int, in_flight: Mapping[tuple[str, int], bool] = MappingProxyType({})) -> list[PageRun]:
        """Up to `room` pages to send out next, each counted as sent before it is given.

        Args:
            room: how many at most.
            in_flight: (job, number) of pages that are out already, and whether each may use tier `vlm`.
        """
        with self._database.read() as connection:
            found = connection.execute(statements.NEXT_PAGES, {"the_most": room + len(in_flight)}).all()
            leave = Leave(connection, {row.job: row.settings for row in found if row.tier == "auto"}, in_flight)
        rows = [row for row in found if (row.job, row.number) not in in_flight]
        if worn := [row for row in rows if row.dispatches >= MAX_DISPATCHES]:
            self.commit(settling.worn_out(row.job, row.number, MAX_DISPATCHES) for row in worn)
        judged = [(row, leave.of(row)) for row in rows if row.dispatches < MAX_DISPATCHES]
        fit = [(row, may) for row, may in judged if may is not None][:room]
        if fit:
            with self._database.write() as connection:
                sent = [{"the_job": row.job, "the_number": row.number} for row, _ in fit]
                connection.execute(statements.SEND_PAGE, sent)
        return [PageRun(row.job, row.number, row.tier, row.language, row.settings, may_use_vlm=may) for row, may in fit]

    def commit(self, ends: Iterable[PageEnd]) -> Committed:
        """Ends pages, in one transaction: their states, their jobs' progress, what they cost.

        An end of a page that has ended already changes nothing.
        """
        by_job: dict[str, list[PageEnd]] = {}
        for end in ends:
            by_job.setdefault(end.job, []).append(end)
        progressed, assembling, gone = [], [], []
        with self._database.write() as connection:
            for job in sorted(by_job):  # in one order, so that two ledgers never wait for each other
                row = connection.execute(statements.LOCKED_JOB, {"the_job": job}).one_or_none()
                if row is None:
                    gone.append(job)
                elif row.state == "open" and (progress := settling.settle(connection, row, by_job[job])):
                    progressed.append(job)
                    if progress["state"] == "assembling":
                        known = {name: row._mapping[name] for name in Job.__dataclass_fields__}  # noqa: SLF001 - as above
                        assembling.append(Job(**{**known, **progress}))
        return Committed(tuple(progressed), tuple(assembling), tuple(gone))

    def finish(
        self,
        job: str,
        *,
        state: JobState,
        mean_confidence: float | None = None,
        detected_language: str | None = None,
        error_code: str | None = None,
        error: str | None = None,
    ) -> bool:
        """Ends a job that was `assembling`; queues the message to its webhook. Whether it was this call that did.

        One that fails now, with pages that were read and charged, gets their price back.
        """
        with self._database.write() as connection:
            row = connection.execute(statements.LOCKED_JOB, {"the_job": job}).one_or_none()
            if row is None or row.state != "assembling":
                return False
            ending = {"error_code": error_code, "error": error, "detected_language": detected_language}
            _end_job(connection, row, state, mean_confidence=mean_confidence, **ending)
            if state == "failed":
                settling.refund(connection, row)
            if row.webhook_url:
                delivery = {"id": new_id(), "job": job, "event": f"job.{state}", "url": row.webhook_url}
                connection.execute(insert(webhook_deliveries).values(**delivery, next_at=time.time()))
        return True

    def cancel(self, job: str) -> bool:
        """Ends a job that is `open`: its other pages are not read, and what was held for them is released.

        Whether it was this call that did.
        """
        with self._database.write() as connection:
            row = connection.execute(statements.LOCKED_JOB, {"the_job": job}).one_or_none()
            if row is None or row.state != "open":
                return False
            _cancel(connection, row)
        return True

    def delete(self, job: str) -> bool:
        """Removes a job, open ones too; what was charged stays charged. Whether there was one.

        Its blobs are the caller's to delete, before.
        """
        with self._database.write() as connection:
            row = connection.execute(statements.LOCKED_JOB, {"the_job": job}).one_or_none()
            if row is None:
                return False
            if row.state == "open":
                _cancel(connection, row)
            connection.execute(delete(jobs).where(jobs.c.id == job))
        return True

    # ------------------------------------------------------------------ retention

    def expired(self, *, limit: int = 100) -> list[str]:
        """Jobs that have ended and whose time is over."""
        query = select(jobs.c.id).where(jobs.c.expires <= time.time(), jobs.c.state.in_(ENDED)).limit(limit)
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def with_upload(self, *, limit: int = 100) -> list[str]:
        """Jobs that have ended and whose upload is still there."""
        query = select(jobs.c.id).where(jobs.c.upload_deleted.is_(False), jobs.c.state.in_(ENDED)).limit(limit)
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def mark_upload_deleted(self, job: str) -> None:
        """Notes that the upload is gone."""
        with self._database.write() as connection:
            connection.execute(statements.CHANGE_JOB, {"the_job": job, "upload_deleted": True})

    def known(self, ids: Collection[str]) -> set[str]:
        """Those of the ids that are jobs."""
        with self._database.read() as connection:
            return set(connection.scalars(select(jobs.c.id).where(jobs.c.id.in_(ids))))


def _job(row: Row[Any]) -> Job:
    return Job(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping


def _ended_pages(connection: Connection, job: str, *, after: int) -> list[PageState]:
    rows = connection.execute(statements.ENDED_PAGES, {"the_job": job, "the_place": after})
    return [PageState(**row._mapping) for row in rows]  # noqa: SLF001 - as above


def _job_row(new: NewJob, terms: Terms, now: float) -> dict[str, Any]:
    return {
        "id": new.id,
        "account": terms.account,
        "state": "open",
        "tier": new.tier,
        "language": new.language,
        "tool": new.tool,
        "translate_to": new.translate_to,
        "filename": new.filename,
        "media_type": new.media_type,
        "bytes": new.bytes,
        "file_pages": new.file_pages,
        "page_count": len(new.page_numbers),
        "bucket": terms.bucket,
        "period": terms.period,
        "page_price": terms.page_price,
        "created": now,
        # Moved on by as much as the job takes when it ends; nothing is deleted before.
        "expires": None if new.expires_after is None else now + new.expires_after,
        "webhook_url": new.webhook_url,
    }


def _virtual_now(connection: Connection) -> float:
    """The lowest rank still to do; where nothing is, the end of all that was, so that no one's past weighs on them."""
    lowest = connection.scalar(statements.LOWEST_RANK)
    if lowest is None:
        lowest = connection.scalar(statements.HIGHEST_BACKLOG)
    return float(lowest or 0.0)


def _end_job(connection: Connection, row: Row[Any], state: JobState, **ending: object) -> None:
    now = time.time()
    expires = None if row.expires is None else row.expires + now - row.created
    values = {"state": state, "finished": now, "expires": expires, **ending}
    connection.execute(statements.CHANGE_JOB, {"the_job": row.id, **values})


def _cancel(connection: Connection, row: Row[Any]) -> None:
    settling.release_rest(connection, row)
    _end_job(connection, row, "cancelled", error_code="cancelled", error="The job was cancelled.")

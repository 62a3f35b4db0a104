"""What a page costs when it ends, and how that is written; within the ledger's transactions.

A job holds its price at submission. Each page that ends gives its share back and, if it was read, is charged by the
tier that read it. Under tier `auto` the share of a page is the price of tier `cpu`; what tier `vlm` costs more is held
besides, for as many pages as may go there, and what is left of that is given back with the last page.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from ocrkit.database.tables import credit_entries, pages
from ocrkit.errors import WorkerCrashedError
from ocrkit.jobs import statements
from ocrkit.jobs.records import PageEnd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

    from ocrkit.jobs.records import NewJob, Terms

MAX_TRIES = 3
"""Workers that a page may end before it fails: once may be bad luck, three times is the page."""


def surcharge(tier: str, settings: Mapping[str, Any], page_price: int) -> int:
    """What a page of tier `auto` costs more than is held for it where tier `vlm` read it; 0 for other tiers."""
    return max(0, int(settings.get("prices", {}).get("vlm", 0)) - page_price) if tier == "auto" else 0


def price_of(tier: str, settings: Mapping[str, Any], *, pages: int, page_price: int) -> int:
    """What is held for all pages of a job."""
    dear = min(int(settings.get("vlm_pages", pages)), pages)
    return pages * page_price + dear * surcharge(tier, settings, page_price)


def hold(new: NewJob, terms: Terms, settings: Mapping[str, Any], *, now: float) -> dict[str, Any]:
    """The entry that holds the price of all pages."""
    pages = len(new.page_numbers)
    return {
        "account": terms.account,
        "bucket": terms.bucket,
        "period": terms.period,
        "kind": "hold",
        "amount": -price_of(new.tier, settings, pages=pages, page_price=terms.page_price),
        "job": new.id,
        "page": None,
        "at": now,
    }


def worn_out(job: str, number: int, dispatches: int) -> PageEnd:
    """The end of a page that was sent out too often."""
    message = f"Page {number} was sent out {dispatches} times and never came back."
    return PageEnd(job, number, "failed", error_code=WorkerCrashedError.code, error=message)


def settle(connection: Connection, job: Row[Any], ends: Sequence[PageEnd]) -> dict[str, Any]:
    """Writes the ends of pages of one open job, whose row is locked; what of that row it changed, if anything."""
    place = job.pages_done + job.pages_failed
    done = failed = 0
    entries: list[dict[str, Any]] = []
    left = _surcharges_left(connection, job)
    for end in ends:
        state = _state(connection, end)
        if state is None or not _end_page(connection, end, state=state, place=place + done + failed + 1):
            continue
        done += state == "done"
        failed += state == "failed"
        more = (
            surcharge(job.tier, job.settings, job.page_price) if left and end.tier == "vlm" and state == "done" else 0
        )
        left -= more > 0
        entries.append(_entry(job, end.number, kind="release", amount=job.page_price + more))
        if state == "done":
            entries.append(_entry(job, end.number, kind="charge", amount=-_price(job, end, held=job.page_price + more)))
    if not entries:
        return {}
    last = place + done + failed == job.page_count
    entries += _rest(job, left) if last else []
    connection.execute(statements.ADD_ENTRIES, entries)
    progress = {"pages_done": job.pages_done + done, "pages_failed": job.pages_failed + failed}
    progress["state"] = "assembling" if last else "open"
    connection.execute(statements.CHANGE_JOB, {"the_job": job.id, **progress})
    return progress


def release_rest(connection: Connection, job: Row[Any]) -> None:
    """Ends the pages still to do as `cancelled`, and gives back what is held for them."""
    rest = list(connection.scalars(select(pages.c.number).where(pages.c.job == job.id, pages.c.state == "todo")))
    if rest:
        connection.execute(
            update(pages).where(pages.c.job == job.id, pages.c.state == "todo").values(state="cancelled")
        )
        entries = [_entry(job, number, kind="release", amount=job.page_price) for number in rest]
        entries += _rest(job, _surcharges_left(connection, job))
        connection.execute(statements.ADD_ENTRIES, entries)


def refund(connection: Connection, job: Row[Any]) -> None:
    """Gives back what was charged for the pages of a job of which nothing can be had."""
    charges = (credit_entries.c.job == job.id, credit_entries.c.kind == "charge")
    charged = connection.scalar(select(func.sum(credit_entries.c.amount)).where(*charges))
    if charged:
        where = {"account": job.account, "bucket": job.bucket, "period": job.period, "job": job.id}
        entry = {**where, "kind": "charge", "amount": -int(charged), "note": "refund", "at": time.time()}
        connection.execute(statements.ADD_ENTRIES, entry)


def _state(connection: Connection, end: PageEnd) -> str | None:
    """The state the page goes to; `None` where it stays to do, which is noted here."""
    here = {"the_job": end.job, "the_number": end.number}
    if end.outcome == "returned":
        connection.execute(statements.UNSEND_PAGE, here)
    if end.outcome == "crashed":
        return "failed" if (connection.scalar(statements.TRY_PAGE, here) or 0) >= MAX_TRIES else None
    return end.outcome if end.outcome in {"done", "failed"} else None


def _end_page(connection: Connection, end: PageEnd, *, state: str, place: int) -> bool:
    """Whether the page was still to do: only then has this call ended it."""
    here = {"the_job": end.job, "the_number": end.number}
    ending = {"state": state, "ended_as": place, "tier": end.tier, "error_code": end.error_code}
    ended = connection.execute(statements.END_PAGE, {**here, **ending, "error": _storable(end.error)})
    return ended.rowcount == 1


def _storable(text: str | None) -> str | None:
    """The text without what a database refuses in it: an error may repeat what stands in a file."""
    return text and text.replace("\x00", " ").encode("utf-8", "replace").decode()


def _price(job: Row[Any], end: PageEnd, *, held: int) -> int:
    """What is charged: the price of the tier that read the page, never more than is held."""
    if end.tier is None or end.tier == job.tier:
        return int(job.page_price)
    prices = job.settings.get("prices", {})
    return min(int(prices.get(end.tier, job.page_price)), held)


def _surcharges_left(connection: Connection, job: Row[Any]) -> int:
    """For how many more pages of the job tier `vlm` may cost more than is held for each."""
    if not surcharge(job.tier, job.settings, job.page_price):
        return 0
    used = select(func.count()).where(pages.c.job == job.id, pages.c.state == "done", pages.c.tier == "vlm")
    most = min(int(job.settings.get("vlm_pages", job.page_count)), int(job.page_count))
    return max(0, most - (connection.scalar(used) or 0))


def _rest(job: Row[Any], left: int) -> list[dict[str, Any]]:
    """The entry that gives back what was held for pages that tier `vlm` did not read."""
    amount = left * surcharge(job.tier, job.settings, job.page_price)
    return [_entry(job, None, kind="release", amount=amount)] if amount else []


def _entry(job: Row[Any], number: int | None, *, kind: str, amount: int) -> dict[str, Any]:
    where = {"account": job.account, "bucket": job.bucket, "period": job.period}
    return {**where, "kind": kind, "amount": amount, "job": job.id, "page": number, "at": time.time()}

"""A job as the server submits it: terms and hold in one transaction, with the real ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.jobs.ledger import Ledger, new_id
from ocrkit.jobs.records import Job, NewJob

if TYPE_CHECKING:
    from ocrkit.accounts import Credits
    from ocrkit.contracts import TierAsked
    from ocrkit.database import Database


def submit(database: Database, credit: Credits, account: str, *, pages: int, tier: TierAsked = "cpu") -> Job:
    """A job of so many pages, taken on the account's terms."""
    new = NewJob(
        new_id(),
        tier=tier,
        language="auto",
        filename="scan.pdf",
        media_type="application/pdf",
        bytes=1,
        file_pages=pages,
        page_numbers=tuple(range(1, pages + 1)),
        settings={"vlm_pages": 2},
    )
    with database.write() as connection:
        terms = credit.terms(connection, account, pages=pages, tier=tier, vlm_pages=2)
        return Ledger(database).submit(connection, new, terms)

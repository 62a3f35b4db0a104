"""A job as the server submits it: terms and hold in one transaction, with the real ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.jobs.ledger import Ledger, new_id
from ocrkit.jobs.records import Job, NewJob

if TYPE_CHECKING:
    from ocrkit.accounts import Credits
    from ocrkit.contracts import Tier
    from ocrkit.database import Database


def submit(database: Database, credit: Credits, account: str, *, pages: int, tier: Tier = "cpu") -> Job:
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
        settings={"prices": {"cpu": 1, "vlm": 3}},
    )
    with database.write() as connection:
        return Ledger(database).submit(connection, new, credit.terms(connection, account, pages=pages, tier=tier))

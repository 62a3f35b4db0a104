"""Jobs to submit: PDFs of blank pages, read by the engine `planted`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pymupdf
from sqlalchemy import insert

from ocrkit.database.tables import accounts
from ocrkit.jobs.blobs import upload_key
from ocrkit.jobs.ledger import new_id
from ocrkit.jobs.records import NewJob, Terms

if TYPE_CHECKING:
    from ocrkit.database import Database
    from ocrkit.jobs.blobs import Blobs
    from ocrkit.jobs.ledger import Ledger
    from ocrkit.jobs.records import Job


def add_accounts(database: Database, *names: str) -> None:
    """Accounts of these ids."""
    with database.write() as connection:
        connection.execute(insert(accounts), [{"id": name, "plan": "free", "created": 0.0} for name in names])


def blank_pdf(pages: int) -> bytes:
    """A PDF of blank pages."""
    with pymupdf.open() as pdf:
        for _ in range(pages):
            pdf.new_page(width=144, height=72)
        return bytes(pdf.tobytes())


def submit(
    ledger: Ledger, blobs: Blobs, *, account: str, pages: int, weight: float = 1.0, price: int = 1, **options: Any
) -> Job:
    """A job of blank pages, queued.

    Args:
        ledger: takes it.
        blobs: take its upload.
        account: who pays.
        pages: how many.
        weight: of the account.
        price: credits a page.
        **options: of the engine `planted`; or `webhook_url`, `expires_after` of the job.
    """
    job, content = new_id(), blank_pdf(pages)
    blobs.put(upload_key(job), content)
    more = {name: options.pop(name) for name in ("webhook_url", "expires_after") if name in options}
    new = NewJob(
        id=job,
        tier="cpu",
        language="auto",
        filename="blank.pdf",
        media_type="application/pdf",
        bytes=len(content),
        file_pages=pages,
        page_numbers=tuple(range(1, pages + 1)),
        settings={"engine": "planted", "text_layer": "never", "options": options, "prices": {"cpu": price}},
        **more,
    )
    with ledger.database.write() as connection:
        return ledger.submit(connection, new, Terms(account, weight, "monthly", "2026-11", price))

"""Messages to webhooks, in SQL: which are due, which went through. Each is sent at least once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from ocrkit.database.tables import jobs, webhook_deliveries
from ocrkit.jobs.records import Delivery

if TYPE_CHECKING:
    from ocrkit.database import Database

RETRY_AFTER = (10.0, 60.0, 300.0, 1800.0, 7200.0, 21600.0)
"""Seconds from one attempt to the next; after the last of them it is given up."""


class Deliveries:
    """The deliveries of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, *, limit: int = 20) -> list[Delivery]:
        """Those that are due; each is due again later unless `delivered` or `give_up` says otherwise."""
        table = webhook_deliveries
        query = (
            select(table.c.id, table.c.job, jobs.c.account, table.c.event, table.c.url, table.c.attempts)
            .join_from(table, jobs)
            .where(table.c.next_at <= time.time())
            .order_by(table.c.next_at)
            .limit(limit)
        )
        with self._database.read() as connection:
            due = [Delivery(*row) for row in connection.execute(query)]
        if due:
            with self._database.write() as connection:
                for delivery in due:
                    tried = {"attempts": delivery.attempts + 1, "next_at": _next_time(delivery.attempts)}
                    connection.execute(update(table).where(table.c.id == delivery.id).values(tried))
        return due

    def delivered(self, delivery: str) -> None:
        """Notes that it was accepted."""
        self._set(delivery, next_at=None, delivered=time.time(), last_error=None)

    def failed(self, delivery: str, error: str, *, for_good: bool) -> None:
        """Notes why it was not accepted; for good, it is not tried again."""
        if for_good:
            self._set(delivery, next_at=None, last_error=error)
        else:
            self._set(delivery, last_error=error)

    def _set(self, delivery: str, **values: object) -> None:
        with self._database.write() as connection:
            connection.execute(update(webhook_deliveries).where(webhook_deliveries.c.id == delivery).values(**values))


def _next_time(attempts: int) -> float | None:
    return time.time() + RETRY_AFTER[attempts] if attempts < len(RETRY_AFTER) else None

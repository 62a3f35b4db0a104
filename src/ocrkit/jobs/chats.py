"""What was asked about a job's document and answered; kept with the job, and gone with it."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import insert, select

from ocrkit.database.tables import conversations, jobs, messages
from ocrkit.errors import SourceNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from ocrkit.database import Database

Role = Literal["user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """A question or an answer.

    Attributes:
        citations: of an answer, as JSON values; none of a question.
        created: seconds since 1970.
    """

    role: Role
    content: str
    citations: tuple[dict[str, Any], ...]
    created: float


class Chats:
    """The conversations of a database, one a job."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def history(self, job: str) -> tuple[str | None, list[Message]]:
        """The id of the job's conversation and its messages, the oldest first; `None` before the first question.

        Raises:
            DatabaseUnavailableError: the database does not answer.
        """
        wanted = (
            select(conversations.c.id, messages.c.role, messages.c.content, messages.c.citations, messages.c.created)
            .join(messages, messages.c.conversation == conversations.c.id)
            .where(conversations.c.job == job)
            .order_by(messages.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        found = [Message(row.role, row.content, tuple(row.citations), row.created) for row in rows]
        return (rows[0].id if rows else None), found

    def add(self, job: str, *, question: str, answer: str, citations: Sequence[Mapping[str, Any]]) -> str:
        """Keeps a question with its answer; the id of the job's conversation.

        Raises:
            SourceNotFoundError: there is no such job any more.
            DatabaseUnavailableError: the database does not answer.
        """
        now = time.time()
        with self._database.write() as connection:
            conversation = _conversation(connection, job, now)
            row = {"conversation": conversation, "created": now}
            connection.execute(
                insert(messages),
                [
                    {**row, "role": "user", "content": _storable(question), "citations": []},
                    {
                        **row,
                        "role": "assistant",
                        "content": _storable(answer),
                        "citations": [dict(one) for one in citations],
                    },
                ],
            )
        return conversation


def _storable(text: str) -> str:
    """The text without the one character that PostgreSQL keeps in no text."""
    return text.replace("\x00", " ")


def _conversation(connection: Connection, job: str, now: float) -> str:
    # Locking the job's row keeps two first questions from making two conversations; SQLite has locked all already.
    if connection.scalar(select(jobs.c.id).where(jobs.c.id == job).with_for_update()) is None:
        raise SourceNotFoundError("There is no such job.")
    found: str | None = connection.scalar(select(conversations.c.id).where(conversations.c.job == job))
    if found is None:
        found = uuid.uuid4().hex
        connection.execute(insert(conversations).values(id=found, job=job, created=now))
    return found

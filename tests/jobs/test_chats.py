"""Conversations in the ledger: kept with their job on each kind of database, gone with it, never two a job."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from bench.chaos.work import add_accounts, submit
from ocrkit.database.tables import conversations, messages
from ocrkit.errors import SourceNotFoundError
from ocrkit.jobs.chats import Chats
from ocrkit.jobs.ledger import Ledger

if TYPE_CHECKING:
    from ocrkit.database import Database
    from ocrkit.jobs.blobs import Blobs

CITATION = {
    "page": 3,
    "snippet": "Total\tdue: 5 €\n東京",
    "bbox": [1.0, 2.0, 3.0, 4.0],
    "block": "p3-b1",
    "verified": True,
}


@pytest.fixture
def job(database: Database, blobs: Blobs) -> str:
    add_accounts(database, "a")
    return submit(Ledger(database), blobs, account="a", pages=1).id


def test_a_conversation_comes_back_as_it_was(database: Database, job: str) -> None:
    chats = Chats(database)
    assert chats.history(job) == (None, [])
    first = chats.add(job, question="Total?", answer="5 € (p. 3).", citations=[CITATION])
    assert chats.add(job, question="And\x00 tax?", answer="No\x00.", citations=[]) == first
    conversation, found = chats.history(job)
    assert conversation == first
    assert [(message.role, message.content, message.citations) for message in found] == [
        ("user", "Total?", ()),
        ("assistant", "5 € (p. 3).", (CITATION,)),
        ("user", "And  tax?", ()),
        ("assistant", "No .", ()),
    ]


def test_a_conversation_goes_with_its_job(database: Database, job: str) -> None:
    chats = Chats(database)
    chats.add(job, question="Total?", answer="5", citations=[])
    Ledger(database).delete(job)
    assert chats.history(job) == (None, [])
    with database.read() as connection:
        for table in (conversations, messages):
            assert connection.scalar(select(func.count()).select_from(table)) == 0
    with pytest.raises(SourceNotFoundError):
        chats.add(job, question="Total?", answer="5", citations=[])


def test_questions_at_the_same_time_share_one_conversation_and_stay_with_their_answers(
    database: Database, job: str
) -> None:
    chats = Chats(database)
    with ThreadPoolExecutor(8) as threads:
        ids = set(threads.map(lambda n: chats.add(job, question=f"{n}?", answer=f"{n}!", citations=[]), range(24)))
    conversation, found = chats.history(job)
    assert ids == {conversation}
    texts = [message.content for message in found]
    assert len(texts) == 48
    assert all(texts[n + 1] == texts[n].replace("?", "!") for n in range(0, 48, 2))

"""Questions about the documents of jobs: indexes that are kept for a while, answerers that stay, history in the ledger.

What is here blocks, and is called in threads kept for it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import asdict
from typing import TYPE_CHECKING

from ocrkit.chat import EXTRACTIVE, Answerers, Conversation, Index
from ocrkit.contracts import Turn
from ocrkit.inference import configured

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrkit.chat import Answer
    from ocrkit.jobs.chats import Chats, Message
    from ocrkit.jobs.service import Jobs
    from ocrkit.registry import Registry

_CHARACTERS = 20_000_000
"""Of the documents whose indexes are kept: some ten thousand pages, which take about 200 MB."""
_TURNS = 10
"""Of a conversation that an answerer is told."""


class DocumentChats:
    """Asks and remembers.

    Args:
        answerer: name of the answerer; empty is `llm` where a language model is configured, else `extractive`.
    """

    def __init__(self, jobs: Jobs, chats: Chats, registry: Registry, *, answerer: str = "") -> None:
        self._jobs = jobs
        self._chats = chats
        self._answerers = Answerers(registry)
        self._answerer = answerer or ("llm" if configured("llm") else EXTRACTIVE)
        self._answerers.spec(self._answerer)
        self._lock = threading.Lock()
        self._indexes: OrderedDict[str, Index] = OrderedDict()

    def ask(self, job: str, question: str) -> tuple[str, Answer]:
        """The id of the job's conversation, and the answer, which are in its history from now on.

        Raises:
            SourceNotFoundError: the job is gone.
            StorageError: its document cannot be fetched.
            DatabaseUnavailableError: its history cannot.
            AnswererError: even the answerer that needs no model failed.
        """
        _, before = self._chats.history(job)
        index = self._index(job)
        conversation = Conversation(
            index, answerer=self._answerer, answerers=self._answerers, history=list(_turns(before))[-_TURNS:]
        )
        answer = conversation.ask(question)
        citations = [asdict(citation) for citation in answer.citations]
        return self._chats.add(job, question=question, answer=answer.content, citations=citations), answer

    def history(self, job: str) -> tuple[str | None, list[Message]]:
        """The whole conversation of a job; see `Chats.history`."""
        return self._chats.history(job)

    def forget(self, job: str) -> None:
        """Lets an index go, as when its job was deleted."""
        with self._lock:
            self._indexes.pop(job, None)

    def close(self) -> None:
        """Closes the answerers."""
        self._answerers.close()

    def _index(self, job: str) -> Index:
        with self._lock:
            found = self._indexes.get(job)
            if found is not None:
                self._indexes.move_to_end(job)
                return found
        made = Index(self._jobs.document(job))
        with self._lock:
            self._indexes[job] = made
            # Those let go are freed when the last question on them is answered.
            while sum(index.size for index in self._indexes.values()) > _CHARACTERS and len(self._indexes) > 1:
                self._indexes.popitem(last=False)
        return made


def _turns(messages: Sequence[Message]) -> Iterator[Turn]:
    for question, answer in zip(messages[::2], messages[1::2], strict=False):
        yield Turn(question.content, answer.content)

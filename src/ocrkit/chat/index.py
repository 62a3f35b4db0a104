"""A document made ready for questions: its passages in a full-text index, its pages at hand for verification.

Retrieval is BM25 of SQLite's FTS5, in memory, over the keys of `ocrkit.terms`; knows nothing of answers.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Self

from ocrkit.chat.passages import passages_of
from ocrkit.terms import content_of, keys
from ocrkit.translation import as_read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocrkit.contracts import Passage
    from ocrkit.model import Document


_SHORTEST_PREFIX = 5


class Index:
    """The passages of one document, to be asked for from any thread; a context manager.

    Attributes:
        passages: all of them, in reading order.
        of_page: those of each page.
        texts: the text of each page.
        size: characters of the document.
    """

    def __init__(self, document: Document) -> None:
        self.passages: list[Passage] = []
        self.of_page: dict[int, list[Passage]] = {}
        self.texts: dict[int, str] = {}
        # A citation must be on its page: of a translation it is what was read that is asked.
        for page in as_read(document).pages:
            text = page.text
            self.texts[page.number] = text
            self.of_page[page.number] = passages_of(page, text)
            self.passages += self.of_page[page.number]
        self.size = sum(map(len, self.texts.values()))
        self._lock = threading.Lock()
        # One connection for all threads, under a lock: an in-memory database belongs to its connection.
        self._sqlite = sqlite3.connect(":memory:", check_same_thread=False)
        # The keys are folded already; a tokenizer of SQLite's own would only part them again.
        self._sqlite.execute(
            "CREATE VIRTUAL TABLE passages USING fts5(terms, context, tokenize='unicode61', content='')"
        )
        self._sqlite.executemany(
            "INSERT INTO passages(rowid, terms, context) VALUES (?, ?, ?)",
            (
                (number, " ".join(keys(passage.text)), " ".join(keys(passage.context)))
                for number, passage in enumerate(self.passages)
            ),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Frees the index."""
        with self._lock:
            self._sqlite.close()

    def passages_for(self, question: str, most: int) -> list[Passage]:
        """The passages that bear on a question, the best first, and then others of the same pages."""
        content, _, _ = content_of(question)
        ranked = self._ranked(token.key for token in content)[:most]
        best = [self.passages[number] for number in ranked]
        pages = dict.fromkeys(passage.page for passage in best)
        beside = [passage for page in pages for passage in self.of_page[page]]
        return list({passage.id: passage for passage in (*best, *beside)}.values())[:most]

    def _ranked(self, terms: Iterable[str]) -> list[int]:
        # Keys hold letters and digits alone. Those of some length find the longer words that begin with them, too.
        quoted = [f'"{term}"' + "*" * (len(term) >= _SHORTEST_PREFIX) for term in dict.fromkeys(terms)]
        if not quoted:
            return []
        query = " OR ".join(quoted)
        # Words of the heading count, and less than those of the passage itself.
        select = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY bm25(passages, 1.0, 0.5), rowid"
        with self._lock, closing(self._sqlite.execute(select, (query,))) as rows:
            return [int(row[0]) for row in rows]

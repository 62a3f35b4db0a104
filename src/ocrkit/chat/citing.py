"""Claims into answers: every quote is looked for on its page, and what cannot be shown is not said.

Page, words and box of a citation come from the document; an answerer only says which passage it means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrkit.chat.quotes import Text, addresses, numbers
from ocrkit.geometry import union

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ocrkit.chat.index import Index
    from ocrkit.chat.quotes import Span
    from ocrkit.contracts import Claim, Passage, Quote
    from ocrkit.geometry import BBox


@dataclass(frozen=True, slots=True)
class Citation:
    """Where the document says so.

    Attributes:
        page: page of the file, from 1.
        snippet: the words, exactly as they stand in the page's text, line ends and tabs included.
        bbox: around their lines or cells, in pixels of the page image.
        block: id of the block that they begin in.
        verified: whether they were found there; a citation that was not is never returned.
    """

    page: int
    snippet: str
    bbox: BBox
    block: str
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim whose every quote, number and address is in the document."""

    text: str
    citations: tuple[Citation, ...]


class Verifier:
    """Checks claims against the pages of the passages that an answerer was given."""

    def __init__(self, passages: Sequence[Passage], index: Index) -> None:
        self._given = {passage.id: passage for passage in passages}
        self._of_page = index.of_page
        self._texts = {page: Text(index.texts[page]) for page in dict.fromkeys(passage.page for passage in passages)}

    def sort(self, claims: Iterable[Claim]) -> tuple[list[Shown], list[Claim]]:
        """The claims that can be shown, and the others."""
        shown: list[Shown] = []
        rejected: list[Claim] = []
        for claim in claims:
            citations = self._citations(claim)
            if citations is None:
                rejected.append(claim)
            else:
                shown.append(Shown(claim.text.strip(), citations))
        return shown, rejected

    def _citations(self, claim: Claim) -> tuple[Citation, ...] | None:
        found = [self._citation(quote) for quote in claim.quotes]
        citations = [citation for citation in found if citation is not None]
        if not claim.text.strip() or not citations or len(citations) < len(found):
            return None
        stated = {*numbers(claim.text), *addresses(claim.text)}
        quoted = {one for citation in citations for one in (*numbers(citation.snippet), *addresses(citation.snippet))}
        return tuple(dict.fromkeys(citations)) if stated <= quoted else None

    def _citation(self, quote: Quote) -> Citation | None:
        for page, near in self._candidates(quote):
            span = self._texts[page].find(quote.text, near=near)
            if span is not None:
                return self._at(page, span)
        return None

    def _candidates(self, quote: Quote) -> Iterator[tuple[int, int | None]]:
        """The page of the passage that the quote names, and the others, where a model may have mixed them up."""
        meant = self._given.get(quote.passage)
        if meant is not None:
            yield meant.page, meant.start + (quote.start or 0)
        for page in self._texts:
            if meant is None or page != meant.page:
                yield page, None

    def _at(self, page: int, span: Span) -> Citation:
        over = [passage for passage in self._of_page[page] if _meets(passage.start, passage.text, span)]
        places = [(place, passage.start) for passage in over for place in passage.places]
        # A list's marker belongs to no line; its citation is then around all that it stands beside.
        touched = [p for p, start in places if start + p.start < span.end and start + p.end > span.start]
        held = touched or [place for place, _ in places]
        snippet = self._texts[page].text[span.start : span.end]
        return Citation(page, snippet, union(place.bbox for place in held), held[0].block)


def _meets(start: int, text: str, span: Span) -> bool:
    return start < span.end and start + len(text) > span.start

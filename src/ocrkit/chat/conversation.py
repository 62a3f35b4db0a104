"""Questions about a document, answered with citations that were checked: retrieval, answerer, verification, in turn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from ocrkit.chat.answerers import Answerers
from ocrkit.chat.citing import Verifier
from ocrkit.chat.index import Index
from ocrkit.contracts import Inquiry, Turn
from ocrkit.discovery import named
from ocrkit.errors import AnswererError, OcrkitError
from ocrkit.options import parse_options
from ocrkit.terms import content_of, opens_follow_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ocrkit.chat.citing import Citation, Shown
    from ocrkit.contracts import AnswererOptions, Claim, Passage
    from ocrkit.model import Document

EXTRACTIVE = "extractive"
"""The answerer that needs no model: the default, and what others fall back to."""

NOT_THERE = "The document does not say."
"""What is answered where no claim can be shown."""

_SHORT = 2
"""Words of content up to which a question is taken to go on with the one before."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose every citation is in the document.

    Attributes:
        content: the sentences, each with its pages: `… (p. 3).`
        citations: of all sentences, in their order, each once; empty where the document does not say.
        answerer: name of the answerer whose words these are.
        note: what a reader should know of how it came about, such as a model that did not answer; mostly empty.
    """

    content: str
    citations: tuple[Citation, ...]
    answerer: str
    note: str = ""

    @property
    def found(self) -> bool:
        """Whether the document says anything of what was asked."""
        return bool(self.citations)


class Conversation:
    """Questions about one document, each knowing those before; a context manager. One question at a time.

        with ocrkit.Conversation(document) as conversation:
            print(conversation.ask("What is the total?").content)

    Args:
        document: what is asked about, or its `Index`, which several conversations may share.
        answerer: name of an answerer of `ocrkit answerers`.
        options: options of the answerer.
        answerers: answerers loaded already, which several conversations may share; closed by whoever made them.
        history: turns of before, the oldest first.

    Raises:
        UnknownAnswererError: there is no such answerer.
        OptionError: an option does not exist or has a bad value.
    """

    def __init__(
        self,
        document: Document | Index,
        *,
        answerer: str = EXTRACTIVE,
        options: Mapping[str, object] | None = None,
        answerers: Answerers | None = None,
        history: Sequence[Turn] = (),
    ) -> None:
        self._answerers = answerers or Answerers()
        self._shared = answerers is not None
        self._spec = self._answerers.spec(answerer)
        self._options = parse_options(self._spec.options, options or {}, owner=f"answerer {answerer}")
        self._index = document if isinstance(document, Index) else Index(document)
        self.history = list(history)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the answerers, unless they are shared; a second call does nothing."""
        if not self._shared:
            self._answerers.close()

    def ask(self, question: str) -> Answer:
        """The answer; where the answerer fails, that of `extractive`, with a note that says so.

        Raises:
            AnswererError: `extractive` itself failed.
        """
        try:
            answer = self._answer(question, self._spec.name, self._options)
        except AnswererError as error:
            if self._spec.name == EXTRACTIVE:
                raise
            plain = parse_options(self._answerers.spec(EXTRACTIVE).options, {}, owner=EXTRACTIVE)
            note = f"Answerer {self._spec.name!r} did not answer ({error.message}) These are the document's own words."
            answer = replace(self._answer(question, EXTRACTIVE, plain), note=note)
        self.history.append(Turn(question, answer.content))
        return answer

    def _answer(self, question: str, name: str, options: AnswererOptions) -> Answer:
        spec = self._answerers.spec(name)
        passages = self._passages(question, spec.passages)
        if not passages:
            return Answer(NOT_THERE, (), name)
        inquiry = Inquiry(question, tuple(passages), tuple(self.history))
        verifier = Verifier(passages, self._index)
        shown, rejected = verifier.sort(self._claims(name, inquiry, options))
        for _ in range(spec.repairs):
            if not rejected:
                break
            mended = self._claims(name, replace(inquiry, rejected=tuple(rejected)), options)
            more, rejected = verifier.sort(mended)
            shown += more
        return _answer_of(shown, name)

    def _claims(self, name: str, inquiry: Inquiry, options: AnswererOptions) -> Sequence[Claim]:
        try:
            return self._answerers.get(name).answer(inquiry, options)
        except AnswererError:
            raise
        except OcrkitError as error:
            raise AnswererError(error.message, hint=error.hint) from error
        except Exception as error:
            raise AnswererError(f"Answerer {name!r} failed: {named(error)}.") from error

    def _passages(self, question: str, most: int) -> list[Passage]:
        """Those for the question and, where it goes on with the one before, for both."""
        content, _, _ = content_of(question)
        if self.history and (len(content) <= _SHORT or opens_follow_up(question)):
            question = f"{question} {self.history[-1].question}"
        return self._index.passages_for(question, most)


def ask(
    document: Document,
    question: str,
    *,
    answerer: str = EXTRACTIVE,
    options: Mapping[str, object] | None = None,
) -> Answer:
    """The answer to one question about a document; see `Conversation`, which to use for several.

    Raises:
        UnknownAnswererError: there is no such answerer.
        OptionError: an option does not exist or has a bad value.
    """
    with Conversation(document, answerer=answerer, options=options) as conversation:
        return conversation.ask(question)


def _answer_of(shown: Sequence[Shown], name: str) -> Answer:
    if not shown:
        return Answer(NOT_THERE, (), name)
    sentences = dict.fromkeys(_sentence(claim) for claim in shown)
    citations = dict.fromkeys(citation for claim in shown for citation in claim.citations)
    return Answer(" ".join(sentences), tuple(citations), name)


def _sentence(claim: Shown) -> str:
    pages = dict.fromkeys(citation.page for citation in claim.citations)
    return f"{claim.text.rstrip(' .。')} (p. {', '.join(map(str, pages))})."

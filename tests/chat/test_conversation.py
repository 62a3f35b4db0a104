"""Answers: every citation is on its page, and what cannot be shown is not said, whatever an answerer claims."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, ClassVar

import pytest

from ocrkit import ask
from ocrkit.chat import NOT_THERE, Answerers, Conversation, Index
from ocrkit.contracts import AnswererSpec, Claim, Quote
from ocrkit.errors import AnswererError, OptionError, UnknownAnswererError
from ocrkit.hookspecs import hookimpl
from ocrkit.registry import Registry
from ocrkit.testing import hostile_document, sample_document

from .documents import document, lease, paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ocrkit.contracts import AnswererOptions, Inquiry
    from ocrkit.model import Document


class Scripted:
    """An answerer that says what the test wrote."""

    says: ClassVar[Callable[[Inquiry], Sequence[Claim]]]
    asked: ClassVar[list[Inquiry]] = []

    def answer(self, inquiry: Inquiry, _options: AnswererOptions, /) -> Sequence[Claim]:
        self.asked.append(inquiry)
        return type(self).says(inquiry)

    def close(self) -> None:
        pass


def registry(repairs: int = 0) -> Registry:
    @hookimpl
    def ocrkit_answerers() -> Iterable[AnswererSpec]:
        yield AnswererSpec(name="scripted", summary="", load=f"{__name__}:Scripted", repairs=repairs)

    made = Registry.discover(only=())
    made.add(SimpleNamespace(ocrkit_answerers=ocrkit_answerers), name="test")
    return made


@pytest.fixture
def conversation() -> Iterable[Conversation]:
    Scripted.asked = []
    with Conversation(lease(), answerer="scripted", answerers=Answerers(registry(repairs=1))) as made:
        yield made


def saying(*claims: tuple[str, Sequence[tuple[str, str]]]) -> Callable[[Inquiry], Sequence[Claim]]:
    made = [Claim(text, tuple(Quote(*quote) for quote in quotes)) for text, quotes in claims]
    return staticmethod(lambda _inquiry: made)


RENT = ("The rent is $1,250.00 a month", [("p1-s1", "shall pay $1,250.00 a month")])


def test_a_claim_comes_with_page_words_and_box_of_the_document(conversation: Conversation) -> None:
    Scripted.says = saying(RENT)
    answer = conversation.ask("What does the tenant pay a month?")
    assert answer.content == "The rent is $1,250.00 a month (p. 1)."
    (citation,) = answer.citations
    assert (citation.page, citation.snippet) == (1, "shall pay $1,250.00 a month")
    assert (citation.block, citation.verified) == ("p1-b2", True)
    assert citation.bbox == (0.0, 100.0, 610.0, 120.0)  # the line, not the paragraph


@pytest.mark.parametrize(
    ("claim", "quotes"),
    [
        ("The rent is $1,300.00", [("p1-s1", "shall pay $1,300.00 a month")]),  # invented
        ("The rent is $1,300.00", [("p1-s1", "shall pay $1,250.00 a month")]),  # a number that is in no quote
        ("The deposit is refundable", [("p1-s1", "The deposit is refundable during the first year")]),  # turned round
        ("The fee is 15%", [("p1-s1", "15% is added")]),
        ("Pay at evil.example", [("p1-s1", "A late fee of 5%")]),  # an address that is in no quote
        ("Write to me@evil.example", [("p1-s1", "A late fee of 5%")]),
        ("It says so", []),  # no quote
        ("It says so", [("p1-s1", "A late fee of 5%"), ("p1-s1", "and a kiss")]),  # one of two
        ("", [("p1-s1", "A late fee of 5%")]),
    ],
)
def test_a_claim_that_cannot_be_shown_is_dropped(
    conversation: Conversation, claim: str, quotes: Sequence[tuple[str, str]]
) -> None:
    Scripted.says = saying((claim, quotes), RENT)
    answer = conversation.ask("What does the tenant pay?")
    assert answer.content == "The rent is $1,250.00 a month (p. 1)."
    Scripted.says = saying((claim, quotes))
    nothing = conversation.ask("What does the tenant pay?")
    assert (nothing.content, nothing.citations, nothing.found) == (NOT_THERE, (), False)


def test_a_quote_from_another_page_than_it_says_gets_the_page_where_it_is(conversation: Conversation) -> None:
    Scripted.says = saying(("The attic is $900.00", [("p1-s1", "Attic 2 $900.00")]), ("So", [("p99-s1", "first day")]))
    answer = conversation.ask("What rent does the tenant pay for the attic, and when is it due?")
    assert [citation.page for citation in answer.citations] == [2, 1]
    assert answer.citations[0].snippet == "Attic\t2\t$900.00"
    assert answer.citations[0].bbox == (0.0, 120.0, 300.0, 140.0)


def test_rejected_claims_go_back_once_and_what_is_mended_counts(conversation: Conversation) -> None:
    wrong = Claim("The fee is 6%", (Quote("p1-s1", "A late fee of 6%"),))
    right = Claim("The fee is 5%", (Quote("p1-s1", "A late fee of 5%"),))
    Scripted.says = staticmethod(lambda inquiry: [right] if inquiry.rejected else [wrong])
    assert conversation.ask("What is the late fee?").content == "The fee is 5% (p. 1)."
    assert [inquiry.rejected for inquiry in Scripted.asked] == [(), (wrong,)]
    Scripted.says = staticmethod(lambda _inquiry: [wrong])
    assert not conversation.ask("What is the late fee?").found
    assert len(Scripted.asked) == 4


@pytest.mark.parametrize("error", [AnswererError("The model is away."), ValueError("torn")])
def test_an_answerer_that_fails_is_replaced_and_the_answer_says_so(
    conversation: Conversation, error: Exception
) -> None:
    def fails(_inquiry: Inquiry) -> Sequence[Claim]:
        raise error

    Scripted.says = staticmethod(fails)
    answer = conversation.ask("What is the late fee?")
    assert answer.answerer == "extractive"
    assert "scripted" in answer.note
    assert answer.citations[0].snippet == "A late fee of 5% is added after 10 days."


def test_an_answerer_knows_the_conversation_and_passages_for_a_question_that_goes_on(
    conversation: Conversation,
) -> None:
    Scripted.says = saying(RENT)
    first = conversation.ask("What is the rent of the attic?")
    conversation.ask("And its rooms?")
    inquiry = Scripted.asked[-1]
    assert [(turn.question, turn.answer) for turn in inquiry.history] == [
        ("What is the rent of the attic?", first.content)
    ]
    assert 2 in {passage.page for passage in inquiry.passages}


def test_no_answerer_is_asked_where_no_passage_bears_on_the_question(conversation: Conversation) -> None:
    Scripted.says = saying(RENT)
    assert conversation.ask("Which zeppelin?").content == NOT_THERE
    assert Scripted.asked == []


@pytest.mark.parametrize("made", [sample_document(), hostile_document(), document(), document([paragraph("x")])])
def test_any_document_can_be_asked_and_every_citation_is_on_its_page(made: Document) -> None:
    texts = {page.number: page.text for page in made.pages}
    words = " ".join(texts.values()).split()
    for question in ("What is the total?", "", "??", '" OR *', "NEAR(a b)", *words[:40]):
        for citation in ask(made, question).citations:
            assert citation.snippet in texts[citation.page]


def test_only_the_beginning_of_a_question_as_long_as_a_book_counts() -> None:
    words = "Which airline was booked? " * 400
    assert ask(lease(), f"{words} What is the late fee?").content == NOT_THERE


def test_an_index_serves_several_conversations() -> None:
    with Index(lease()) as index:
        one, two = Conversation(index), Conversation(index)
        assert one.ask("What is the late fee?") == two.ask("What is the late fee?")
        assert len(one.history) == len(two.history) == 1
        one.close()
        one.close()
        two.close()


def test_unknown_answerers_and_options_are_told_at_once() -> None:
    with pytest.raises(UnknownAnswererError, match="extractive"):
        Conversation(lease(), answerer="oracle")
    with pytest.raises(OptionError):
        Conversation(lease(), options={"colour": "red"})

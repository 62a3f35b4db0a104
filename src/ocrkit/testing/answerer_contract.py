"""What every answerer promises, as tests to subclass; knows no rule and no model.

Each assertion says what is wrong in words, for the author of the answerer.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ClassVar

from ocrkit.chat import Index
from ocrkit.chat.citing import Verifier
from ocrkit.contracts import AnswererSpec, Claim, Inquiry, Quote, Turn
from ocrkit.registry import Registry
from ocrkit.testing.documents import hostile_document, sample_document
from ocrkit.testing.given import registry_with, sound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrkit.contracts import Answerer, AnswererOptions
    from ocrkit.model import Document

_QUESTIONS = ("What is the total?", "Wie lautet die Rechnungsnummer?", "合計はいくらですか", "?", "")
_WORDS = 12
"""Of each document, asked about one by one."""


class AnswererContract:
    """Tests that hold for every answerer; subclass it in a test module of yours.

        class TestMyAnswerer(AnswererContract):
            answerer = "my-answerer"

    Attributes:
        answerer: its name as it is installed, or its spec.
        registry: where `answerer` is looked up; by default all that is installed.
        options: what it is asked with; by default those of its spec.
        invents: whether its quotes may be none of the document's, as those of models may; they are dropped.
    """

    answerer: ClassVar[str | AnswererSpec]
    registry: ClassVar[Registry | None] = None
    options: ClassVar[AnswererOptions | None] = None
    invents: ClassVar[bool] = False

    _spec: ClassVar[AnswererSpec]
    _registry: ClassVar[Registry]
    _made: ClassVar[Answerer[AnswererOptions]]

    @classmethod
    def setup_class(cls) -> None:
        """Makes the one instance that the tests share."""
        given = cls.answerer
        cls._registry = cls.registry or (
            registry_with(given) if isinstance(given, AnswererSpec) else Registry.discover()
        )
        cls._spec = cls._registry.answerer_spec(given.name if isinstance(given, AnswererSpec) else given)
        cls._made = cls._registry.answerer(cls._spec.name)

    @classmethod
    def teardown_class(cls) -> None:
        """Closes it twice, which must do no harm."""
        cls._made.close()
        cls._made.close()

    def test_the_plugin_is_sound_and_the_spec_says_what_users_need(self) -> None:
        """Its plugin has no problems; summary and licence are filled in, and it is handed a passage at least."""
        sound(self._registry, f"answerer:{self._spec.name}")
        assert self._spec.summary.strip(), "the spec has no summary"
        assert "\n" not in self._spec.summary, "the summary is more than one line"
        assert self._spec.licence.strip(), "the spec names no licence"
        assert self._spec.passages > 0, "an answerer without passages has nothing to answer from"

    def test_the_options_have_defaults_and_refuse_unknown_names(self) -> None:
        """`options()` works without arguments, is frozen, and forbids what it does not know."""
        options = self._spec.options()
        assert options.model_config.get("extra") == "forbid", "an option that does not exist must be an error"
        assert options.model_config.get("frozen"), "options must be frozen: threads share them"

    def test_any_question_about_any_document_is_answered_with_claims(self) -> None:
        """An answer is claims, each with a text and with quotes of the passages that were given."""
        for document in (sample_document(), hostile_document()):
            for claims, verifier, question in self._asked(document):
                for claim in claims:
                    assert isinstance(claim, Claim), f"{question!r} is answered with {type(claim).__name__}"
                    assert all(isinstance(quote, Quote) for quote in claim.quotes), "quotes must be `Quote`s"
                _, rejected = verifier.sort(claims)
                assert self.invents or not rejected, f"{question!r}: this cannot be shown: {rejected[:1]}"

    def test_without_passages_there_is_no_answer(self) -> None:
        """Nothing can be quoted, so nothing can be claimed."""
        assert not list(self._answer(Inquiry("What is the total?", ()))), "it claims something without a passage"

    def test_several_threads_get_the_answers_of_one(self) -> None:
        """One instance serves all questions of a server."""
        with Index(sample_document()) as index:
            words = _words(index)
            inquiries = [Inquiry(word, tuple(index.passages_for(word, self._spec.passages))) for word in words]
            alone = [list(self._answer(inquiry)) for inquiry in inquiries]
            with ThreadPoolExecutor(4) as threads:
                together = [list(claims) for claims in threads.map(self._answer, inquiries)]
        assert together == alone, "its answers change when several threads ask"

    def _asked(self, document: Document) -> Iterator[tuple[Sequence[Claim], Verifier, str]]:
        with Index(document) as index:
            for question in (*_QUESTIONS, *_words(index)):
                passages = tuple(index.passages_for(question, self._spec.passages)) or tuple(index.passages[:1])
                inquiry = Inquiry(question, passages, history=(Turn("And before?", "Nothing."),))
                yield self._answer(inquiry), Verifier(passages, index), question

    def _answer(self, inquiry: Inquiry) -> Sequence[Claim]:
        return self._made.answer(inquiry, self.options or self._spec.options())


def _words(index: Index) -> list[str]:
    words = dict.fromkeys(word for text in index.texts.values() for word in text.split())
    return list(words)[:_WORDS]

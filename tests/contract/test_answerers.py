"""The built-in answerer that needs no model keeps the contract; each test of it fails for what breaks that promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocrkit.contracts import AnswererSpec, Claim, Inquiry, Quote
from ocrkit.testing import AnswererContract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.contracts import AnswererOptions


class TestExtractive(AnswererContract):
    answerer = "extractive"


class SoundAnswerer:
    """Quotes the first words that it is given."""

    def answer(self, inquiry: Inquiry, _options: AnswererOptions, /) -> Sequence[Claim]:
        return [Claim(word, (Quote(one.id, word),)) for one in inquiry.passages[:1] for word in self.words(one.text)]

    def words(self, text: str) -> list[str]:
        return [word for word in text.split() if word.isalpha()][:1]

    def close(self) -> None:
        pass


class Invents(SoundAnswerer):
    def words(self, text: str) -> list[str]:
        return ["flibbertigibbet"] if text else []


class ClaimsFromNothing(SoundAnswerer):
    def answer(self, inquiry: Inquiry, options: AnswererOptions, /) -> Sequence[Claim]:
        return super().answer(inquiry, options) or [Claim("So it is", ())]


class Counts(SoundAnswerer):
    def __init__(self) -> None:
        self.count = 0

    def answer(self, inquiry: Inquiry, options: AnswererOptions, /) -> Sequence[Claim]:
        self.count += 1
        return list(super().answer(inquiry, options)) * self.count


def failures(broken: type[SoundAnswerer]) -> set[str]:
    """The tests of the contract that the answerer fails."""
    spec = AnswererSpec(name="mine", summary="Mine", load=f"{__name__}:{broken.__name__}")

    class Contract(AnswererContract):
        answerer = spec

    Contract.setup_class()
    failed = set()
    for name in dir(Contract):
        if name.startswith("test_"):
            try:
                getattr(Contract(), name)()
            except AssertionError:
                failed.add(name)
    Contract.teardown_class()
    return failed


@pytest.mark.parametrize(
    ("answerer", "expected"),
    [
        (SoundAnswerer, set()),
        (Invents, {"test_any_question_about_any_document_is_answered_with_claims"}),
        (ClaimsFromNothing, {"test_without_passages_there_is_no_answer"}),
        (Counts, {"test_several_threads_get_the_answers_of_one"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_contract_bites(answerer: type[SoundAnswerer], expected: set[str]) -> None:
    assert expected <= failures(answerer)
    assert expected or not failures(answerer)

"""A translator that cannot be trusted: its mistakes never reach the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.translation.checked import CheckedTranslator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Scripted:
    """A translator that does to each text what a function does; notes what it was given."""

    def __init__(self, does: Callable[[str], str]) -> None:
        self._does = does
        self.given: list[list[str]] = []

    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset({("en", "es")})

    def translate(self, texts: Sequence[str], /, *, source: str, target: str) -> Sequence[str]:
        assert (source, target) == ("en", "es")
        self.given.append(list(texts))
        return [self._does(text) for text in texts]

    def close(self) -> None:
        pass


def checked(does: Callable[[str], str]) -> tuple[CheckedTranslator, Scripted]:
    scripted = Scripted(does)
    return CheckedTranslator(scripted, source="en", target="es"), scripted


def test_a_text_that_stands_twice_is_translated_once() -> None:
    translator, scripted = checked(str.upper)
    translator.translated(["total", "total", "sum"])
    assert translator.translated(["total", "new"]) == {"total": "TOTAL", "new": "NEW"}
    assert scripted.given == [["total", "sum"], ["new"]]


def test_texts_that_differ_in_what_is_kept_are_one_question() -> None:
    translator, scripted = checked(str.upper)
    made = translator.translated(["due 2024-03-05", "due 2025-07-01"])
    assert list(made.values()) == ["DUE 2024-03-05", "DUE 2025-07-01"]
    assert scripted.given == [["due ⟦0⟧"]]


def test_numbers_alone_never_reach_the_translator() -> None:
    translator, scripted = checked(str.upper)
    assert translator.translated(["42", "$1,234.50", "A4"]) == {"42": "42", "$1,234.50": "$1,234.50", "A4": "A4"}
    assert scripted.given == []


def test_a_changed_number_is_tried_again_sentence_by_sentence_behind_marks() -> None:
    translator, scripted = checked(lambda text: text.replace("30", "13").upper())
    assert translator.translated(["We have 30 days. Not 5."]) == {"We have 30 days. Not 5.": "WE HAVE 30 DAYS. NOT 5."}
    assert scripted.given == [["We have 30 days. Not 5."], ["We have ⟦0⟧ days.", "Not ⟦1⟧."]]


def test_where_a_translator_keeps_no_marks_it_gets_what_stands_between_them() -> None:
    translator, scripted = checked(lambda text: text.replace("⟦", "").upper())
    made = translator.translated(["costs $5, or 7 a month.", "fine"])
    assert made == {"costs $5, or 7 a month.": "COSTS $5, OR 7 A MONTH.", "fine": "FINE"}
    assert scripted.given[-1] == ["costs", ", or", "a month."]


def test_a_number_from_nowhere_is_never_let_through() -> None:
    translator, _ = checked(lambda text: f"{text} 7")
    assert translator.translated(["one man"]) == {"one man": None}


def test_an_empty_translation_counts_as_none() -> None:
    translator, _ = checked(lambda _: "")
    assert translator.translated(["words"]) == {"words": None}


def test_line_breaks_of_a_translator_become_blanks() -> None:
    translator, _ = checked(lambda text: text.replace(" ", "\n\n"))
    assert translator.translated(["two words"]) == {"two words": "two words"}

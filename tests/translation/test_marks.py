"""What is kept out of a translation, and what is noticed afterwards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrkit.translation.marks import faithful, numbers, restored, shielded


@pytest.mark.parametrize(
    "kept",
    [
        "https://example.com/a?b=1&c=2",
        "www.example.com/x",
        "bob.smith+ocr@mail.example.org",
        "aws.amazon.com/contact-us",
        "/usr/local/bin",
        r"C:\temp\scan.pdf",
        "image_file",
        "{name}",
        "{{ total }}",
        "%s",
        "<b>",
        "`x = 1`",
        "$E=mc^2$",
        r"\(a + b\)",
        "INV-2024-001",
        "A4",
        "x86_64",
        "1,234.50",
        "$1,234.50",
        "12 %",
        "2024-03-05",
        "12:30",
        "+49 30 1234567",
        "1 234 567,89 €",
        "98109",
        "-5",
        "⟦7⟧",
    ],
)
def test_it_goes_behind_a_mark_and_comes_back(kept: str) -> None:
    text = f"See {kept} for more."
    made = shielded(text)
    assert kept not in made.text
    assert restored(made.text.replace("for more", "por más"), made) == f"See {kept} por más."


@pytest.mark.parametrize(
    "text", ["We have 30 days.", "and/or", "the 1st of May", "in the 1990s", "They pay $ and €.", "5 men", "e.g. this"]
)
def test_words_and_small_numbers_stay_in_the_sentence(text: str) -> None:
    assert shielded(text).text == text


def test_a_full_stop_after_an_address_is_none_of_it() -> None:
    assert shielded("See https://example.com/a.").kept == ("https://example.com/a",)


def test_with_digits_every_word_with_a_digit_is_kept() -> None:
    assert shielded("30 men on the 1st", digits=True).kept == ("30", "1st")


@pytest.mark.parametrize("text", ["42", "1,234.50 $", "—", "INV-7", "https://example.com", "12:30 - 14:00", ""])
def test_what_holds_no_words_is_not_for_translators(text: str) -> None:
    assert not shielded(text).wordy


@pytest.mark.parametrize("made", ["nothing", "⟦0⟧ ⟦0⟧ ⟦1⟧", "⟦0⟧", "⟦0⟧ ⟦1⟧ ⟦2⟧", "⟦0⟧ ⟦1⟧ ⟦"])
def test_a_mark_that_is_lost_doubled_or_new_is_noticed(made: str) -> None:
    assert restored(made, shielded("A4 and B5")) is None


def test_marks_may_change_places_and_get_blanks() -> None:
    assert restored("⟦ 1 ⟧ y ⟦0⟧", shielded("A4 and B5")) == "B5 y A4"


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("30 days", "13 días"),
        ("30 days", "días"),
        ("two days", "2 días"),
        ("1,234 men", "1.234 hombres"),
        ("30 days", "prueba de30 días"),
        ("no", "word " * 100),
        ("yes", " "),
    ],
)
def test_a_translation_that_says_other_numbers_is_no_translation(source: str, made: str) -> None:
    assert not faithful(made, source)


def test_a_number_may_stand_elsewhere_and_in_other_digits() -> None:
    assert faithful("de 3 a 30", "30 from 3")
    assert numbers("٣٠ أيام") == numbers("30 days")


@given(
    st.text(
        alphabet=st.sampled_from("ab Z1 2٣.,:;-/\\$€%{}<>`^_@⟦⟧()[]'\n\u00a0é中'’+#"),
        max_size=40,
    ),
    st.booleans(),
)
def test_whatever_is_kept_comes_back_as_it_was(text: str, digits: bool) -> None:
    made = shielded(text, digits=digits)
    assert restored(made.text, made) == text
    assert "".join(restored(piece.text, piece) or "" for piece in made.between_marks()) == text

"""Terms: forms of one word meet, questions are cleared of the words that only ask."""

from __future__ import annotations

import pytest

from ocrkit.terms import content_of, keys, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("introduced", "introduction"),
        ("fees", "fee"),
        ("taxes", "tax"),
        ("companies", "company"),
        ("Téléphone", "TEL"),
        ("facture", "Rechnung"),
        ("Ｔｏｔａｌ", "total"),
        ("rachetées", "racheté"),
    ],
)
def test_forms_of_a_word_and_names_of_a_label_have_one_key(one: str, other: str) -> None:
    assert keys(one) == keys(other)


def test_compounds_are_parted_at_the_label() -> None:
    assert keys("Rechnungsnummer") == keys("facture numero")
    assert keys("Factuurdatum") == keys("invoice date")


def test_a_value_that_runs_into_its_label_is_parted_from_it() -> None:
    assert keys("12508334Ordernummer") == ["12508334", *keys("Ordernummer")]
    assert keys("CS0013132") == ["cs0013132"]


def test_tokens_know_their_places() -> None:
    text = "Invoice n° 12 – 東京都"
    assert [text[token.start : token.end] for token in tokens(text)] == ["Invoice", "n", "12", "東京", "京都"]


@pytest.mark.parametrize(
    ("question", "content", "about"),
    [
        ("What is the home address of the filer?", ["home", "address", "filer"], ["home", "address"]),
        ("How much change was given at Yongfatt?", ["change", "yongfatt"], ["change"]),
        ("Quel est le montant de la TVA ?", ["montant", "tva"], ["tva"]),
        ("Wie lautet die Rechnungsnummer?", ["rechnungs", "nummer"], ["rechnungs", "nummer"]),
        ("Invoice number?", ["invoice", "number"], ["invoice", "number"]),
        ("发行总数是多少?", ["发行", "行总", "总数"], ["发行", "行总", "总数"]),
        ("株式数は何株ですか", ["株式", "式数"], ["株式", "式数"]),
        ("What is it?", [], []),
    ],
)
def test_a_question_is_cleared_of_what_only_asks(question: str, content: list[str], about: list[str]) -> None:
    found, subject, _ = content_of(question)
    assert [token.word for token in found] == content
    # Words that only name a kind of answer are not what it is about, unless nothing else is.
    assert [token.word for token in subject] == about or [w for w in about if w not in {"number", "nummer"}] == [
        token.word for token in subject
    ]

"""Translation as a part of `recognize` and `stream`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pymupdf
import pytest

import ocrkit
from ocrkit.errors import NoTranslatorError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "This is the house of my good friend, who has 12 red books and 3 black dogs in the garden of his father."


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "a.pdf"
    with pymupdf.open() as document:
        for _ in range(2):
            document.new_page().insert_text((72, 72), TEXT)
        document.save(path)
    return path


def test_recognize_translates_and_translate_does_the_same(pdf: Path) -> None:
    made = ocrkit.recognize(pdf, translate_to="es")
    assert "12 libros rojos" in made.text
    read = ocrkit.recognize(pdf)
    again = ocrkit.translate(read, "es")
    assert [page.blocks for page in again.pages] == [page.blocks for page in made.pages]
    assert again.translation == made.translation


def test_stream_gives_each_page_in_the_other_language(pdf: Path) -> None:
    assert ["12 libros rojos" in page.text for page in ocrkit.stream(pdf, translate_to="es")] == [True, True]


def test_every_one_of_many_documents_is_translated(pdf: Path) -> None:
    with ocrkit.Recognizer(workers=0) as recognizer:
        made = list(recognizer.recognize_all([pdf, pdf], translate_to="es"))
    assert all(isinstance(one, ocrkit.Document) and "libros rojos" in one.text for one in made)


@pytest.mark.parametrize("call", [ocrkit.recognize, ocrkit.stream])
def test_a_pair_that_nobody_serves_is_refused_before_the_file_is_looked_at(call: object) -> None:
    assert callable(call)
    with pytest.raises(NoTranslatorError):
        call("absent.pdf", translate_to="fr")


def test_a_text_in_a_language_that_nobody_translates_is_not_lost(pdf: Path) -> None:
    made = ocrkit.recognize(pdf, translate_to="en", language="es")
    assert made.translation is None or "12" in made.text
    kept = ocrkit.recognize(pdf, translate_to="en")
    assert TEXT in kept.text.replace("\n", " ")

"""Documents through real Apertium, English and Spanish; and what is done where no translator helps."""

from __future__ import annotations

import io
import re
import subprocess
from typing import TYPE_CHECKING

import docx
import pytest
from PIL import Image

import ocrkit
from ocrkit.contracts import TranslatorSpec
from ocrkit.errors import NoTranslatorError, TranslationError, UnknownLanguageError, UnknownTranslatorError
from ocrkit.hookspecs import hookimpl
from ocrkit.model import Block, BlockKind, Cell, Document, Page, Table, Translation
from ocrkit.registry import Registry
from ocrkit.spool import PageSpool
from ocrkit.testing.documents import sample_document
from ocrkit.translation import DocumentTranslator, as_read, translate
from ocrkit.translation.marks import numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BOX = (0.0, 0.0, 100.0, 20.0)
ROWS = [
    ["Item", "Quantity", "Unit price", "Total amount"],
    ["Red paper", "12", "$1.50", "$18.00"],
    ["Black ink, 2 bottles", "3", "$1,204.75", "$3,614.25"],
    ["Work on March 3, 2024", "7.5 h", "80 %", "INV-2024/7"],
    ["", "", "Total", "$3,632.25"],
]


def block(text: str, kind: BlockKind = BlockKind.TEXT, **more: object) -> Block:
    return Block.model_validate({"text": text, "kind": kind, "bbox": BOX, **more})


def invoice(*, language: str | None = "en", number: int = 1) -> Page:
    cells = tuple(
        Cell(row=r, column=c, text=text, header=r == 0, bbox=BOX)
        for r, row in enumerate(ROWS)
        for c, text in enumerate(row)
        if text
    )
    table = Table(rows=len(ROWS), columns=4, cells=cells)
    blocks = (
        block("Invoice", BlockKind.TITLE, level=1, id="p1-b1"),
        block("Dear customer, you owe us $3,632.25 for the work of 2024. Pay it in 30 days.", id="p1-b2"),
        block("Write to sales@example.com", BlockKind.LIST_ITEM, marker="2.", level=1),
        block("\n".join("\t".join(row) for row in ROWS), BlockKind.TABLE, table=table),
        block("x = total / 12", BlockKind.CODE),
        block("E = mc^2", BlockKind.FORMULA, latex="E = mc^2"),
        block("The house\n12 Main Street\nLondon", id="p1-b7"),
    )
    return Page(number=number, width=1000, height=1000, blocks=blocks, detected_language=language)


def document(*pages: Page) -> Document:
    return Document(source="invoice.png", pages=pages or (invoice(),), page_count=len(pages) or 1)


@pytest.fixture(scope="module")
def spanish() -> Document:
    return translate(document(), "es")


def test_structure_and_numbers_are_identical_and_words_are_spanish(spanish: Document) -> None:
    before, after = invoice(), spanish.pages[0]
    assert [(b.kind, b.bbox, b.id, b.level, b.marker, b.latex) for b in before.blocks] == [
        (b.kind, b.bbox, b.id, b.level, b.marker, b.latex) for b in after.blocks
    ]
    for one, other in zip(before.blocks, after.blocks, strict=True):
        assert numbers(one.text) == numbers(other.text)
    assert after.blocks[0].text == "Factura"
    assert "30 días" in after.blocks[1].text
    assert "sales@example.com" in after.blocks[2].text
    assert after.warnings == ()
    assert spanish.translation == Translation(source="en", target="es", translator="apertium")


def test_each_cell_stays_in_its_place_and_figures_stay_as_printed(spanish: Document) -> None:
    before, after = document().tables[0], spanish.tables[0]
    shape = [(c.row, c.column, c.row_span, c.column_span, c.header, c.bbox) for c in before.cells]
    assert shape == [(c.row, c.column, c.row_span, c.column_span, c.header, c.bbox) for c in after.cells]
    assert [numbers(c.text) for c in before.cells] == [numbers(c.text) for c in after.cells]
    grid = after.grid()
    assert grid[0] == ["Elemento", "Cantidad", "Precio de unidad", "Cantidad total"]
    assert [row[3] for row in grid[1:]] == ["$18.00", "$3,614.25", "INV-2024/7", "$3,632.25"]
    assert spanish.pages[0].blocks[3].text == "\n".join("\t".join(row) for row in grid)


def test_code_formulas_and_lines_of_an_address_stay(spanish: Document) -> None:
    blocks = spanish.pages[0].blocks
    assert (blocks[4], blocks[5]) == (invoice().blocks[4], invoice().blocks[5])
    assert blocks[6].text.split("\n")[0] == "La casa"
    assert len(blocks[6].text.split("\n")) == 3


def test_what_was_read_stays_beside_the_translation_and_can_be_had_back(spanish: Document) -> None:
    assert spanish.pages[0].blocks[0].source_text == "Invoice"
    assert spanish.tables[0].cells[0].source_text == "Item"
    assert spanish.tables[0].cells[5].source_text is None
    assert as_read(spanish) == document()
    assert Document.from_json(spanish.to_json()) == spanish


def test_spanish_becomes_english(spanish: Document) -> None:
    read = as_if_read(spanish)
    made = translate(read, "en")
    assert made.pages[0].blocks[0].text == "Bill"
    assert made.pages[0].blocks[0].source_text == "Factura"
    assert [numbers(c.text) for c in made.tables[0].cells] == [numbers(c.text) for c in document().tables[0].cells]
    assert made.tables[0].grid()[0][1] == "Quantity"


def as_if_read(made: Document) -> Document:
    """A translation as if its pages had been printed so."""
    told = re.sub(r'"source_text":"(?:[^"\\]|\\.)*"', '"source_text":null', made.to_json())
    told = told.replace('"detected_language":"en"', '"detected_language":"es"')
    return Document.from_json(told).model_copy(update={"translation": None})


def test_a_translation_is_translated_anew_from_what_was_read(spanish: Document) -> None:
    assert translate(spanish, "es") == spanish


def test_the_formats_read_as_the_translation(spanish: Document) -> None:
    assert ocrkit.export(spanish, "md").decode().startswith("# Factura\n")
    assert "| $1,204.75 |" in ocrkit.export(spanish, "md").decode()
    assert "2. Escribe a sales@example.com" in ocrkit.export(spanish, "txt").decode()
    html = ocrkit.export(spanish, "html").decode()
    assert '<html lang="es">' in html
    assert "Factura</h1>" in html
    word = docx.Document(io.BytesIO(ocrkit.export(spanish, "docx")))
    assert word.paragraphs[0].text == "Factura"
    assert word.tables[0].cell(0, 0).text == "Elemento"
    assert 'w:val="es"' in word.styles.element.xml


@pytest.mark.parametrize("lines", [True, False])
def test_a_searchable_pdf_keeps_the_words_of_its_page(*, lines: bool) -> None:
    page = sample_document().pages[0]
    if not lines:
        blocks = tuple(block.model_copy(update={"lines": ()}) for block in page.blocks)
        page = page.model_copy(update={"blocks": blocks})
    picture = Image.new("RGB", (page.width, page.height), "white")
    source = io.BytesIO()
    picture.save(source, "PNG")
    read = Document(source="a.png", media_type="image/png", page_count=1, pages=(page,))
    made = translate(read, "es", source="en")
    assert "Informe" in made.text
    text = _text_of(ocrkit.export(made, "pdf", source=source.getvalue()))
    assert "Annual Report" in text
    assert "Informe" not in text
    assert text == _text_of(ocrkit.export(read, "pdf", source=source.getvalue()))


def test_questions_are_answered_with_what_stands_on_the_page(spanish: Document) -> None:
    answer = ocrkit.ask(spanish, "How much do we owe?")
    assert "you owe us $3,632.25" in answer.citations[0].snippet


def test_places_and_words_of_formats_with_boxes_are_those_of_the_page(spanish: Document) -> None:
    for name in ("hocr", "alto"):
        written = ocrkit.export(spanish, name).decode()
        assert "Invoice" in written
        assert "Factura" not in written


def _text_of(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


# ------------------------------------------------------------------ languages and translators


def test_a_page_in_the_language_already_stays_as_it_is() -> None:
    made = translate(document(invoice(), invoice(language="es", number=2)), "es", source=None)
    assert made.pages[0].blocks[0].text == "Factura"
    assert made.pages[1] == invoice(language="es", number=2)


def test_a_document_in_the_language_already_is_not_translated() -> None:
    assert translate(document(), "en") == document()


def test_a_page_with_little_text_is_in_the_language_of_the_document() -> None:
    little = Page(number=2, width=9, height=9, blocks=(block("The house"),), detected_language="fi")
    assert translate(document(invoice(), little), "es").pages[1].blocks[0].text == "La casa"


def test_no_translator_for_the_pair_is_an_error_that_names_the_pairs_there_are() -> None:
    with pytest.raises(NoTranslatorError, match=r"French.*en-es, es-en \(apertium\)"):
        translate(document(), "fr")
    with pytest.raises(NoTranslatorError, match="from German"):
        translate(document(), "es", source="de")
    with pytest.raises(NoTranslatorError, match="from Finnish"):
        translate(document(invoice(language="fi")), "es")
    with pytest.raises(NoTranslatorError, match="argos does not translate"):
        translate(document(), "es", translator="argos")


def test_languages_and_translators_that_do_not_exist_are_errors() -> None:
    with pytest.raises(UnknownLanguageError):
        translate(document(), "klingon")
    with pytest.raises(UnknownTranslatorError, match="apertium, argos, llm"):
        translate(document(), "es", translator="babel")


class Broken:
    """Fails whatever it is asked."""

    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset({("en", "eo"), ("*", "es")})

    def translate(self, texts: Sequence[str], /, *, source: str, target: str) -> Sequence[str]:
        del texts
        raise TranslationError(f"No power for {source}-{target}.")

    def close(self) -> None:
        pass


class Reverse(Broken):
    """Turns texts round and drops the digits of one."""

    def translate(self, texts: Sequence[str], /, *, source: str, target: str) -> Sequence[str]:
        del source, target
        return ["" if "owe" in text else text.upper() for text in texts]


class Plugin:
    """Adds translators of this file."""

    @hookimpl
    def ocrkit_translators(self) -> Iterable[TranslatorSpec]:
        for kind in (Broken, Reverse):
            yield TranslatorSpec(
                name=kind.__name__.lower(), summary="For tests", load=f"{__name__}:{kind.__name__}", licence="MIT"
            )


@pytest.fixture
def registry() -> Registry:
    made = Registry.discover()
    assert made.add(Plugin(), name="tests").problems == []
    return made


def test_a_plugins_translator_comes_after_the_built_in_ones(registry: Registry) -> None:
    assert translate(document(), "es", registry=registry).translation == Translation(
        source="en", target="es", translator="apertium"
    )
    made = translate(document(), "es", registry=registry, translator="reverse")
    assert made.translation == Translation(source="en", target="es", translator="reverse")


def test_an_unknown_source_goes_only_to_a_translator_of_any_language(registry: Registry) -> None:
    unknown = document(invoice(language=None))
    with pytest.raises(NoTranslatorError, match="not recognized"):
        translate(unknown, "es")
    made = translate(unknown, "es", registry=registry, translator="reverse")
    assert made.pages[0].blocks[0].text == "INVOICE"


def test_what_has_no_true_translation_stays_as_read_with_a_warning(registry: Registry) -> None:
    page = translate(document(), "es", registry=registry, translator="reverse").pages[0]
    assert page.blocks[1] == invoice().blocks[1]
    assert [warning.code for warning in page.warnings] == ["not_translated"]
    assert re.match(r"1 of \d+ texts stand as read", page.warnings[0].message)


def test_a_translator_that_fails_is_an_error_or_where_lenient_a_warning_on_each_page(registry: Registry) -> None:
    with pytest.raises(TranslationError, match="No power for en-eo"):
        translate(document(), "eo", registry=registry)
    with DocumentTranslator("eo", registry=registry, lenient=True) as translator:
        made = translator.document(document(invoice(), invoice(number=2)))
    assert made.translation is None
    assert [page.blocks for page in made.pages] == [invoice().blocks] * 2
    assert [page.warnings[0].message for page in made.pages] == ["No power for en-eo."] * 2


def test_a_lenient_translation_keeps_a_page_that_nobody_can_translate() -> None:
    with DocumentTranslator("es", lenient=True) as translator:
        made = translator.document(document(invoice(language="fi"), Page(number=2, width=9, height=9)))
    assert made.pages[0].warnings[0].code == "not_translated"
    assert "Finnish" in made.pages[0].warnings[0].message
    assert made.pages[1].warnings == ()


def test_a_long_document_stays_on_disk() -> None:
    made = translate(document(*(invoice(number=number) for number in range(1, 80))), "es")
    assert isinstance(made.pages, PageSpool)
    assert {page.blocks[0].text for page in made.pages} == {"Factura"}


def test_a_right_to_left_target_is_marked_as_such(registry: Registry) -> None:
    arabic = Document(
        pages=(Page(number=1, width=9, height=9, blocks=(block("فاتورة", source_text="Invoice"),)),),
        translation=Translation(source="en", target="ar", translator="llm"),
    )
    assert '<html lang="ar">' in ocrkit.export(arabic, "html", registry=registry).decode()
    assert (
        "w:bidi" in docx.Document(io.BytesIO(ocrkit.export(arabic, "docx"))).paragraphs[0].paragraph_format.element.xml
    )

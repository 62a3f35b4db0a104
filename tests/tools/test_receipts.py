"""Fields of receipts and invoices: values with their place, in several languages."""

from __future__ import annotations

import json

import pymupdf
import pytest

import ocrkit
from ocrkit.model import Document
from ocrkit.tools.receipts import amount, day

ENGLISH = ("Acme Trading Ltd", "Invoice No: A-1027", "Date: 28/03/2018", "Due date: 27/04/2018", "Subtotal £ 100.00",
           "VAT 20% 20.00", "Total 120.00")  # fmt: skip
GERMAN = ("Muster GmbH", "Rechnung Nr. 2019-77", "Datum: 05.11.2019", "Zwischensumme 1.000,00", "MwSt 19% 190,00",
          "Gesamtbetrag 1.190,00 EUR")  # fmt: skip
FRENCH = ("Dupont SARL", "Facture No F-88", "Date: 3 mars 2020", "Total HT 50,00", "TVA 20% 10,00", "Total TTC 60,00")
MALAY = ("Kedai Maju Sdn Bhd", "Tarikh: 01-02-2018", "Jumlah kecil 9.40", "Jumlah RM 9.40")


def read(*lines: str) -> Document:
    with pymupdf.open() as document:
        page = document.new_page()
        for place, line in enumerate(lines):
            page.insert_text((72, 72 + 30 * place), line)
        return ocrkit.recognize(document.tobytes(), tool="receipt-to-json")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (ENGLISH, {"vendor": ENGLISH[0], "number": "A-1027", "date": "2018-03-28", "due_date": "2018-04-27",
                   "currency": "GBP", "subtotal": "100.00", "tax": "20.00", "tax_rate": "20", "total": "120.00"}),
        (GERMAN, {"date": "2019-11-05", "subtotal": "1000.00", "tax": "190.00", "total": "1190.00", "currency": "EUR"}),
        (FRENCH, {"date": "2020-03-03", "subtotal": "50.00", "tax": "10.00", "total": "60.00", "number": "F-88"}),
        (MALAY, {"date": "2018-02-01", "total": "9.40", "currency": "MYR", "vendor": MALAY[0]}),
    ],
)  # fmt: skip
def test_the_fields_are_read_in_several_languages(lines: tuple[str, ...], expected: dict[str, str]) -> None:
    found = {field.name: field.value for field in read(*lines).fields}
    assert {name: found.get(name) for name in expected} == expected


def test_every_value_is_printed_where_its_field_says() -> None:
    document = read(*ENGLISH)
    assert document.fields
    for field in document.fields:
        there = [line.text for line in document.pages[field.page - 1].lines if line.bbox == field.bbox]
        assert any(field.text in text for text in there)


def test_a_total_says_whether_its_parts_add_up_to_it() -> None:
    def consistent(*lines: str) -> bool | None:
        return next(field.consistent for field in read(*lines).fields if field.name == "total")

    assert consistent(*ENGLISH) is True
    assert consistent(*ENGLISH[:-1], "Total 130.00") is False
    assert consistent("Shop Ltd", "Total 120.00") is None


def test_what_is_not_printed_is_not_there_and_json_keeps_the_rest() -> None:
    document = read("Corner Shop Ltd", "Total 4.20")
    assert {field.name for field in document.fields} == {"vendor", "total"}
    told = json.loads(ocrkit.export(document, "json"))
    assert [field["name"] for field in told["fields"]] == ["vendor", "total"]
    assert Document.from_json(document.to_json()).fields == document.fields


def test_dates_and_amounts_are_told_as_programs_read_them() -> None:
    assert day("24/12/2018") == day("12/24/2018") == day("2018-12-24") == day("24 dic 18") == "2018-12-24"
    assert day("23/03/20183:13:19") == "2018-03-23"
    assert day("99/99/2018") is None
    assert [str(amount(text)) for text in ("1.190,00", "1,190.00", "9.40", "-0.01")] == [
        "1190.00",
        "1190.00",
        "9.40",
        "-0.01",
    ]

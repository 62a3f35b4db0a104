"""Fields of receipts and invoices: values with their place, in several languages."""

from __future__ import annotations

import json

import pymupdf
import pytest

import ocrkit
from ocrkit.model import Block, BlockKind, Cell, Document, Line, Page, Table, Word
from ocrkit.presets import applied
from ocrkit.registry import Registry
from ocrkit.tools.receipts.amounts import amounts
from ocrkit.tools.receipts.dates import days
from ocrkit.tools.receipts.sheet import fold

ENGLISH = ("Acme Trading Ltd", "Invoice No: A-1027", "Date: 28/03/2018", "Due date: 27/04/2018", "Subtotal £ 100.00",
           "VAT 20% 20.00", "Total 120.00")  # fmt: skip
GERMAN = ("Muster GmbH", "Rechnung Nr. 2019-77", "Datum: 05.11.2019", "Zwischensumme 1.000,00", "MwSt 19% 190,00",
          "Gesamtbetrag 1.190,00 EUR")  # fmt: skip
FRENCH = ("Dupont SARL", "Facture No F-88", "Date: 3 mars 2020", "Total HT 50,00", "TVA 20% 10,00", "Total TTC 60,00")
MALAY = ("Kedai Maju Sdn Bhd", "Tarikh: 01-02-2018", "Jumlah kecil 9.40", "Jumlah RM 9.40")


def placed(*texts: tuple[float, float, str], turn: int = 0) -> Document:
    """A page with these texts at these points."""
    with pymupdf.open() as document:
        page = document.new_page()
        for x, y, text in texts:
            page.insert_text((x, y), text)
        page.set_rotation(turn)
        return ocrkit.recognize(document.tobytes(), tool="invoice-to-json")


def values(document: Document) -> dict[str, str]:
    return {field.name: field.value for field in document.fields}


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
    found = values(read(*lines))
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


HEAD = ((72.0, 60.0, "Harbour Trading Ltd"), (72.0, 80.0, "4 Quay Street"), (72.0, 100.0, "Dover CT16 1AB"))
COLUMNS = (
    *HEAD,
    (72.0, 160.0, "Bill to:"), (72.0, 180.0, "Someone Else Ltd"),
    (72.0, 240.0, "Order date"), (192.0, 240.0, "Invoice date"), (312.0, 240.0, "Due date"), (432.0, 240.0, "Invoice"),
    (72.0, 260.0, "01/02/2024"), (192.0, 260.0, "02/13/2024"), (312.0, 260.0, "03/04/2024"), (432.0, 260.0, "HT-0099"),
    (72.0, 320.0, "Description"), (252.0, 320.0, "Net"), (342.0, 320.0, "VAT"), (432.0, 320.0, "Total"),
    (72.0, 340.0, "Rope"), (252.0, 340.0, "100.00"), (342.0, 340.0, "20.00"), (432.0, 340.0, "120.00"),
    (72.0, 360.0, "Hooks"), (252.0, 360.0, "50.00"), (342.0, 360.0, "10.00"), (432.0, 360.0, "60.00"),
    (72.0, 400.0, "Total"), (252.0, 400.0, "150.00"), (342.0, 400.0, "30.00"), (432.0, 400.0, "180.00"),
)  # fmt: skip


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_values_below_their_labels_are_found_however_the_page_is_turned(turn: int) -> None:
    found = values(placed(*COLUMNS, turn=turn))
    assert found == {
        "vendor": "Harbour Trading Ltd",
        "address": "4 Quay Street Dover CT16 1AB",
        "date": "2024-02-13",
        "due_date": "2024-03-04",
        "number": "HT-0099",
        "subtotal": "150.00",
        "tax": "30.00",
        "total": "180.00",
    }


def test_a_number_alone_behind_the_name_of_the_document_is_its_number() -> None:
    assert values(read("Harbour Trading Ltd", "Invoice INV/2023/03/0008", "Total 4.20"))["number"] == "INV/2023/03/0008"
    assert "number" not in values(read("Harbour Trading Ltd", "Invoice 13/02/2024", "Total 4.20"))


def test_what_was_paid_less_the_change_tells_the_total() -> None:
    lines = ("Kedai Maju Sdn Bhd", "TOTAL 19.99", "Rounding Adj 0.01", "To pay 20.00", "CASH 50.00", "CHANGE 30.00")
    assert values(read(*lines))["total"] == "20.00"
    assert values(read("Kedai Maju Sdn Bhd", "SUBTOTAL RM8.60", "CASH RM10.00", "CHANGE RM1.40"))["total"] == "8.60"


def test_of_several_subtotals_that_counts_which_adds_up() -> None:
    lines = (
        "Shop Ltd",
        "Subtotal 112.00",
        "Subtotal 150.90",
        "Subtotal 262.90",
        "Tax 15% on 112.90 16.94",
        "Total 279.84",
    )
    found = values(read(*lines))
    assert (found["subtotal"], found["tax"], found["tax_rate"]) == ("262.90", "16.94", "15")


def test_taxes_of_several_rates_are_all_there() -> None:
    document = read("Laden GmbH", "Zwischensumme 30,00", "MwSt 7% 0,70", "MwSt 19% 3,80", "Gesamtbetrag 34,50")
    told = [(field.name, field.value) for field in document.fields if field.name.startswith("tax")]
    assert told == [("tax", "0.70"), ("tax_rate", "7"), ("tax", "3.80"), ("tax_rate", "19")]
    assert next(field.consistent for field in document.fields if field.name == "total") is True


def test_quantities_savings_and_change_are_no_total() -> None:
    lines = ("Shop Ltd", "Total qty 3 12.00", "Total saving 5.00", "Total 42.00", "Total items 99.00")
    assert values(read(*lines))["total"] == "42.00"


def test_whole_amounts_count_beside_their_currency() -> None:
    found = values(read("Hotel Sea View Ltd", "Booking ID IBZY2087", "Room Rs 1939 x 1 night", "Grand Total Rs 1,939"))
    assert (found["total"], found["currency"], found["number"]) == ("1939.00", "INR", "IBZY2087")


def test_the_sender_in_the_foot_goes_before_the_recipient_at_the_head() -> None:
    lines = [(72.0, 60.0, "Dupont Alexis"), (72.0, 80.0, "27 rue Henri Rolland"), (72.0, 140.0, "Facture n° 2022089")]
    lines += [(72.0, 700.0, "NETPRESSE"), (72.0, 716.0, "Siège social : 16 rue Mollien - 92100 Boulogne")]
    assert values(placed(*lines))["vendor"] == "NETPRESSE"


def test_a_number_of_letters_and_digits_is_no_vendor_and_one_behind_a_name_is_cut_off() -> None:
    assert "vendor" not in values(placed((72.0, 60.0, "SCONL0303006280999"), (72.0, 200.0, "Total 4.20")))
    assert values(read("Maju Sdn Bhd (682288-V)", "Total 4.20"))["vendor"] == "Maju Sdn Bhd"


def test_a_page_without_places_of_lines_is_read_by_its_blocks() -> None:
    box = (10.0, 10.0, 500.0, 60.0)
    cells = [("Subtotal", "10.00"), ("VAT 20%", "2.00"), ("Total", "12.00")]
    table = Table(
        rows=3,
        columns=2,
        cells=tuple(
            Cell(row=r, column=c, text=text, bbox=(10 + 200 * c, 100 + 30 * r, 200 + 200 * c, 125 + 30 * r))
            for r, row in enumerate(cells)
            for c, text in enumerate(row)
        ),
    )
    blocks = (
        Block(text="Acme Ltd\nInvoice no. 7/24", bbox=box),
        Block(kind=BlockKind.TABLE, text="", bbox=(10, 100, 400, 190), table=table),
    )
    page = Page(number=1, width=600, height=800, blocks=blocks)
    found = applied(Registry.discover(), "invoice-to-json", Document(page_count=1, pages=(page,)))
    assert values(found) == {
        "vendor": "Acme Ltd", "number": "7/24", "subtotal": "10.00", "tax": "2.00", "tax_rate": "20", "total": "12.00",
    }  # fmt: skip
    assert {field.name: field.bbox for field in found.fields}["total"] == (210, 160, 400, 185)


def test_rows_of_a_page_askew_are_found() -> None:
    def line(text: str, x: float, y: float) -> Line:
        fall = 0.1
        quad = ((x, y), (x + 200, y + 200 * fall), (x + 198, y + 20 + 200 * fall), (x - 2, y + 20))
        box = (x - 2, y, x + 200, y + 20 + 200 * fall)
        return Line(text=text, bbox=box, quad=quad, words=(Word(text=text, bbox=box),))

    # At the slope of a tenth the amounts stand two rows lower than their labels.
    texts = [("Acme Ltd", ""), ("Subtotal", "10.00"), ("VAT", "2.00"), ("Total", "12.00")]
    lines = [
        line(t, 50 + 500 * c, 100 + 25 * r + 50 * c) for r, row in enumerate(texts) for c, t in enumerate(row) if t
    ]
    blocks = tuple(Block(text=each.text, bbox=each.bbox, lines=(each,)) for each in lines)
    page = Page(number=1, width=800, height=400, blocks=blocks)
    found = values(applied(Registry.discover(), "receipt-to-json", Document(page_count=1, pages=(page,))))
    assert (found["subtotal"], found["tax"], found["total"]) == ("10.00", "2.00", "12.00")


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("24/12/2018", "2018-12-24"), ("12/24/2018", "2018-12-24"), ("2018-12-24", "2018-12-24"),
        ("24 dic 18", "2018-12-24"), ("23/03/20183:13:19", "2018-03-23"), ("August 3 , 2014", "2014-08-03"),
        ("7. Mai 2014", "2014-05-07"), ("29 maart 2014", "2014-03-29"), ("20180428/191204", "2018-04-28"),
        ("1 de março de 2020", "2020-03-01"), ("2024年3月5日", "2024-03-05"), ("2 août 2015", "2015-08-02"),
        ("99/99/2018", None), ("30/12117", None), ("1.2.3.4", None), ("31/02/2020", None),
    ],
)  # fmt: skip
def test_a_date_is_the_day_it_means(printed: str, day: str | None) -> None:
    found = [each.day(month_first=False).isoformat() for each in days(fold(printed))]
    assert found == ([day] if day else [])


def test_one_date_tells_how_the_others_are_meant() -> None:
    assert values(read("Shop Ltd", "Date: 03/04/2024", "Due date: 04/13/2024"))["date"] == "2024-03-04"
    assert values(read("Shop Ltd", "Date: 03/04/2024", "Due date: 13/04/2024"))["date"] == "2024-04-03"


def test_another_date_is_not_that_of_the_document() -> None:
    lines = (
        "Shop Ltd",
        "Order date 01/01/2024",
        "Period 02/01/2024 - 31/01/2024",
        "Printed 04/01/2024",
        "05/01/2024 12:30",
    )
    assert values(read(*lines))["date"] == "2024-01-05"


@pytest.mark.parametrize(
    ("printed", "worth"),
    [
        ("1.190,00", ["1190.00"]), ("1,190.00", ["1190.00"]), ("9.40", ["9.40"]), ("-0.01", ["-0.01"]),
        ("RM53. 60", ["53.60"]), ("41 .48", ["41.48"]), ("$-1,234.50", ["-1234.50"]), ("10 000 €", ["10000.00"]),
        ("¥1,200", ["1200.00"]), ("15.00%", []), ("12.05.2024", []), ("GST 000849813504", []), ("2 pcs", []),
        ("1'234.50 CHF", ["1234.50"]), ("5.90 x 3 17.70", ["5.90", "17.70"]),
    ],
)  # fmt: skip
def test_an_amount_is_worth_what_is_printed(printed: str, worth: list[str]) -> None:
    assert [str(each.worth) for each in amounts(fold(printed))] == worth

"""Reads the fields of receipts and invoices by rules: labels of several languages, dates and amounts. Knows no format.

Every value is printed on the page: its field says where, and how it stands there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ocrkit.found import FoundField
from ocrkit.geometry import union

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrkit.model import Document, Line, Page

_AMOUNT = re.compile(r"(?<![\w.,/-])-?\d{1,3}(?:[ .,'’]?\d{3})*[.,]\d{2}(?![\w/]|[.,]\d)(?!\s?%)")
_RATE = re.compile(r"\d{1,2}(?:[.,]\d{1,2})?\s?%")
_DAY = re.compile(
    r"(?<!\d)(?:(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})|(?P<d2>\d{1,2})[-/.](?P<m2>\d{1,2})[-/.]"
    r"(?P<y2>\d{4}|\d{2})|(?P<d3>\d{1,2})[-. ]?(?:de )?(?P<m3>[a-zéû]{3,10})\.?[-., ]?\s?(?:de )?"
    r"(?P<y3>\d{4}|\d{2}))(?!\d(?!\d?:\d))",
    re.IGNORECASE,
)
_MONTHS = (
    ("jan", "ene", "gen"), ("feb", "fev", "fév", "fe"), ("mar", "mär", "mrz", "mac"), ("apr", "abr", "avr"),
    ("may", "mai", "mei", "mag"), ("jun", "juin", "giu"), ("jul", "juil", "lug"), ("aug", "ago", "aoû", "aou", "ogo"),
    ("sep", "set"), ("oct", "okt", "out", "ott"), ("nov",), ("dec", "dez", "dic", "déc", "dis"),
)  # fmt: skip
_SUBTOTAL = re.compile(
    r"sub[- ]?tot|sous[- ]?total|zwischensumme|netto|imponibile|base imponible|total h\.?t|excl|jumlah kecil",
    re.IGNORECASE,
)
_TAX = re.compile(r"\b(?:tax|vat|gst|sst|iva|tva|mwst|ust|cukai|imposto|impuesto|imposta)\b", re.IGNORECASE)
_BEST = re.compile(
    r"(?:grand|nett?|rounded|final)\s*total|total\s*(?:\w+ )?\(?(?:incl|due|payable|amount|amt|rm|eur|usd)"
    r"|(?:amount|amt) (?:due|payable)|balance due|total (?:a|à) p|total ttc|importe total|gesamt|rechnungsbetrag"
    r"|zu zahlen"
    r"|totale complessivo"
    r"|valor total|jumlah (?:besar|perlu|bayar)",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"\b(?:total|totale|summe|betrag|jumlah|importe)\b", re.IGNORECASE)
_NO_TOTAL = re.compile(
    r"qty|quantit|items?\b|discount|saving|change|round(?:ing)? adj|point|tender|menge|artikel", re.IGNORECASE
)
_NUMBER = re.compile(
    r"(?:invoice|receipt|bill|doc(?:ument)?|facture|factura|fattura|fatura|rechnung|resit|invois)s?[\s-]*"
    r"(?:no|nr|number|num|n[°º]|nummer|#|id)?\s*[.:#]*\s*(?P<value>[A-Z0-9][A-Z0-9/-]*\d[A-Z0-9/-]*)",
    re.IGNORECASE,
)
_DUE = re.compile(r"\bdue date|payable by|échéance|vencimiento|fällig|scadenza|vencimento|tarikh akhir", re.IGNORECASE)
_DATED = re.compile(r"\b(?:date|datum|fecha|data|tarikh)\b", re.IGNORECASE)
_COMPANY = re.compile(
    r"\b(?:sdn|bhd|s/b|ltd|limited|inc|llc|plc|gmbh|ag|kg|s\.?a\.?r\.?l|s\.?r\.?l|s\.?p\.?a|s\.l\.?|lda|company|enterprise|restoran)\b",
    re.IGNORECASE,
)
_NO_VENDOR = re.compile(
    r"invoice|receipt|thank|welcome|rechnung|facture|factura|fattura|fatura|resit|^tel|www|copy", re.IGNORECASE
)
_MONEY = re.compile(r"RM|€|£|US\$|\b(?:EUR|USD|GBP|MYR|CHF|BRL|MXN|SGD)\b|R\$")
_CODES = {"RM": "MYR", "€": "EUR", "£": "GBP", "US$": "USD", "R$": "BRL"}
_ROUNDING = Decimal("0.05")
"""By which a total may differ from its parts: cash is rounded to five cents in several countries."""
_TOP = 8
"""Rows in which the name of the vendor is looked for."""


@dataclass(frozen=True, slots=True)
class _Row:
    """Lines side by side, as a label and its amount are printed."""

    page: int
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    def field(self, name: str, value: str, printed: str) -> FoundField:
        """The value with its place: the line that holds it, else the row."""
        lines = [line for line in self.lines if printed in line.text] or list(self.lines)
        known = [line.confidence for line in lines if line.confidence is not None]
        return FoundField(
            name=name,
            value=value,
            text=printed,
            page=self.page,
            bbox=union(line.bbox for line in lines),
            confidence=min(known) if known else None,
        )


class Receipt:
    """Work of `receipt-to-json` and `invoice-to-json`."""

    def apply(self, document: Document, /) -> Document:
        """The document with the fields that were found; what is not printed is not there."""
        rows = [row for page in document.pages for row in _rows(page)]
        found = (_vendor(rows), _date(rows), _due(rows), _number(rows), _currency(rows), *_sums(rows))
        return document.model_copy(update={"fields": tuple(field for field in found if field)})


def amount(text: str) -> Decimal:
    """The amount that is printed so; the last point or comma parts the cents."""
    digits = re.sub(r"[^\d-]", "", text)
    return (Decimal(digits) / 100).quantize(Decimal("0.01"))


def day(text: str) -> str | None:
    """The ISO date that is printed in the text; a day goes before its month unless that cannot be."""
    for match in _DAY.finditer(text):
        part = match.groupdict()
        year = part["y"] or part["y2"] or part["y3"]
        number = part["d"] or part["d2"] or part["d3"]
        month = part["m"] or part["m2"] or _month(part["m3"] or "")
        if not month:
            continue
        y, m, d = int(year) + (2000 if len(year) == 2 else 0), int(month), int(number)  # noqa: PLR2004 - two digits
        m, d = (d, m) if m > 12 >= d else (m, d)  # noqa: PLR2004 - months of a year
        try:
            return date(y, m, d).isoformat()
        except ValueError:
            continue
    return None


def _month(name: str) -> int | None:
    return next((i for i, names in enumerate(_MONTHS, 1) if name.lower().startswith(names)), None)


def _rows(page: Page) -> Iterator[_Row]:
    row: list[Line] = []
    for line in sorted(page.lines, key=lambda each: (each.bbox[1] + each.bbox[3]) / 2):
        middle = (line.bbox[1] + line.bbox[3]) / 2
        if row and middle > row[-1].bbox[3] - (row[-1].bbox[3] - row[-1].bbox[1]) * 0.25:
            yield _Row(page.number, tuple(sorted(row, key=lambda each: each.bbox[0])))
            row = []
        row.append(line)
    if row:
        yield _Row(page.number, tuple(sorted(row, key=lambda each: each.bbox[0])))


def _vendor(rows: Sequence[_Row]) -> FoundField | None:
    top = [row for row in rows[:_TOP] if sum(map(str.isalpha, row.text)) > 3 and not _NO_VENDOR.search(row.text)]  # noqa: PLR2004 - shorter is no name
    row = next((row for row in top if _COMPANY.search(row.text)), next(iter(top), None))
    return row.field("vendor", row.text, row.text) if row else None


def _date(rows: Sequence[_Row]) -> FoundField | None:
    dated = [row for row in rows if day(row.text) and not _DUE.search(row.text)]
    row = next((row for row in dated if _DATED.search(row.text)), next(iter(dated), None))
    return _dated("date", row) if row else None


def _due(rows: Sequence[_Row]) -> FoundField | None:
    row = next((row for row in rows if _DUE.search(row.text) and day(row.text)), None)
    return _dated("due_date", row) if row else None


def _dated(name: str, row: _Row) -> FoundField:
    printed = next(match.group() for match in _DAY.finditer(row.text) if day(match.group()))
    return row.field(name, day(printed) or "", printed)


def _number(rows: Sequence[_Row]) -> FoundField | None:
    for row in rows:
        match = _NUMBER.search(row.text)
        if match and not day(match["value"]):
            return row.field("number", match["value"], match["value"])
    return None


def _currency(rows: Sequence[_Row]) -> FoundField | None:
    for row in rows:
        match = _MONEY.search(row.text)
        if match:
            return row.field("currency", _CODES.get(match.group(), match.group()), match.group())
    return None


def _sums(rows: Sequence[_Row]) -> Iterator[FoundField]:
    """Subtotal, tax with its rate, and total, which says whether the others add up to it."""
    parts = list(_parts(rows))
    yield from parts
    total = _total(rows)
    if total:
        known = {field.name: Decimal(field.value) for field in parts}
        both = {"subtotal", "tax"} <= known.keys()
        off = abs(known["subtotal"] + known["tax"] - Decimal(total.value)) if both else Decimal(0)
        yield total.model_copy(update={"consistent": off <= _ROUNDING if both else None})


def _parts(rows: Sequence[_Row]) -> Iterator[FoundField]:
    for name, label in (("subtotal", _SUBTOTAL), ("tax", _TAX)):
        fitting = [row for row in rows if label.search(row.text) and len(_AMOUNT.findall(row.text)) == 1]
        fitting = [
            row
            for row in fitting
            if name == "subtotal" or (not _SUBTOTAL.search(row.text) and "incl" not in row.text.lower())
        ]
        if fitting:
            printed = _AMOUNT.findall(fitting[0].text)[0]
            yield fitting[0].field(name, str(amount(printed)), printed)
            rate = _RATE.search(fitting[0].text)
            if name == "tax" and rate:
                yield fitting[0].field("tax_rate", rate.group().rstrip(" %").replace(",", "."), rate.group())


def _total(rows: Sequence[_Row]) -> FoundField | None:
    for label in (_BEST, _TOTAL, _SUBTOTAL):
        for index in range(len(rows) - 1, -1, -1):
            text = rows[index].text
            if not label.search(text) or (label is not _SUBTOTAL and _SUBTOTAL.search(text)) or _NO_TOTAL.search(text):
                continue
            if label is _TOTAL and _TAX.search(text):
                continue
            found = _AMOUNT.findall(text)
            if len(found) == 1:
                return rows[index].field("total", str(amount(found[0])), found[0])
    return None

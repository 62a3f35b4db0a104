"""The work of `receipt-to-json` and `invoice-to-json`: the fields of a document, one after the other."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from ocrkit.errors import EndpointError
from ocrkit.inference import configured
from ocrkit.model import PageWarning
from ocrkit.spool import kept
from ocrkit.tools.receipts import labels
from ocrkit.tools.receipts.amounts import CODES, SIGNS, code_of
from ocrkit.tools.receipts.asking import asked
from ocrkit.tools.receipts.beside import beside
from ocrkit.tools.receipts.dates import days, goes_first
from ocrkit.tools.receipts.parties import parties
from ocrkit.tools.receipts.sheet import Found, rows_of
from ocrkit.tools.receipts.sums import sums_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrkit.found import FoundField
    from ocrkit.model import Document
    from ocrkit.tools.receipts.beside import Reader
    from ocrkit.tools.receipts.dates import Day
    from ocrkit.tools.receipts.sheet import Piece, Row
    from ocrkit.tools.receipts.sums import Sums

_SUMS = frozenset({"subtotal", "tax", "tax_rate", "total"})

_NEAR_DATE = 24
"""Characters that may stand between a label and its date."""
_NUMBER = re.compile(
    r"\s*[:.#=-]*\s*(?P<value>#?\s?[a-z]{1,5}(?:\s|-\s)\d[\w/.-]*|#?\s?[a-z0-9][\w/.-]*)(?![\w/]|[.,]\d)"
)
_MARKED = re.compile(r"(?:(?<=\s)|^)#\s?(?P<value>[a-z0-9][\w/.-]*\d[\w/.-]*)")
_SIGN = re.compile(
    rf"(?<![a-z])(?:{'|'.join(code.lower() for code in sorted(CODES))}|us dollars?|euros?"
    rf"|{'|'.join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))})(?![a-z])"
)
_RANGE = re.compile(r"\s*(?:-|–|to|bis|au|al|tot)\s*$")


class Receipt:
    """Work of `receipt-to-json` and `invoice-to-json`."""

    def apply(self, document: Document, /) -> Document:
        """The document with the fields that were found; what is not printed is not there.

        Where a language model is configured (`OCRKIT_LLM_URL`), what it says goes before the rules, but for sums that
        the rules found to add up; if it gives no answer, the first page has the warning `fields_by_rules`.
        """
        rows = rows_of(document)
        found = list(fields_of(rows))
        if rows and configured("llm"):
            try:
                found = _joined(found, asked(rows))
            except EndpointError as error:
                document = _warned(document, f"The fields were found by rules alone: {error.message}")
        return document.model_copy(update={"fields": tuple(found)})


def _joined(rules: Sequence[FoundField], model: Sequence[FoundField]) -> list[FoundField]:
    """The fields of both, each name as one of them has it."""
    certain = any(field.name == "total" and field.consistent for field in rules)
    sure = _SUMS if certain else frozenset()
    said = {field.name: field for field in model if field.name not in sure}
    agreed = {field.name for field in rules if field.name in said and field.value == said[field.name].value}
    found = [field for field in rules if field.name not in said or field.name in agreed]
    return [*found, *(field for name, field in said.items() if name not in agreed)]


def _warned(document: Document, message: str) -> Document:
    warning = PageWarning(code="fields_by_rules", message=message)
    pages = (
        page if place else page.model_copy(update={"warnings": (*page.warnings, warning)})
        for place, page in enumerate(document.pages)
    )
    return document.model_copy(update={"pages": kept(pages, len(document.pages))})


def fields_of(rows: Sequence[Row]) -> Iterator[FoundField]:
    """The fields of a receipt or an invoice by rules, each where it is printed."""
    if not rows:
        return
    sums = sums_of(rows)
    yield from parties(rows)
    yield from _dates(rows)
    number = _number(rows)
    if number:
        yield number.field("number")
    currency = _currency(rows, sums)
    if currency:
        yield currency.field("currency")
    yield from _money(sums)


def _money(sums: Sums) -> Iterator[FoundField]:
    if sums.subtotal:
        yield sums.subtotal.found.field("subtotal")
    for tax in sums.taxes:
        yield tax.found.field("tax")
        if tax.rate:
            yield tax.rate.field("tax_rate")
    if sums.total:
        yield sums.total.found.field("total").model_copy(update={"consistent": sums.consistent})


def _dates(rows: Sequence[Row]) -> Iterator[FoundField]:
    every = [(day, piece) for row in rows for piece in row for day in days(piece.folded)]
    month_first = goes_first(day for day, _ in every)

    def read(piece: Piece, start: int, end: int) -> Found | None:
        for day in days(piece.folded):
            if start <= day.start <= start + _NEAR_DATE and day.start < end:
                return _dated(day, piece, month_first=month_first)
        return None

    due = next(beside(rows, labels.DUE, read), None)
    own = next(_own_dates(rows, read), None)
    if own is None:
        free = [pair for pair in every if not _is_other(*pair)] or every
        own = _dated(*free[0], month_first=month_first) if free else None
    if own:
        yield own.field("date")
    if due and (own is None or due.value >= own.value):
        yield due.field("due_date")


def _own_dates(rows: Sequence[Row], read: Reader) -> Iterator[Found]:
    """Those beside the words for the date of the document itself, the surest first."""
    for label in labels.DATE:
        yield from beside(rows, label, read, unless=labels.OTHER_DATE)


def _dated(day: Day, piece: Piece, *, month_first: bool) -> Found:
    return Found(day.day(month_first=month_first).isoformat(), piece.text[day.start : day.end], piece)


def _is_other(day: Day, piece: Piece) -> bool:
    """Whether the words before the date say that it is another one, or it is part of a stretch of time."""
    before, behind = piece.folded[max(0, day.start - _NEAR_DATE) : day.start], piece.folded[day.end :]
    return bool(
        labels.OTHER_DATE.search(before)
        or labels.DUE.search(before)
        or _RANGE.search(before)
        or any(_RANGE.fullmatch(behind[: each.start]) for each in days(behind))
    )


def _number(rows: Sequence[Row]) -> Found | None:
    for label in labels.NUMBER:
        found = next(beside(rows, label, _numbered), None)
        if found:
            return found
    for piece in (piece for row in rows for piece in row):
        match = _MARKED.search(piece.folded)
        if match:
            return _as_printed(piece, match)
    return None


def _numbered(piece: Piece, start: int, _end: int) -> Found | None:
    """The number that begins here, if it is one and no date."""
    match = _NUMBER.match(piece.folded, start)
    if not match or not any(map(str.isdecimal, match["value"])):
        return None
    if any(day.start < match.end("value") and match.start("value") < day.end for day in days(piece.folded)):
        return None
    return _as_printed(piece, match)


def _as_printed(piece: Piece, match: re.Match[str]) -> Found:
    printed = piece.text[slice(*match.span("value"))].rstrip(".-/")
    return Found(printed.lstrip("# "), printed, piece)


def _currency(rows: Sequence[Row], sums: Sums) -> Found | None:
    """That of the total, else the one that is printed most often."""
    if sums.total and sums.total.amount.currency:
        at = sums.total.piece.folded.find(sums.total.amount.currency)
        return _money_sign(sums.total.piece, at, sums.total.amount.currency)
    every = [
        (match[0], piece, match.start()) for row in rows for piece in row for match in _SIGN.finditer(piece.folded)
    ]
    if not every:
        return None
    often = Counter(code_of(sign) for sign, _, _ in every).most_common(1)[0][0]
    return next(_money_sign(piece, at, sign) for sign, piece, at in every if code_of(sign) == often)


def _money_sign(piece: Piece, at: int, sign: str) -> Found:
    return Found(code_of(sign), piece.text[at : at + len(sign)], piece)

"""Subtotal, taxes and total: the amounts behind their labels, and of several those that add up."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from ocrkit.tools.receipts import labels
from ocrkit.tools.receipts.amounts import amounts
from ocrkit.tools.receipts.sheet import Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ocrkit.tools.receipts.amounts import Amount
    from ocrkit.tools.receipts.sheet import Piece, Row

Kind = Literal["subtotal", "tax", "total", "paid", "change", "rounding", "other"]

ROUNDING = Decimal("0.05")
"""By which a total may differ from its parts: cash is rounded to five cents in several countries."""

_BEFORE = 14
"""Characters before the name of a tax that say what is meant."""

_RATE = re.compile(r"(?<![\d.,])\d{1,2}(?:[.,]\d{1,3})?\s?%")

_KINDS: tuple[tuple[re.Pattern[str], Kind, int], ...] = (
    (labels.SUBTOTAL, "subtotal", 0), (labels.TOTAL[0], "total", 2), (labels.NO_TOTAL, "other", 0),
    (labels.TAX, "tax", 0), (labels.ROUNDING, "rounding", 0), (labels.PAID, "paid", 0), (labels.CHANGE, "change", 0),
    (labels.TOTAL[1], "total", 1),
)  # fmt: skip

_LABEL, _ADDS_UP, _IS_PAID, _ROUNDED, _AGAIN, _LATER, _NOTHING = 10.0, 15.0, 12.0, 12.0, 1.5, 1.0, 40.0
"""Weights of what speaks for a total: how sure its label is, that its parts add up to it, that it is what was paid,
that rounding leads to it, that it is printed again, that it stands further below; and against it, that it is zero."""


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount behind a label.

    Attributes:
        tier: how sure the label is, from 0.
        row: its row in the document.
        amount: where it stands in the piece.
        rate: of a tax, where it is printed in the same row.
    """

    kind: Kind
    tier: int
    row: int
    piece: Piece
    amount: Amount
    rate: Found | None = None

    @property
    def worth(self) -> Decimal:
        """The amount itself."""
        return self.amount.worth

    @property
    def found(self) -> Found:
        """The amount where it is printed."""
        return Found(str(self.worth), self.piece.text[self.amount.start : self.amount.end].strip(), self.piece)


@dataclass(frozen=True, slots=True)
class Sums:
    """What a document comes to.

    Attributes:
        subtotal: before taxes.
        taxes: one for each rate.
        total: with taxes.
    """

    subtotal: Sum | None = None
    taxes: tuple[Sum, ...] = ()
    total: Sum | None = None

    @property
    def consistent(self) -> bool | None:
        """Whether the parts add up to the total; `None` where one is not known."""
        if self.subtotal is None or self.total is None or not self.taxes:
            return None
        return _near(self.subtotal.worth + sum(tax.worth for tax in self.taxes), self.total.worth)


def sums_of(rows: Sequence[Row]) -> Sums:
    """Subtotal, taxes and total of the document, as far as they are printed."""
    whole = not any("." in piece.text or "," in piece.text for row in rows for _, piece in _decimal(row))
    found = [each for index, row in enumerate(rows) for each in _in_row(index, row, whole=whole)]
    printed = Counter(amount.worth for row in rows for piece in row for amount in amounts(piece.folded, whole=whole))
    total = _total(found, printed)
    if total is None:
        fallback = [each for each in found if each.kind == "subtotal" and each.worth]
        return Sums(total=fallback[-1] if fallback else None, taxes=_last_tax(found, None))
    subtotal, taxes = _parts(found, total)
    if subtotal is None:
        subtotal, taxes = _in_a_table(rows, total, taxes)
    return Sums(subtotal, taxes, total)


def _decimal(row: Row) -> Iterator[tuple[Amount, Piece]]:
    yield from ((amount, piece) for piece in row for amount in amounts(piece.folded) if not amount.currency)


def _in_row(index: int, row: Row, *, whole: bool) -> Iterator[Sum]:
    """The amounts of a row, each behind the label before it."""
    label: tuple[Kind, int] | None = None
    rate = _rate(row)
    behind: list[Sum] = []
    for piece in row:
        there = list(_labels(piece.folded))
        marks = [(start, kind, tier) for start, kind, tier in there]
        signs = [*marks, *((amount.start, amount, 0) for amount in amounts(piece.folded, whole=whole))]
        for _, sign, tier in sorted(signs, key=lambda each: each[0]):
            if isinstance(sign, str):
                if label is not None and not behind and label[0] == "tax" and (sign == "paid" or tier == 1):
                    continue  # the total of the taxes, or what was paid of them
                yield from _settled(behind, rate)
                label, behind = (sign, tier), []
            elif label is not None:
                behind.append(Sum(label[0], label[1], index, piece, sign))
    yield from _settled(behind, rate)


def _labels(folded: str) -> Iterator[tuple[int, Kind, int]]:
    taken: list[tuple[int, int]] = []
    for pattern, kind, tier in _KINDS:
        for match in pattern.finditer(folded):
            if kind == "tax" and labels.NO_TAX.search(folded[max(0, match.start() - _BEFORE) : match.start()]):
                continue
            if all(match.end() <= start or end <= match.start() for start, end in taken):
                taken.append(match.span())
                yield match.start(), kind, tier


def _settled(behind: Sequence[Sum], rate: Found | None) -> Iterator[Sum]:
    """Of the amounts behind one label that which it means: of a row that adds up all, else the last."""
    if not behind:
        return
    last = behind[-1]
    if last.kind == "total" and len(behind) > 2 and behind[-3].worth + behind[-2].worth == last.worth != 0:  # noqa: PLR2004 - a sum has two parts
        yield replace(behind[-3], kind="subtotal")
        yield replace(behind[-2], kind="tax", rate=rate)
    if last.kind != "other":
        yield replace(last, rate=rate if last.kind == "tax" else None)


def _total(found: Sequence[Sum], printed: Counter[Decimal]) -> Sum | None:
    paid = _paid(found)
    rounding = [each.worth for each in found if each.kind == "rounding" and each.worth]
    subtotals = {each.worth for each in found if each.kind == "subtotal"}
    taxes = {each.worth for each in found if each.kind == "tax"}
    possible = [each for each in found if each.kind == "total" or (each.worth in paid and each.worth > 0)]
    count = len(possible)

    def weight(place: int, each: Sum) -> float:
        adds_up = any(_near(one + other, each.worth) for one in subtotals for other in taxes if one and other)
        led_to = sum(each.worth - r in printed for r in rounding) - sum(each.worth + r in printed for r in rounding)
        return (
            _LABEL * (each.tier if each.kind == "total" else 0)
            + _ADDS_UP * adds_up
            + _IS_PAID * (each.worth in paid)
            + _ROUNDED * max(-1, min(1, led_to))
            + _AGAIN * min(3, printed[each.worth] - 1)
            + _LATER * place / count
            - _NOTHING * (each.worth <= 0)
        )

    if not possible:
        return None
    return max(enumerate(possible), key=lambda each: weight(*each))[1]


def _paid(found: Sequence[Sum]) -> set[Decimal]:
    """What was handed over less the change."""
    change = {each.worth for each in found if each.kind == "change"}
    return {each.worth - back for each in found if each.kind == "paid" for back in change if each.worth > back}


def _parts(found: Sequence[Sum], total: Sum) -> tuple[Sum | None, tuple[Sum, ...]]:
    """Subtotal and taxes, those that add up where some do."""
    subtotals = [each for each in found if each.kind == "subtotal" and 0 < each.worth <= total.worth + ROUNDING]
    taxes = [each for each in found if each.kind == "tax" and 0 <= each.worth < total.worth]
    for subtotal in reversed(subtotals):
        for tax in reversed(taxes):
            if _near(subtotal.worth + tax.worth, total.worth):
                return subtotal, (tax,)
        different = tuple({(tax.rate and tax.rate.value, tax.worth): tax for tax in taxes if tax.worth}.values())
        if len(different) > 1 and _near(subtotal.worth + sum(tax.worth for tax in different), total.worth):
            return subtotal, different
    return (subtotals[-1] if subtotals else None), _last_tax(found, total)


def _last_tax(found: Iterable[Sum], total: Sum | None) -> tuple[Sum, ...]:
    taxes = [each for each in found if each.kind == "tax" and (total is None or each.worth < total.worth)]
    some = [tax for tax in taxes if tax.worth] or taxes
    return (some[0],) if some else ()


def _in_a_table(rows: Sequence[Row], total: Sum, taxes: tuple[Sum, ...]) -> tuple[Sum | None, tuple[Sum, ...]]:
    """Two amounts of one row, under or beside the name of a tax, that add up to the total."""
    for index, row in enumerate(rows):
        near = " ".join(piece.folded for each in rows[max(0, index - 2) : index + 1] for piece in each)
        if not labels.TAX.search(near) and not re.search(r"\b(?:gst|vat|tva|mwst|btw|tax)\b", near):
            continue
        found = [(amount, piece) for piece in row for amount in amounts(piece.folded)]
        for (one, first), (other, second) in pairwise(found):
            if other.worth > 0 and one.worth > other.worth and one.worth + other.worth == total.worth:
                tax = Sum("tax", 0, index, second, other, _rate(row))
                return Sum("subtotal", 0, index, first, one), (tax,)
    return None, taxes


def _rate(row: Row) -> Found | None:
    """The one rate that is printed in the row."""
    found = [
        Found(re.sub(r"[\s%]", "", match[0]).replace(",", "."), match[0], piece)
        for piece in row
        for match in _RATE.finditer(piece.text)
    ]
    return found[0] if len({rate.value for rate in found}) == 1 else None


def _near(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= ROUNDING

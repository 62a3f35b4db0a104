"""Amounts of money as they are printed, what they are worth, and in which currency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNS = {
    "us$": "USD", "a$": "AUD", "c$": "CAD", "hk$": "HKD", "s$": "SGD", "nt$": "TWD", "r$": "BRL", "$": "USD",
    "€": "EUR", "£": "GBP", "¥": "JPY", "円": "JPY", "元": "CNY", "₹": "INR", "rs.": "INR", "rs": "INR", "₩": "KRW",
    "rm": "MYR", "rp": "IDR", "zl": "PLN", "kc": "CZK", "₺": "TRY", "₽": "RUB", "฿": "THB", "₫": "VND", "₴": "UAH",
}  # fmt: skip
"""What stands beside amounts, folded, and the code of ISO 4217 that it most often means."""

CODES = frozenset(
    {
        "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD",
        "HUF", "IDR", "ILS", "INR", "JPY", "KES", "KRW", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP", "PLN",
        "RON", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR",
    }
)  # fmt: skip
"""Codes of ISO 4217 that count beside an amount."""

_CODE = "|".join(code.lower() for code in sorted(CODES))
_SIGN = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))
_BEFORE = rf"(?P<before>(?<![a-z])(?:{_CODE}|euros?)|(?<![a-z])(?:{_SIGN}))?"
_AFTER = rf"(?P<after>(?:{_CODE}|euros?)(?![a-z])|(?:{_SIGN})(?![a-z]))?"
_NUMBER = r"\d{1,3}(?:(?P<k>[ .,'’])\d{3})(?:(?P=k)\d{3})*(?:\s?[.,]\s?\d{2})?|\d+(?:\s?[.,]\s?\d{2})?"
_AMOUNT = re.compile(
    rf"(?<![\w.,/-]){_BEFORE}\s?(?P<sign>[-−(]\s?)?{_BEFORE.replace('before', 'inner')}\s?(?P<number>{_NUMBER})"
    rf"(?![\d/]|[.,]\d|-\d)\s?{_AFTER}(?P<rate>\s?%)?(?P<word>[a-z]\w)?"
)
_DECIMALS = re.compile(r"[.,]\s?\d{2}$")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount where it is printed.

    Attributes:
        start: its first digit or sign.
        end: behind its last digit.
        worth: with two decimals.
        currency: as printed beside it, folded; empty where nothing is.
    """

    start: int
    end: int
    worth: Decimal
    currency: str = ""


def amounts(folded: str, *, whole: bool = False) -> Iterator[Amount]:
    """The amounts of a text that is folded; a number without cents counts beside a currency, or where all are whole."""
    for match in _AMOUNT.finditer(folded):
        if match["rate"] or match["word"]:
            continue
        number = match["number"]
        decimal = _DECIMALS.search(number) is not None
        currency = match["before"] or match["inner"] or match["after"] or ""
        if not (decimal or currency or whole):
            continue
        digits = re.sub(r"\D", "", number)
        worth = Decimal(digits) / (100 if decimal else 1)
        negative = match["sign"] is not None and match["sign"][0] in "-−"
        start = match.start("sign") if negative else match.start("number")
        yield Amount(start, match.end("number"), (-worth if negative else worth).quantize(Decimal("0.01")), currency)


def code_of(currency: str) -> str:
    """The code of ISO 4217 that a sign or code beside an amount means."""
    if currency.startswith("us d"):
        return "USD"
    return "EUR" if currency.startswith("euro") else SIGNS.get(currency, currency.upper())

"""Dates as they are printed in several languages, and the days they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MONTHS = (
    ("jan", "ene", "gen", "led"), ("feb", "fev", "feb"), ("mar", "mrz", "mrt", "maa", "mac"), ("apr", "abr", "avr"),
    ("may", "mai", "mei", "mag", "maj"), ("jun", "juin", "giu"), ("jul", "juil", "lug"), ("aug", "ago", "aou", "ogo"),
    ("sep", "set"), ("oct", "okt", "out", "ott"), ("nov",), ("dec", "dez", "dic", "dis"),
)  # fmt: skip
"""How the names of the months begin, without accents."""

_NAME = r"(?:jan|ene|gen|feb|fev|mar|mrz|mrt|maa|mac|apr|abr|avr|may|mai|mei|mag|maj|jun|juin|giu|jul|juil|lug|aug|ago|aou|ogo|sep|set|oct|okt|out|ott|nov|dec|dez|dic|dis)[a-z]{0,7}"  # noqa: E501 - one list
_YEAR = r"(?:19|20)\d{2}|\d{2}"
_AFTER = r"(?!\d(?!\d?:\d))"
"""What follows a year is no digit, unless a time was printed into it."""

_FORMS = (
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})(?!\d)"),
    re.compile(rf"(?<![\d.,/-])(?P<a>\d{{1,2}})\s?(?P<s>[-/.])\s?(?P<b>\d{{1,2}})\s?(?P=s)\s?(?P<y>{_YEAR}){_AFTER}"),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|o|º|\.)?[-. /]*(?:de |of )?(?P<n>{_NAME})[-., /]*(?:de |del )?"
        rf"(?P<y>{_YEAR}){_AFTER}"
    ),
    re.compile(rf"\b(?P<n>{_NAME})[-. ]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s?,?\s?(?P<y>(?:19|20)\d{{2}})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
)
"""On text without case and accents."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date where it is printed.

    Attributes:
        start: its first character.
        end: behind its last.
        first: which of two numbers, day or month, it begins with; 0 where a name or the order says.
        second: the other of them.
    """

    start: int
    end: int
    year: int
    first: int = 0
    second: int = 0
    exact: date | None = None

    def day(self, *, month_first: bool) -> date:
        """The day that is meant where months go before days, or behind them."""
        if self.exact is not None:
            return self.exact
        numbers = (self.first, self.second) if month_first else (self.second, self.first)
        one, other = numbers if _is_day(self.year, *numbers) else reversed(numbers)
        return date(self.year, one, other)

    @property
    def says_month_first(self) -> bool | None:
        """Whether its month must be the first number; `None` where it may be either."""
        either = [_is_day(self.year, self.first, self.second), _is_day(self.year, self.second, self.first)]
        return None if self.exact is not None or all(either) else either[0]


def days(folded: str) -> Iterator[Day]:
    """The dates of a text that is folded, in the order in which they stand."""
    found: list[Day] = []
    for form in _FORMS:
        for match in form.finditer(folded):
            made = _made(match)
            if made is not None and all(made.end <= each.start or each.end <= made.start for each in found):
                found.append(made)
    yield from sorted(found, key=lambda each: each.start)


def goes_first(dates: Iterable[Day]) -> bool:
    """Whether months go before days: one date that can be read only one way tells how the others are meant."""
    return {each.says_month_first for each in dates} - {None} == {True}


def _made(match: re.Match[str]) -> Day | None:
    part = match.groupdict()
    year = int(part["y"]) + (2000 if len(part["y"]) == 2 else 0)  # noqa: PLR2004 - two digits
    if "a" in part:
        first, second = int(part["a"]), int(part["b"])
        if not (_is_day(year, first, second) or _is_day(year, second, first)):
            return None
        return Day(*match.span(), year, first, second)
    month = int(part["m"]) if "m" in part else _month(part["n"])
    if not _is_day(year, month, int(part["d"])):
        return None
    return Day(*match.span(), year, exact=date(year, month, int(part["d"])))


def _month(name: str) -> int:
    return next((number for number, names in enumerate(_MONTHS, 1) if name.startswith(names)), 0)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True

"""`fields`: whether the tool finds what is known of receipts and invoices, and whether it stands where it says."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from rapidfuzz.fuzz import ratio

from bench.dataset import DOCUMENTS, NoDataError
from bench.report import percent
from ocrkit.presets import applied
from ocrkit.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from ocrkit import Document
    from ocrkit.found import FoundField

HEAD = ("field", "known", "right", "wrong", "not found", "right of known, %", "right of found, %")

ALIKE = 90.0
"""Of 100: how much the letters of two names must have in common; a reading may err in one or two."""

LEAST_PART = 0.4
"""Of a name: how much of it must be there where the rest is missing, as a legal form or a branch."""

MOST_WORDS = 0.8
"""F1 over the words of an address from which it counts as the same."""

_KEYS = {
    "company": "vendor", "issuer": "vendor", "date": "date", "date_due": "due_date", "invoice_number": "number",
    "currency": "currency", "amount_untaxed": "subtotal", "amount_tax": "tax", "amount": "total", "total": "total",
    "address": "address",
}  # fmt: skip
"""What the truth calls a field (SROIE and invoice2data), and what the tool calls it."""

_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%d.%m.%y", "%Y%m%d", "%d %b %y")


@dataclass(slots=True)
class Count:
    """What became of one field.

    Attributes:
        known: documents whose value is known; `right` of them have it, `wrong` have another one.
        misses: a line for each that is not right.
    """

    known: int = 0
    right: int = 0
    wrong: int = 0
    misses: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Score:
    """What became of all fields of a folder.

    Attributes:
        counts: by name of the field.
        astray: values whose printed text is not in a line where they say.
    """

    documents: int = 0
    counts: dict[str, Count] = field(default_factory=dict)
    astray: list[str] = field(default_factory=list)

    @property
    def misses(self) -> list[str]:
        """Those of all fields."""
        return [miss for count in self.counts.values() for miss in count.misses]


def scored(folder: Path, *, read: Callable[[Path], Document], tool: str) -> dict[str, Score]:
    """What the tool finds in a folder's documents, those of each kind of file by themselves.

    Raises:
        NoDataError: nothing is known of any.
    """
    registry = Registry.discover()
    scores: dict[str, Score] = {}
    for path, truth in known_files(folder):
        score = scores.setdefault(f"{folder.name} ({path.suffix.lstrip('.')})", Score())
        judge(path.name, applied(registry, tool, read(path)), truth, score=score)
    return scores


def known_files(folder: Path) -> list[tuple[Path, dict[str, str]]]:
    """The documents of a folder with what is known of each: `<id>.gt.json` beside `<id>.jpg` (or .pdf, …).

    Raises:
        NoDataError: there is none.
    """
    found = []
    for path in sorted(folder.iterdir()):
        truth = path.with_name(f"{path.name.split('.', maxsplit=1)[0]}.gt.json")
        if path.suffix.lower() in DOCUMENTS and truth.is_file():
            found.append((path, truth_of(json.loads(truth.read_text("utf-8-sig")))))
    if not found:
        raise NoDataError(f"{folder} holds no document with a <id>.gt.json beside it.")
    return found


def truth_of(said: Any) -> dict[str, str]:
    """The values that are known, by the names that the tool gives them."""
    values: Mapping[str, Any] = said[0] if isinstance(said, list) else said
    return {name: str(values[key]) for key, name in _KEYS.items() if values.get(key) not in (None, "")}


def judge(name: str, document: Document, truth: Mapping[str, str], *, score: Score) -> None:
    """Adds one document to the score."""
    score.documents += 1
    found = {one.name: one for one in document.fields}
    for key, wanted in truth.items():
        count = score.counts.setdefault(key, Count())
        count.known += 1
        given = found.get(key)
        if given is not None and same(key, given.value, wanted):
            count.right += 1
            continue
        count.wrong += given is not None
        count.misses.append(f"{name}: {key} is {wanted!r}, not {given.value if given else None!r}")
    score.astray += [f"{name}: {one.name} {one.text!r}" for one in document.fields if not _is_there(document, one)]


def same(key: str, given: str, wanted: str) -> bool:
    """Whether two values of a field are the same, however they are printed."""
    return _SAME.get(key, _same_signs)(given, wanted)


def rows(score: Score) -> Iterator[list[str]]:
    """The lines of the report, with all fields together as the last."""
    every = Count()
    for count in score.counts.values():
        every.known, every.right, every.wrong = (
            every.known + count.known,
            every.right + count.right,
            every.wrong + count.wrong,
        )
    for name, count in (*score.counts.items(), ("all", every)):
        found = count.right + count.wrong
        share = percent(count.right / found) if found else "-"
        missing = count.known - found
        yield [
            name,
            *map(str, (count.known, count.right, count.wrong, missing)),
            percent(count.right / count.known),
            share,
        ]


def _same_signs(given: str, wanted: str) -> bool:
    return _signs(given) == _signs(wanted)


def _same_day(given: str, wanted: str) -> bool:
    return given == _iso(wanted)


def _same_amount(given: str, wanted: str) -> bool:
    try:
        return Decimal(given) == Decimal(re.sub(r"[^\d.-]", "", wanted))
    except InvalidOperation:
        return False


def _same_name(given: str, wanted: str) -> bool:
    """Alike, or one of them the other with words added, as a legal form or a branch."""
    one, other = sorted((" ".join(_words(given)), " ".join(_words(wanted))), key=len)
    part = len(one) >= LEAST_PART * len(other) > 0 and f" {one} " in f" {other} "
    return part or ratio(one.replace(" ", ""), other.replace(" ", "")) >= ALIKE


def _same_place(given: str, wanted: str) -> bool:
    one, other = set(_words(given)), set(_words(wanted))
    return 2 * len(one & other) >= MOST_WORDS * (len(one) + len(other))


_SAME: dict[str, Callable[[str, str], bool]] = {
    "vendor": _same_name,
    "address": _same_place,
    "date": _same_day,
    "due_date": _same_day,
    "subtotal": _same_amount,
    "tax": _same_amount,
    "total": _same_amount,
}


def _signs(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _iso(text: str) -> str | None:
    for form in _DATES:
        try:
            return datetime.strptime(text.strip(), form).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _is_there(document: Document, one: FoundField) -> bool:
    page = next(page for page in document.pages if page.number == one.page)
    x0, y0, x1, y1 = one.bbox
    inside = [
        line.text
        for line in page.lines
        if x0 - 1 <= line.bbox[0] and y0 - 1 <= line.bbox[1] and line.bbox[2] <= x1 + 1 and line.bbox[3] <= y1 + 1
    ]
    return all(part in " ".join(inside) for part in one.text.split("\n"))

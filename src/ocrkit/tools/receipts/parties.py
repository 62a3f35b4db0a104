"""Who wrote the document, and where they are: the name at its head or in its foot, and the lines below it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ocrkit.tools.receipts import labels
from ocrkit.tools.receipts.amounts import amounts
from ocrkit.tools.receipts.sheet import field_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrkit.found import FoundField
    from ocrkit.tools.receipts.sheet import Piece, Row

_TOP, _FOOT = 12, 16
"""Rows of the first page at its head and foot in which the name is looked for."""
_LINES = 6
"""Of an address, at most."""
_SHORT = 20
"""Characters of a line that a legal form has to itself."""
_GAP = 2.5
"""Heights of a line without print that end an address."""
_COLUMNS = 4
"""Pieces side by side from which a row is one of a table."""
_LEAST = 2.5
"""Weight below which what stands there is no name."""
_BLOCK = 8
"""Rows of a block that names the one who pays."""
_LONGEST = 60
"""Characters of a name."""
_LETTERS = 3
"""Fewer are no name, and so many only in capitals."""

_FORM = re.compile(
    r"\s*(?:\([^)]*\)\s*|\w+\)\s*)?(?:s[di]n\.?\s?bhd|pvt\.?|ltd|limited|gmbh|inc|llc|b\.v|bhd|plc|sarl|s\.?r\.?l)\b"
)
_CUT = re.compile(
    r"\s+[-–•·|−]\s+|\s+au capital|,\s+(?=\d|[a-z. ]+\d)|\s+(?:tax )?(?:invoice|receipt)s?$|\s+[-–]\s*(?=tel|gst)"
    r"|(?:\s+|\s*[(\[])(?:co\.?\s?(?:reg\.?\s?)?no\.?\s?:?\s?)?\(?\d{5,}[-\s·.]?[a-z]?\)?\s*$|,$|\t"
)
"""Where a name ends on its line: before an address, a number, what the document is."""


@dataclass(frozen=True, slots=True)
class _Name:
    row: int
    place: int
    piece: Piece
    start: int
    end: int
    weight: float

    @property
    def text(self) -> str:
        return self.piece.text[self.start : self.end].strip(" ,:;#*-")


def parties(rows: Sequence[Row]) -> Iterator[FoundField]:
    """The vendor and the vendor's address, as far as they are printed."""
    names = [name for name in _names(rows) if name.weight >= _LEAST]
    if not names:
        return
    best = _whole(max(names, key=lambda name: name.weight), names)
    pieces, text = [best.piece], best.text
    below = _under(rows, best, 1, span=(best.piece.upright[0], best.piece.upright[2]))
    if below is not None and not labels.LEGAL.search(best.text.casefold()) and _FORM.match(below.folded):
        pieces.append(below)
        text = f"{text} {_trimmed(below)}"
    yield field_of("vendor", text, pieces, printed=best.text if len(pieces) == 1 else "")
    yield from _address(rows, best)


def _whole(best: _Name, names: Sequence[_Name]) -> _Name:
    """The longest name that begins so: a sign at the head is often only part of it."""
    words = f"{best.text.casefold()} "
    return max(
        (name for name in names if f"{name.text.casefold()} ".startswith(words)), key=lambda name: len(name.text)
    )


def _names(rows: Sequence[Row]) -> Iterator[_Name]:
    first = [index for index, row in enumerate(rows) if row[0].page == rows[0][0].page]
    usual = median(piece.height for row in rows for piece in row)
    everything = "\n".join(piece.folded for row in rows for piece in row)
    hosts = "".join(re.findall(r"(?:www\.|https?://|@)[\w.-]+", everything))
    rank = 0
    for index in first:
        for place, piece in enumerate(rows[index]):
            seller = labels.SELLER.search(piece.folded)
            if not seller and index - first[0] >= _TOP and index <= first[-1] - _FOOT:
                continue
            start = seller.end() if seller else _first_letter(piece.folded)
            end = _end(piece, start)
            text = piece.folded[start:end].strip()
            if not _is_name(text, capitals=piece.text[start:end].isupper()) or _is_recipient(rows, index, piece):
                continue
            if index - first[0] < _TOP:
                rank += 1
            weight = 5.0 if seller and not any(map(str.isdecimal, text)) else 0.0
            weight += max(0.0, 5 - rank) if index - first[0] < _TOP else -1.0
            weight += _form(text) or _form_below(rows, index, piece)
            weight += min(2.0, max(0.0, 4 * (piece.height / usual - 1.2)))
            weight += 0.75 * min(2, everything.count(text) - 1) if len(text) > 3 else 0  # noqa: PLR2004 - short ones are anywhere
            weight += 3.0 * _is_host(text, hosts)
            weight += 6.0 * any(labels.OFFICE.search(other.folded) for row in rows[index : index + 2] for other in row)
            weight -= 4.0 * bool(labels.ADDRESS.search(text))
            weight -= 4.0 * (len(rows[index]) >= _COLUMNS)
            weight -= 4.0 * any(True for other in rows[index] for _ in amounts(other.folded))
            yield _Name(index, place, piece, start, end, weight)


def _form(text: str) -> float:
    """What the word for a kind of firm speaks for the text."""
    return 10.0 if labels.LEGAL.search(text) else 7.0 if labels.TRADE.search(text) else 0.0


def _form_below(rows: Sequence[Row], index: int, piece: Piece) -> float:
    """The same of a legal form that stands by itself on the next line."""
    below = rows[index + 1] if index + 1 < len(rows) else ()
    x0, _, x1, _ = piece.upright
    under = [each for each in below if each.upright[0] < x1 and x0 < each.upright[2]]
    return 9.0 if under and _FORM.match(under[0].folded) and len(under[0].folded) <= _SHORT else 0.0


def _first_letter(folded: str) -> int:
    """Where a name begins behind a number or sign at the head of its line."""
    match = re.match(r"[#*]?\d*\s+(?=[a-z])", folded)
    return match.end() if match else 0


def _end(piece: Piece, start: int) -> int:
    cut = _CUT.search(piece.folded, start + 2)
    return cut.start() if cut else len(piece.folded)


def _trimmed(piece: Piece) -> str:
    return piece.text[: _end(piece, 0)].strip()


def _is_name(text: str, *, capitals: bool) -> bool:
    letters = sum(map(str.isalpha, labels.LEGAL.sub("", text)))
    return (
        letters >= _LETTERS + (not capitals)
        and letters > sum(map(str.isdecimal, text))
        and len(text) <= _LONGEST
        and not any(label.search(text) for label in (labels.NO_VENDOR, labels.OFFICE, labels.DUE))
    )


def _is_host(text: str, hosts: str) -> bool:
    """Whether the name is that of a site or of mail addresses on the page."""
    words = re.findall(r"[a-z]{3,}", labels.TRADE.sub("", labels.LEGAL.sub("", text)))
    return bool(words) and len("".join(words)) > _LETTERS and all(word in hosts for word in words[:2])


def _is_recipient(rows: Sequence[Row], index: int, piece: Piece) -> bool:
    """Whether the piece stands behind or below the word for the one who pays."""
    if labels.RECIPIENT.search(piece.folded):
        return True
    x0, top, x1, _ = piece.upright
    for row in reversed(rows[max(0, index - _BLOCK) : index]):
        over = [each for each in row if each.page == piece.page and each.upright[0] < x1 and x0 < each.upright[2]]
        if any(top - each.upright[3] > _GAP * piece.height for each in over):
            break
        if any(labels.RECIPIENT.search(each.folded) for each in over):
            return True
        top = min((each.upright[1] for each in over), default=top)
    return False


def _under(rows: Sequence[Row], name: _Name, step: int, *, span: tuple[float, float]) -> Piece | None:
    """The piece so many rows below the name, somewhere from the left to the right of `span`."""
    if name.row + step >= len(rows):
        return None
    x0, x1 = span
    fitting = [
        piece
        for piece in rows[name.row + step]
        if piece.page == name.piece.page and piece.upright[0] < x1 and x0 < piece.upright[2]
    ]
    return fitting[0] if fitting else None


def _address(rows: Sequence[Row], name: _Name) -> Iterator[FoundField]:
    behind = name.piece.text[name.end :].strip(" ,-–•·|")
    if labels.ADDRESS.search(name.piece.folded[name.end :]) and len(behind) > _LETTERS:
        yield field_of("address", behind, (name.piece,), printed=behind)
        return
    lines: list[Piece] = []
    skipped = 0
    span = (name.piece.upright[0], name.piece.upright[2])
    for step in range(1, _LINES + 5):
        piece = _under(rows, name, step, span=span)
        if piece is None:
            break
        apart = bool(lines) and piece.upright[1] - lines[-1].upright[3] > _GAP * piece.height
        if labels.NO_ADDRESS.search(piece.folded) or apart or _is_bare(piece):
            if any(labels.ADDRESS.search(line.folded) for line in lines) or skipped > 2:  # noqa: PLR2004 - numbers and slogans
                break
            skipped += 1
            lines = []
            continue
        lines.append(piece)
        span = (min(span[0], piece.upright[0]), max(span[1], piece.upright[2]))
        if len(lines) == _LINES:
            break
    lines = _from_first_place(lines)
    if lines:
        yield field_of("address", " ".join(piece.text.strip() for piece in lines), lines)


def _is_bare(piece: Piece) -> bool:
    """Whether the line is a company's number and nothing else."""
    return bool(labels.REGISTRATION.fullmatch(piece.folded)) or not any(map(str.isalnum, piece.text))


def _from_first_place(lines: list[Piece]) -> list[Piece]:
    """The lines from the first that names a place; none where no line does."""
    places = [bool(labels.ADDRESS.search(piece.folded)) for piece in lines]
    if True not in places:
        return []
    first = places.index(True)
    # A line before may belong to it, such as the name of a building, but not one that names a firm.
    kept = [piece for piece in lines[:first] if not labels.LEGAL.search(piece.folded)] if first == 1 else []
    rest = lines[first:]
    for place, (one, other) in enumerate(pairwise(rest), 1):
        if other.upright[1] - one.upright[3] > _GAP * other.height:
            return [*kept, *rest[:place]]
    return [*kept, *rest]

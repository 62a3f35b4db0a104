r"""Takes out of Markdown what its rules would spoil: formulas and HTML tables.

To them `\[` is an escaped bracket, and a table ends at a blank line. Each is a sign of Unicode's private area until the
rest is parsed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

HeldKind: TypeAlias = Literal["inline", "display", "table"]

_OPEN, _CLOSE = "\ue000", "\ue001"
SIGN = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
"""What stands for something taken out; the number is its index."""

_MATHS = re.compile(r"[\\^_=+<>{}|*/]|(?<=\S)-|\A\S+\Z")
"""What a formula in dollars has and a price does not: a sign, or no blank."""
_BRACKETED_WORDS = re.compile(r"(?:[^\W_]|[\s.,:;–-])*\Z")
_FENCE = r"(?P<fence>^ {0,3}(?P<mark>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=mark)[`~]*[ \t]*$|\Z))"
_CODE = r"(?P<code>(?P<ticks>(?<!`)`{1,2}(?!`))[^\n]{1,2000}?(?<!`)(?P=ticks)(?!`))"
_TABLE = r"(?P<table><table\b)"
_DISPLAY = (
    r"\$\$(?P<dollars>.{1,6000}?)\$\$"
    r"|\\\[(?P<square>.{1,6000}?)\\\]"
    r"|(?P<named>\\begin\{(?P<name>equation|align|gather|multline|eqnarray|displaymath|aligned|cases)(?P<star>\*?)\}"
    r".{1,6000}?\\end\{(?P=name)(?P=star)\})"
)
_INLINE = r"\\\((?P<round>[^\n]{1,2000}?)\\\)|(?<![\\$])\$(?![\s$])(?P<dollar>[^$\n]{1,1000}?)(?<![\s\\])\$(?![\d$])"
_HELD = re.compile(f"{_FENCE}|{_CODE}|{_TABLE}|{_DISPLAY}|{_INLINE}", re.DOTALL | re.MULTILINE | re.IGNORECASE)
_TABLE_TAG = re.compile(r"<(/?)table\b[^<>]*>?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Held:
    """Something taken out: a formula without its delimiters, or a table with its tags."""

    kind: HeldKind
    source: str


@dataclass(frozen=True, slots=True)
class Protected:
    """Markdown with signs in the places of what was taken out.

    Attributes:
        text: to be parsed.
        held: what the signs stand for, by index.
        places: `(in text, in the original)` where stretches of both begin together.
    """

    text: str
    held: tuple[Held, ...]
    places: tuple[tuple[int, int], ...]

    def origin(self, place: int, *, end: bool = False) -> int:
        """Where in the original the place of the text is; within a sign, where what it stands for begins or ends."""
        index = max(0, bisect_right(self.places, (place - end, 1 << 60)) - 1)
        here, there = self.places[index]
        if index % 2 == 0:  # stretches of text and signs take turns
            return there + place - here
        return self.places[index + 1][1] if end else there


def protected(markdown: str) -> Protected:
    """The Markdown without what its rules would spoil."""
    markdown = markdown.replace(_OPEN, "").replace(_CLOSE, "")
    parts: list[str] = []
    held: list[Held] = []
    places = [(0, 0)]
    length = place = 0
    for start, end, found in _found(markdown):
        apart = "\n\n" if found.kind == "table" else ""
        before, sign = markdown[place:start], f"{apart}{_OPEN}{len(held)}{_CLOSE}{apart}"
        held.append(found)
        parts += [before, sign]
        places += [(length + len(before), start), (length + len(before) + len(sign), end)]
        length += len(before) + len(sign)
        place = end
    return Protected("".join([*parts, markdown[place:]]), tuple(held), tuple(places))


def _found(markdown: str) -> Iterator[tuple[int, int, Held]]:
    place = 0
    while match := _HELD.search(markdown, place):
        place = match.end()
        if match["table"]:
            place = _table_end(markdown, match.start())
            yield match.start(), place, Held("table", markdown[match.start() : place])
        elif (display := match["dollars"] or match["square"] or match["named"]) is not None:
            if match["square"] is None or not _BRACKETED_WORDS.match(display):
                yield match.start(), place, Held("display", display.strip())
        elif match["round"] is not None:
            yield match.start(), place, Held("inline", match["round"].strip())
        elif match["dollar"] is not None:
            if _MATHS.search(match["dollar"]):
                yield match.start(), place, Held("inline", match["dollar"].strip())
            else:
                place = match.start() + 1  # a price; its partner may open a formula


def _table_end(markdown: str, start: int) -> int:
    """Where the table that begins there ends, tables in it included; the end of the text if it is never closed."""
    depth = 0
    for tag in _TABLE_TAG.finditer(markdown, start):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.end()
    return len(markdown)

"""`places`: whether the words of a searchable PDF are found again where they stand on the page.

A reader that tells the boxes of whole words only, and takes several words of the document for one (characters of
Chinese stand without spaces), is asked whether its word lies within the boxes of just those words together.
"""

from __future__ import annotations

import re
import subprocess
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bench.readers import READERS, around
from bench.report import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bench.readers import BBox, Glyph
    from ocrkit import Document, Line, Page

TOLERANCE = 1.5
"""Points by which what is found may reach out of its word's box."""

_POINTS, _ASSUMED_DPI = 72, 200
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class Sought(NamedTuple):
    """A word of the document.

    Attributes:
        text: its characters, taken apart as far as Unicode does.
        box: where it stands, in shares of the page.
        parted: whether a space, or its line's end, parts it from the word before and from the word behind it.
    """

    text: str
    box: BBox
    parted: tuple[bool, bool]


@dataclass(slots=True)
class Places:
    """What one reader found of the words of some documents.

    Attributes:
        words: how many words they have.
        within: how many it finds parted as they should be, wholly within their boxes.
        middle: how many it finds so, at least the middle of each character within the box.
        missed: the texts of those that it does not find within their boxes.
    """

    words: int = 0
    within: int = 0
    middle: int = 0
    missed: list[str] = field(default_factory=list)

    def add(self, other: Places) -> None:
        """Counts in what was found of other documents."""
        self.words += other.words
        self.within += other.within
        self.middle += other.middle
        self.missed += other.missed


def count(document: Document, pdf: bytes, *, every_page: bool) -> dict[str, Places]:
    """What each reader finds of the document's words in its searchable PDF.

    Args:
        document: what was read.
        pdf: what was made of it.
        every_page: whether the file has the pages of the source, or only those of the document.
    """
    made = {reader.name: Places() for reader in READERS}
    for place, page in enumerate(document.pages, start=1):
        sought = [word for line in page.lines for word in _sought(line, page)]
        room = _POINTS / (page.dpi or _ASSUMED_DPI)
        slack = (TOLERANCE / (page.width * room), TOLERANCE / (page.height * room))
        for reader in READERS:
            glyphs = reader.glyphs(pdf, page.number if every_page else place)
            _look(sought, _Read(glyphs, whole_words=reader.tells_words), slack=slack, into=made[reader.name])
    return made


def faults(pdf: Path) -> str:
    """What `qpdf --check` finds wrong with a file; empty where all is well."""
    done = subprocess.run(["qpdf", "--check", str(pdf)], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip()


def _folded(text: str) -> str:
    """Compatibility forms taken apart: readers put accents, ligatures and wide forms together in ways of their own."""
    return "".join(unicodedata.normalize("NFKD", _CONTROLS.sub("", text)).split())


def _sought(line: Line, page: Page) -> Iterator[Sought]:
    position, open_before = 0, True
    for word in line.words:
        at = line.text.find(word.text, position)
        if at >= 0:
            open_before = not line.text[position:at].strip() and (position == 0 or at > position)
            position = at + len(word.text)
        behind = line.text[position : position + 1]
        open_behind = not behind or behind.isspace()
        if text := _folded(word.text):
            x0, y0, x1, y1 = word.bbox
            box = (x0 / page.width, y0 / page.height, x1 / page.width, y1 / page.height)
            yield Sought(text, box, (open_before, open_behind))


class _Read:
    """The text of a page as a reader gives it, with the box of each character; a space where it parts words.

    Attributes:
        text: between two spaces.
        boxes: one for each character of the text, `None` for spaces.
        whole_words: whether only the boxes of whole words are the reader's own.
    """

    def __init__(self, glyphs: Sequence[Glyph], *, whole_words: bool) -> None:
        signs: list[str] = []
        boxes: list[BBox | None] = []
        for glyph in glyphs:
            parts = _folded(glyph.sign) if glyph.box else " "
            signs += parts
            boxes += [glyph.box] * len(parts)
        self.text = f" {''.join(signs)} "
        self.boxes = [None, *boxes, None]
        self.whole_words = whole_words


def _look(sought: Sequence[Sought], read: _Read, *, slack: tuple[float, float], into: Places) -> None:
    for index, word in enumerate(sought):
        into.words += 1
        found = list(_found(sought, index, read))
        into.middle += any(all(_holds(outer, _center(box), slack) for box in boxes) for outer, boxes in found)
        if any(_holds(outer, around(boxes), slack) for outer, boxes in found):
            into.within += 1
        else:
            into.missed.append(word.text)


def _found(sought: Sequence[Sought], index: int, read: _Read) -> Iterator[tuple[BBox, list[BBox]]]:
    """For each place where the word is read, the box that it must lie in and those of its characters."""
    word = sought[index]
    for at in _matches(read.text, word):
        whole = _whole(sought, read.text, (index, at)) if read.whole_words else None
        outer, span = whole or (word.box, slice(at, at + len(word.text)))
        yield outer, [box for box in read.boxes[span] if box]


def _whole(sought: Sequence[Sought], text: str, word: tuple[int, int]) -> tuple[BBox, slice] | None:
    """The boxes of the words that the reader takes for one with this one, together, and where they stand in the text.

    `None` where it takes it for one with anything but its neighbours.

    Args:
        sought: all words of the page.
        text: what the reader reads.
        word: which of them it is, and where it stands in the text.
    """
    index, at = word
    first, last, start, end = index, index, at, at + len(sought[index].text)
    while text[start - 1] != " ":
        first -= 1
        before = sought[first].text if first >= 0 else " "
        if not text.endswith(before, 0, start):
            return None
        start -= len(before)
    while text[end] != " ":
        last += 1
        after = sought[last].text if last < len(sought) else " "
        if not text.startswith(after, end):
            return None
        end += len(after)
    return around(word.box for word in sought[first : last + 1]), slice(start, end)


def _matches(text: str, word: Sought) -> Iterator[int]:
    at = text.find(word.text)
    while at >= 0:
        around_it = (text[at - 1], text[at + len(word.text)])
        if all(sign == " " or not parted for sign, parted in zip(around_it, word.parted, strict=True)):
            yield at
        at = text.find(word.text, at + 1)


def _center(box: BBox) -> BBox:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return (x, y, x, y)


def _holds(outer: BBox, inner: BBox, slack: tuple[float, float]) -> bool:
    across, down = slack
    return (
        inner[0] >= outer[0] - across
        and inner[1] >= outer[1] - down
        and inner[2] <= outer[2] + across
        and inner[3] <= outer[3] + down
    )


HEAD = ("documents", "reader", "words", "within their box", "middle within")


def rows(name: str, found: dict[str, Places]) -> list[list[str]]:
    """The lines of the table for one folder."""
    return [
        [name, reader, str(one.words), *(percent(part / max(one.words, 1), 2) for part in (one.within, one.middle))]
        for reader, one in found.items()
    ]

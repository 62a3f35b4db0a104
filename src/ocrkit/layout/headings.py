"""Titles, section headers, captions and footnotes: what a paragraph is, from its type, its words and its place.

Levels of headings are set for all pages at once, by numbering where there is one, else by size.
"""

from __future__ import annotations

import re
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from ocrkit.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.layout.pieces import Piece

LARGE = 1.25
"""Type this many times that of the text makes a heading, by the height of line boxes, which letters alone make vary."""

LARGE_FONT = 1.12
"""The same, where the size of the type is known."""

TITLE = 1.4
"""Type this many times that of the text makes the title of a first page."""

MAX_LENGTH = 180
"""A heading has no more characters than this."""

MAX_LINES = 4
"""A heading has no more lines than this."""

MIN_LETTERS = 3
"""A heading has no fewer letters."""

MAX_BOLD_LINES = 2
"""A heading that only its weight, its number or its capitals tell has no more lines than this."""

SMALLEST = 0.85
"""No heading is set in type smaller than this share of the text's."""

FOOTNOTE = 0.92
"""Type at most this share of the text's marks a footnote."""

_NUMBERING = re.compile(
    r"(?:(?:chapter|section|appendix|part|article|kapitel|chapitre|annexe)\s+)?((?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,4})\.?\s+\S",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[IVX]{1,5}\.|[A-Z]\.)\s+[^\W\d_a-z]"
    r"|第[一二三四五六七八九十\d]+[章節节條条]"
    r"|(?i:chapter|appendix|annexe|kapitel|chapitre)\s+[\dA-Z]+\b"
)
_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|table|tab\.|abb(?:ildung|\.)|tabelle|tableau|figura|tabla|exhibit|chart|图|圖|図|表)\s*[A-Z]?-?\d[\w.\-]*?\s*(?P<end>[.:|–—-]|$)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"(?:\(?\d{1,2}\)?|[*†‡§¹²³⁴⁵⁶⁷⁸⁹]+|[a-h]\))\s*\S")
_SENTENCE_END = re.compile(r"[.;,。；，]$")


def kind_of(run: Sequence[Piece], text: str, *, body: float, prose: bool) -> BlockKind:
    """What the paragraph is.

    Args:
        run: its lines.
        text: its text.
        body: size of the type of the page's text.
        prose: whether the page holds running text; on a receipt or a form, capitals and short lines mean nothing.
    """
    if _CAPTION.match(text):
        return BlockKind.CAPTION
    if is_heading(run, text, body=body, prose=prose):
        return BlockKind.SECTION_HEADER
    return BlockKind.TEXT


def is_heading(run: Sequence[Piece], text: str, *, body: float, prose: bool) -> bool:
    """Whether the paragraph heads what follows: larger, bold, numbered or in capitals, and short."""
    letters = [c for c in text if c.isalpha()]
    if (
        len(run) > MAX_LINES
        or len(text) > MAX_LENGTH
        or len(letters) < MIN_LETTERS
        or len(letters) < len(text.replace(" ", "")) / 2
    ):
        return False
    known = all(p.line.font_size for p in run)
    ratio = median(p.size for p in run) / body
    if ratio >= (LARGE_FONT if known else LARGE):
        return prose or ratio >= TITLE
    if not prose or len(run) > MAX_BOLD_LINES or _SENTENCE_END.search(text) or ratio < SMALLEST:
        return False
    if all(p.line.bold for p in run):
        return True
    if len(run) > 1:
        return False
    capitals = text.upper() == text and text.lower() != text and len(letters) > MIN_LETTERS
    return capitals or bool(_SECTION.match(text) and len(text) < MAX_LENGTH / 2)


def is_footnote(run: Sequence[Piece], text: str, *, body: float) -> bool:
    """Whether the paragraph, at the foot of its column, is a note in smaller type."""
    return median(p.size for p in run) <= FOOTNOTE * body and bool(_NOTE.match(text))


def block_size(block: Block) -> float:
    """Size of the type of a block's lines, in pixels."""
    return median(line.font_size or line.bbox[3] - line.bbox[1] for line in block.lines) if block.lines else 0.0


class Heading(NamedTuple):
    """What the level of a heading follows from; small, so that those of a long document can be held.

    Attributes:
        title: whether it is a title.
        size: of its type, in a unit that all headings compared share.
        depth: of its number; 0 without number.
    """

    title: bool
    size: float
    depth: int


def heading_of(block: Block, scale: float = 1.0) -> Heading | None:
    """The block as a heading, if it is one.

    Args:
        block: of any kind.
        scale: what its page's pixels are worth, so that pages of different resolution compare.
    """
    if block.kind not in (BlockKind.TITLE, BlockKind.SECTION_HEADER):
        return None
    return Heading(block.kind is BlockKind.TITLE, block_size(block) * scale, numbering_depth(block.text))


class Levels:
    """Levels that are consistent over all the headings given.

    A title is level 1. Headers below a title begin at level 2, else at 1; numbering tells the depth, size the rest.
    """

    def __init__(self, headings: Iterable[Heading]) -> None:
        seen = set(headings)
        self._above = int(any(heading.title for heading in seen))
        self._steps: list[float] = []
        for size in sorted({h.size for h in seen if not h.title and not h.depth}, reverse=True):
            if not self._steps or size < self._steps[-1] * 0.87:
                self._steps.append(size)

    def of(self, heading: Heading) -> int:
        """The level of one of the headings."""
        if heading.title:
            return 1
        rank = heading.depth or max(1, sum(heading.size <= step for step in self._steps))
        return min(self._above + rank, 6)


def with_levels(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a page, their headings with levels that are consistent over all of them."""
    headings = [heading_of(block) for block in blocks]
    levels = Levels(filter(None, headings))
    return [
        block.model_copy(update={"level": levels.of(heading)}) if heading else block
        for block, heading in zip(blocks, headings, strict=True)
    ]


def numbering_depth(text: str) -> int:
    """How deep the number at the start of a heading is: 1 for `2 Method`, 2 for `2.1 Data`; 0 without number."""
    found = _NUMBERING.match(text)
    return found.group(1).count(".") + 1 if found and found.group(1)[0].isdigit() else 0

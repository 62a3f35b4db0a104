"""Titles, section headers, captions and footnotes: what a paragraph is, from its type, its words and its place.

Levels of headings are set for all pages at once, by numbering where there is one, else by size.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from ocrkit.layout.lists import has_leader, is_bullet, split_marker, style_of
from ocrkit.layout.paragraphs import stands_apart
from ocrkit.layout.pieces import is_wide, letter_width, letters_in
from ocrkit.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.layout.pieces import Piece

LARGE = 1.25
"""Type this many times that of the text makes a heading, where only boxes around lines and words tell."""

WIDER = 1.1
"""Where only boxes tell the size, letters of larger type are also this many times as wide: boxes of tilted, marked or
handwritten lines are higher for no other reason."""

LARGE_FONT = 1.12
"""The same, where the size of the type is known."""

TITLE = 1.4
"""Type this many times that of the text makes the title of a first page."""

SMALLER = 0.87
"""Headings whose type is smaller than this share of that of others are a level deeper."""

PLAINLY_SMALLER = 0.8
"""The same, where the size is guessed from boxes around lines."""

WIDE_LETTER = 2.3
"""Height of the box around a line, in widths of a small letter."""

MAX_LENGTH = 180
"""A heading has no more characters than this."""

MAX_LINES = 4
"""A heading has no more lines than this."""

MIN_LETTERS = 3
"""A heading has no fewer letters."""

MAX_BOLD_LINES = 2
"""A heading that only its weight, its number or its capitals tell has no more lines than this."""

MAX_PLAIN_LINES = 2
"""On a page without running text a heading has no more lines than this."""

MAX_LABEL = 30
"""A label has no more characters than this."""

FEWEST_LABELS = 3
"""So many short lines right above the caption of a figure are its labels."""

FEWEST_ABOVE = 2
"""So many lines right above a line, in type like its own, make it one of them."""

ALIKE = 0.15
"""Boxes of lines in one type differ in height by no more than this share."""

NEAR = 0.4
"""Lines of one block stand no further apart than this share of their height."""

SURE = 0.8
"""What an engine read with less confidence heads nothing: scribbles, logos, charts."""

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
    r"|(?:\d{1,2}(?:[.．]\d{1,2}){0,4}[.．、]|[一二三四五六七八九十]{1,3}、)\s*[⺀-鿿]"
    r"|第?\d{0,2}【[^】]+】$"
    r"|(?i:chapter|appendix|annexe|kapitel|chapitre)\s+[\dA-Z]+\b"
)
_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|table|tab\.|abb(?:ildung|\.)|tabelle|tableau|figura|tabla|exhibit|chart|图|圖|図|表)\s*[A-Z]?-?\d[\w.\-]*?\s*(?P<end>[.:|–—-]|$)",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?:fig(?:ure|\.)?|abb(?:ildung|\.)|figura|chart|图|圖|図)\b", re.IGNORECASE)
_LABELS = (BlockKind.TEXT, BlockKind.SECTION_HEADER)
_NUMBER = re.compile(r"\(?[\dIVXA-Z]{1,3}(?:\.\d{1,2})*[.)]?")
_SPACED = re.compile(r"\b\w\b")
_AMOUNT = re.compile(r"\d[.,]\d\d\b")
_VALUE = re.compile(r"^[^:：]{1,40}[:：]\s*[^\w\s]?\s?\S*\d\S*$")
"""A name with a figure for its value."""
_GOES_ON = frozenset(",;、，；")
_EQUATION = re.compile(r"\w\)?\s?[=≤≥≈]\s?[\w(]")
_NOTE = re.compile(r"(?:\(?\d{1,2}\)?|[*†‡§¹²³⁴⁵⁶⁷⁸⁹]+|[a-h]\))\s*\S")
_ASIDE = re.compile(r"\([^()]{4,}\)?$")
_SENTENCE_END = re.compile(r"[.;,。；，]$")


def kind_of(run: Sequence[Piece], text: str, usual: Usual) -> BlockKind:
    """What the paragraph is.

    Args:
        run: its lines.
        text: its text.
        usual: what is usual on the page.
    """
    if _CAPTION.match(text):
        return BlockKind.CAPTION
    if is_heading(run, text, usual):
        return BlockKind.SECTION_HEADER
    return BlockKind.TEXT


def is_heading(run: Sequence[Piece], text: str, usual: Usual) -> bool:
    """Whether the paragraph heads what follows: larger, bold, numbered or in capitals, and short."""
    scale = _scale(run, usual)
    if not _could_head(run, text) or (scale < TITLE and (text[:1].islower() or _ASIDE.match(text))):
        return False
    if not usual.prose:
        return _heads_a_form(run, text, scale)
    if scale >= (LARGE_FONT if _known(run) else LARGE):
        return True
    ended = _SENTENCE_END.search(text) and not (_SECTION.match(text) and text.isupper())
    if len(run) > MAX_BOLD_LINES or ended or scale < SMALLEST:
        return False
    return all(p.line.bold for p in run) or (len(run) == 1 and _has_capitals_or_number(text))


def is_label(piece: Piece) -> bool:
    """Whether the line could be a label above what it names: a few words and a colon."""
    text = piece.text.rstrip()
    return text.endswith((":", "：")) and len(text) <= MAX_LABEL and text[:1].isupper() and _could_head([piece], text)


def _heads_a_form(run: Sequence[Piece], text: str, scale: float) -> bool:
    """Whether the paragraph is a heading on a page without running text: only plainly larger or bold type tells."""
    if len(run) > MAX_PLAIN_LINES or _AMOUNT.search(text):
        return False
    bold = len(run) == 1 and run[0].line.bold and not _SENTENCE_END.search(text)
    return scale >= (SMALLEST if bold else LARGE)


def _has_capitals_or_number(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    capitals = text.upper() == text and text.lower() != text and letters > MIN_LETTERS
    most = MAX_LENGTH / (4 if any(map(is_wide, text)) else 2)
    return capitals or bool(_SECTION.match(text) and len(text) < most)


def _could_head(run: Sequence[Piece], text: str) -> bool:
    """Whether the paragraph is short, mostly letters, surely read, no formula, no row of parts, no half a sentence."""
    letters = sum(map(str.isalpha, text))
    if len(run) > MAX_LINES or len(text) > MAX_LENGTH:
        return False
    if letters < MIN_LETTERS or letters < len(text.replace(" ", "")) / 2:
        return False
    if text.rstrip()[-1:] in _GOES_ON or has_leader(text) or is_bullet(split_marker(text)[0]) or _EQUATION.search(text):
        return False
    if any((p.line.confidence or 1.0) < SURE for p in run):
        return False
    if _VALUE.search(text):
        return False
    return not any(_is_row_of_parts(p) for p in run)


def _is_row_of_parts(piece: Piece) -> bool:
    """Whether words of the line stand far apart, other than those after its number, and spaced letters."""
    return len(_SPACED.findall(piece.text)) < MIN_LETTERS and stands_apart(_without_number(piece), piece.size)


def _without_number(piece: Piece) -> Piece:
    words = piece.line.words
    if not words or not _NUMBER.fullmatch(words[0].text):
        return piece
    return replace(piece, line=piece.line.model_copy(update={"words": words[1:]}))


def _known(run: Sequence[Piece]) -> bool:
    """Whether the size of the type is known, not guessed from boxes."""
    return all(p.line.font_size for p in run)


def _scale(run: Sequence[Piece], usual: Usual) -> float:
    """How many times as large as that of the text the type is.

    Boxes that engines draw vary in height; letters that are larger are wider, too, and their width varies less.
    """
    high = median(p.size for p in run) / usual.body
    if high <= 1 or _known(run):
        return high
    wide = median(letter_width(p) for p in run) / usual.letter
    return math.sqrt(high * wide) if wide >= WIDER else 1.0


def is_footnote(run: Sequence[Piece], text: str, *, body: float) -> bool:
    """Whether the paragraph, at the foot of its column, is a note in smaller type."""
    return median(p.size for p in run) <= FOOTNOTE * body and bool(_NOTE.match(text))


def without_labels(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, headings among the labels of a figure, which stand right above its caption, as text."""
    found = list(blocks)
    for at, block in enumerate(blocks):
        if block.kind is not BlockKind.CAPTION or not _FIGURE.match(block.text):
            continue
        first = at
        while first and found[first - 1].kind in _LABELS and len(found[first - 1].text) <= MAX_LABEL:
            first -= 1
        if at - first >= FEWEST_LABELS:
            found[first:at] = [b.model_copy(update={"kind": BlockKind.TEXT}) for b in found[first:at]]
    return found


def without_tails(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, headings that are the last line of what stands right above them, in type like theirs, as text."""
    found = list(blocks)
    for at, (above, block) in enumerate(pairwise(blocks), start=1):
        if block.kind is BlockKind.SECTION_HEADER and above.kind is BlockKind.TEXT and _ends(above, block):
            found[at] = block.model_copy(update={"kind": BlockKind.TEXT})
    return found


def _ends(above: Block, block: Block) -> bool:
    lines, tail = above.lines, block.lines
    if len(lines) < FEWEST_ABOVE or len(tail) != 1 or tail[0].bold or _has_capitals_or_number(block.text):
        return False
    last, high = lines[-1].bbox, median(line.bbox[3] - line.bbox[1] for line in (*lines, *tail))
    x0, y0, _, y1 = tail[0].bbox
    alike = all(abs(bottom - top - high) <= ALIKE * high for top, bottom in ((last[1], last[3]), (y0, y1)))
    return alike and abs(x0 - last[0]) <= high / 2 and y0 - last[3] <= NEAR * high


def block_size(block: Block) -> float:
    """Size of the type of a block's lines, in pixels."""
    return median(line.font_size or line.bbox[3] - line.bbox[1] for line in block.lines) if block.lines else 0.0


def _type_size(block: Block) -> float:
    """Size of the type by which headings are ranked, in pixels: as `block_size`, but steadier where boxes tell it.

    Boxes around lines of one size differ in height by a quarter, the widths of their letters by less.
    """
    if all(line.font_size for line in block.lines):
        return block_size(block)
    wide = [WIDE_LETTER * (line.bbox[2] - line.bbox[0]) / max(1.0, letters_in(line.text)) for line in block.lines]
    return math.sqrt(block_size(block) * median(wide)) if wide else 0.0


class Usual(NamedTuple):
    """What is usual on the page.

    Attributes:
        body: size of the type of the text.
        letter: width of a letter of the text, in the same unit.
        prose: whether the page holds running text; on a receipt or a form, capitals and short lines mean nothing.
    """

    body: float
    letter: float
    prose: bool


class Heading(NamedTuple):
    """What the level of a heading follows from; small, so that those of a long document can be held.

    Attributes:
        title: whether it is a title.
        size: of its type, in a unit that all headings compared share.
        exact: whether the size is that of a font, not guessed from boxes.
        depth: of its number; 0 without number.
        style: how it is numbered otherwise, as by `(a)`; empty where it is not.
    """

    title: bool
    size: float
    exact: bool
    depth: int
    style: str


def heading_of(block: Block, scale: float = 1.0) -> Heading | None:
    """The block as a heading, if it is one.

    Args:
        block: of any kind.
        scale: what its page's pixels are worth, so that pages of different resolution compare.
    """
    if block.kind not in (BlockKind.TITLE, BlockKind.SECTION_HEADER):
        return None
    exact = all(line.font_size for line in block.lines)
    style = style_of(split_marker(block.text)[0])
    return Heading(block.kind is BlockKind.TITLE, _type_size(block) * scale, exact, numbering_depth(block.text), style)


class Levels:
    """Levels that are consistent over all the headings given.

    A title is level 1. Headers below a title begin at level 2, else at 1; numbering tells the depth, size the rest.
    Those numbered alike, as `(a)` and `(b)`, are on one level, that of the largest, and below those with figures.
    """

    def __init__(self, headings: Iterable[Heading]) -> None:
        seen = set(headings)
        self._above = int(any(heading.title for heading in seen))
        self._numbered = any(heading.depth for heading in seen)
        self._steps: list[float] = []
        self._shared: dict[str, float] = {}
        for heading in seen:
            if heading.style and not heading.depth:
                self._shared[heading.style] = max(heading.size, self._shared.get(heading.style, 0.0))
        for size, exact in sorted({(h.size, h.exact) for h in seen if not h.title and not h.depth}, reverse=True):
            if not self._steps or size < self._steps[-1] * (SMALLER if exact else PLAINLY_SMALLER):
                self._steps.append(size)

    def of(self, heading: Heading) -> int:
        """The level of one of the headings."""
        if heading.title:
            return 1
        size = self._shared.get(heading.style, heading.size)
        least = 1 + (self._numbered and heading.style.startswith("a"))
        rank = heading.depth or max(least, sum(size <= step for step in self._steps))
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

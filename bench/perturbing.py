"""A page as a vision model might give it, made of a page as the cpu tier read it: its own text, spoilt in known ways.

Words misread, replaced, dropped, run together and invented; look-alike signs; hyphens at line ends resolved; lines and
words gone, boxes rough or gone, blocks in another order. What was done to each word is kept, so that what `align` says
can be held against it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ocrkit import geometry
from ocrkit.model import Block, Table

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Sequence

    from ocrkit.geometry import BBox
    from ocrkit.model import Page, Word

Fate = Literal["kept", "misread", "invented", "number"]
"""What became of a word: as it was; a letter changed; not on the page at all; on the page with another number."""

MISREAD = 0.03
REPLACED = 0.01
INSERTED = 0.015
DROPPED = 0.015
RUN_TOGETHER = 0.01
OTHER_SIGNS = 0.03
OTHER_NUMBER = 0.08
"""Shares of the words, the last one of those that are numbers."""

_SIGNS = (("fi", "ﬁ"), ("fl", "ﬂ"), ("'", "’"), ('"', "”"), ("-", "–"), ("...", "…"))
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of the spoilt text, and where what it was made of stands."""

    text: str
    fate: Fate
    boxes: tuple[BBox, ...] = ()


@dataclass(slots=True)
class Spoilt:
    """The page, the pieces of each of its blocks in order, and the words that were dropped from it."""

    page: Page
    pieces: list[list[Piece]]
    dropped: list[Word] = field(default_factory=list)


def vocabulary(pages: Iterable[Page]) -> list[str]:
    """Words of pages, to invent text from."""
    return sorted({word.text for page in pages for word in page.words if len(word.text) > 3 and word.text.isalpha()})  # noqa: PLR2004 - no particles


def spoilt(page: Page, invented: Sequence[str], rng: random.Random) -> Spoilt:
    """The page as a vision model might give it.

    Args:
        page: as the cpu tier read it.
        invented: words to invent text from; those of the page itself are left out.
        rng: decides everything.
    """
    own = {word.text.casefold() for word in page.words}
    words = [word for word in invented if word.casefold() not in own]
    made = Spoilt(page, [])
    blocks = []
    for block in page.blocks:
        spoiler = _Spoiler(rng, words, made.dropped)
        blocks.append((_with_text(block, spoiler), spoiler.pieces))
    if words:
        pieces = [Piece(word, "invented") for word in rng.choices(words, k=rng.randint(5, 12))]
        blocks.insert(rng.randint(0, len(blocks)), (Block(text=_joined(pieces), bbox=(0, 0, 1, 1)), pieces))
    if rng.random() < 0.5:  # noqa: PLR2004 - every other page
        rng.shuffle(blocks)
    rough = rng.choice(("none", "rough", "exact"))
    made.pieces = [pieces for _, pieces in blocks]
    given = tuple(block.model_copy(update={"bbox": _box(block.bbox, page, how=rough, rng=rng)}) for block, _ in blocks)
    made.page = page.model_copy(update={"blocks": given, "warnings": (), "provenance": None})
    return made


class _Spoiler:
    """Spoils runs of words one after another."""

    def __init__(self, rng: random.Random, invented: Sequence[str], dropped: list[Word]) -> None:
        self._rng = rng
        self._invented = invented
        self._dropped = dropped
        self.pieces: list[Piece] = []

    def text(self, lines: Sequence[Sequence[Word]]) -> str:
        """The words of the lines as one text."""
        rng, made = self._rng, list[Piece]()
        glue = hyphen = False
        for line in lines:
            for place, word in enumerate(line):
                if rng.random() < DROPPED and not hyphen:
                    self._dropped.append(word)
                    continue
                if self._invented and rng.random() < INSERTED:
                    made += [Piece(one, "invented") for one in rng.choices(self._invented, k=rng.choice((1, 1, 1, 4)))]
                    glue = hyphen = False
                piece = self._piece(word)
                if made and (glue or hyphen):
                    last = made.pop()
                    text = (last.text[:-1] if hyphen else last.text) + piece.text
                    piece = Piece(
                        text, "kept" if last.fate == piece.fate == "kept" else "misread", (*last.boxes, word.bbox)
                    )
                made.append(piece)
                plain = piece.fate == "kept"
                hyphen = plain and place == len(line) - 1 and len(piece.text) > 2 and piece.text[-1] == "-"  # noqa: PLR2004 - a word
                glue = plain and not hyphen and word.text.isalpha() and rng.random() < RUN_TOGETHER
        self.pieces += made
        return _joined(made)

    def _piece(self, word: Word) -> Piece:
        rng, text, place = self._rng, word.text, (word.bbox,)
        if any(sign.isdigit() for sign in text):
            if rng.random() < OTHER_NUMBER:
                at = rng.choice([i for i, sign in enumerate(text) if sign.isdigit()])
                return Piece(
                    text[:at] + rng.choice([d for d in "23456789" if d != text[at]]) + text[at + 1 :], "number", place
                )
            return Piece(text, "kept", place)
        if self._invented and len(text) > 2 and rng.random() < REPLACED:  # noqa: PLR2004 - no particles
            return Piece(rng.choice(self._invented), "invented")
        if len(text) > 4 and text.isalpha() and rng.random() < MISREAD:  # noqa: PLR2004 - a letter of a short word is much of it
            at = rng.randrange(1, len(text) - 1)
            return Piece(text[:at] + rng.choice(_LETTERS) + text[at + 1 :], "misread", place)
        if rng.random() < OTHER_SIGNS:
            for plain, other in _SIGNS:
                text = text.replace(plain, other) if len(text) > len(plain) else text
        return Piece(text, "kept", place)


def _with_text(block: Block, spoiler: _Spoiler) -> Block:
    """The block with spoilt text and no lines; of a table, cell by cell."""
    bare = {"lines": (), "marker": "", "confidence": None}
    if block.table is None:
        return block.model_copy(update={**bare, "text": spoiler.text([line.words for line in block.lines])})
    cells, left = [], [line.words for line in block.lines]
    for cell in block.table.cells:
        box = cell.bbox
        inside = [tuple(w for w in line if box is not None and _within(w, box)) for line in left]
        left = [tuple(w for w in line if w not in mine) for line, mine in zip(left, inside, strict=True)]
        cells.append(cell.model_copy(update={"text": spoiler.text([line for line in inside if line]), "bbox": None}))
    table = Table(rows=block.table.rows, columns=block.table.columns, cells=tuple(cells))
    return block.model_copy(update={**bare, "table": table, "text": "\n".join(cell.text for cell in cells)})


def _within(word: Word, box: BBox) -> bool:
    x, y = geometry.center(word.bbox)
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _box(box: BBox, page: Page, *, how: str, rng: random.Random) -> BBox:
    if how == "exact":
        return box
    if how == "none":
        return (0.0, 0.0, float(page.width), float(page.height))
    slack = 0.02 * page.height
    moved = geometry.normalized(side + rng.uniform(-slack, slack) for side in box)
    return geometry.clamp(moved, page.width, page.height)


def _joined(pieces: Iterable[Piece]) -> str:
    return " ".join(piece.text for piece in pieces)

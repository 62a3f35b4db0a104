"""Pieces: the lines of a page in a frame where text runs to the right and lines follow downwards.

A page that lies on its side, is tilted, or is written from right to left or from top to bottom is mapped into that
frame once, so that nothing else in this package has to know about scripts. Knows nothing of blocks.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Literal

from ocrkit.geometry import Affine, angle_of, box_of, quad_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.geometry import BBox
    from ocrkit.model import Direction, Line, Page

TALL = 2.5
"""A line of several characters that is this many times as high as wide runs from top to bottom."""

TELLING = 3
"""Lines of fewer characters tell neither the usual height nor the tilt of a page."""

CAPITAL = 1.3
"""A capital letter is about this many times as wide as a small one."""

SKEW_LIMITS = (0.2, 20.0)
"""Degrees of tilt that are worth undoing and that a page can have; beyond, lines are written at an angle on purpose."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line, or a part of one, with its box in the reading frame.

    Attributes:
        line: the value it stands for.
        box: in the reading frame, pixels.
        size: size of the type, in pixels: the font size where it is known, else the height of the box.
    """

    line: Line
    box: BBox
    size: float

    @property
    def text(self) -> str:
        """Its text."""
        return self.line.text

    @property
    def middle(self) -> float:
        """Height at which it stands."""
        return (self.box[1] + self.box[3]) / 2

    @property
    def width(self) -> float:
        """How long it is."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        """How high it is."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Frame:
    """The reading frame of a page.

    Attributes:
        map: from the page image into the frame; `None` where they are the same.
        direction: how most of the page is written.
        width: of the page in the frame.
        height: of the page in the frame.
        top: where the page begins in the frame; not 0 where tilt is undone.
    """

    map: Affine | None
    direction: Direction
    width: float
    height: float
    top: float = 0.0

    def box(self, box: BBox) -> BBox:
        """Where a box of the page image lies in the frame."""
        return self.map.box(box) if self.map else box

    def line_box(self, line: Line) -> BBox:
        """Where a line lies in the frame, upright even on a tilted page."""
        if self.map is None:
            return line.bbox
        return box_of(self.map.quad(line.quad or quad_of(line.bbox)))


def reading_frame(page: Page, lines: Sequence[Line]) -> Frame:
    """The frame in which the page's text runs to the right and downwards."""
    width, height = float(page.width), float(page.height)
    steps: list[Affine] = []
    rotation = page.rotation or _rotation(lines)
    if rotation:
        steps.append(Affine.turn(rotation, width, height))
        if rotation in (90, 270):
            width, height = height, width
    direction = _main_direction(lines)
    tilt = _tilt(lines, rotation) if direction != "ttb" else 0.0
    if SKEW_LIMITS[0] <= abs(tilt) <= SKEW_LIMITS[1]:
        cos, sin = math.cos(math.radians(-tilt)), math.sin(math.radians(-tilt))
        steps.append(Affine(cos, -sin, 0.0, sin, cos, 0.0))
    if direction == "rtl":
        steps.append(Affine(-1.0, 0.0, width, 0.0, 1.0, 0.0))
    elif direction == "ttb":
        steps.append(Affine(0.0, 1.0, 0.0, -1.0, 0.0, width))
        width, height = height, width
    whole = None
    for step in steps:
        whole = whole.then(step) if whole else step
    return Frame(map=whole, direction=direction, width=width, height=height)


def pieces_of(lines: Iterable[Line], frame: Frame) -> list[Piece]:
    """The lines in the frame; lines without text are kept, for they are no reason to lose a word."""
    boxed = [(line, frame.line_box(line)) for line in lines]
    by_font = bool(boxed) and all(line.font_size for line, _ in boxed)
    return [Piece(line, box, (by_font and line.font_size) or box[3] - box[1]) for line, box in boxed]


def typical_height(pieces: Sequence[Piece]) -> float:
    """Height of an ordinary line, the unit of every distance in this package; never 0."""
    heights = [p.height for p in pieces if len(p.text) >= TELLING and p.height > 0] or [p.height for p in pieces]
    return max(median(heights), 1.0) if heights else 1.0


def letter_width(piece: Piece) -> float:
    """Mean width of a small letter of a line: capitals and full-width characters count for more than one."""
    line = piece.line
    if not line.words:
        return piece.width / max(1.0, letters_in(line.text))
    lies = line.bbox[2] - line.bbox[0] >= line.bbox[3] - line.bbox[1]
    along = 0 if lies == (piece.width >= piece.height) else 1
    length = sum(word.bbox[along + 2] - word.bbox[along] for word in line.words)
    return length / max(1.0, sum(letters_in(word.text) for word in line.words))


def letters_in(text: str) -> float:
    """How many small letters are as wide as the text."""
    wide = 0 if text.isascii() else sum(map(is_wide, text))
    return len(text) + (CAPITAL - 1) * sum(map(str.isupper, text)) + wide


def directional(line: Line) -> Direction:
    """How a line runs: as its engine says or, where that is the default, as its characters and its shape say."""
    if line.direction != "ltr":
        return line.direction
    width, height = line.bbox[2] - line.bbox[0], line.bbox[3] - line.bbox[1]
    if height > TALL * width and len(line.text) > 1 and any(is_wide(c) for c in line.text):
        return "ttb"
    if line.text.isascii():
        return "ltr"
    right = sum(unicodedata.bidirectional(c) in ("R", "AL") for c in line.text)
    left = sum(unicodedata.bidirectional(c) == "L" for c in line.text)
    return "rtl" if right > left else "ltr"


def is_wide(char: str) -> bool:
    """Whether the character is of a script written without spaces in full-width squares (Han, kana, their signs)."""
    return char > "⺀" and unicodedata.east_asian_width(char) in ("W", "F") and not "가" <= char <= "힣"


def _main_direction(lines: Sequence[Line]) -> Direction:
    votes: dict[Direction, int] = {"ltr": 0, "rtl": 0, "ttb": 0}
    for line in lines:
        votes[directional(line)] += len(line.text)
    order: tuple[Literal["ltr"], Literal["rtl"], Literal["ttb"]] = ("ltr", "rtl", "ttb")
    return max(order, key=lambda d: votes[d])


def _rotation(lines: Sequence[Line]) -> int:
    """Degrees clockwise that turn most of the text upright; a PDF's own text may run any way on an upright page."""
    votes: Counter[int] = Counter()
    for line in lines:
        turned = line.quad is not None and directional(line) != "ttb"
        votes[-round(angle_of(line.quad) / 90) * 90 % 360 if turned and line.quad else 0] += len(line.text)
    return votes.most_common(1)[0][0] if votes else 0


def _tilt(lines: Sequence[Line], rotation: int) -> float:
    """Median angle of the lines that are long enough to tell, after the page is turned upright.

    A line without a quad is not tilted; one slanted label must not tilt the page.
    """
    angles = [
        (angle_of(line.quad) + rotation + 180.0) % 360.0 - 180.0 if line.quad is not None else 0.0
        for line in lines
        if len(line.text) >= TELLING
    ]
    return median(angles) if angles else 0.0

"""Words onto the page: where each word of a line lies in user space, and in which order its characters are drawn.

Knows geometry and scripts, neither files nor PDF operators.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrkit import geometry
from ocrkit.exporters.pdf.font import UNITS, USUAL
from ocrkit.layout.flow import is_rtl, text_as_read
from ocrkit.model import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.geometry import Affine, BBox, Quad
    from ocrkit.model import Page

_MIN_SIZE = 0.5
"""Points: a box without height or width still holds its word, at this size."""

_SNAP = 1.0
"""Points by which a word's foot or top may move onto that of its line, so that readers see one line."""

_GAP = 0.08
"""Ems that words with a space between them are kept apart: Poppler needs 0.03 to see the space."""

_SEEN = 0.04
"""Shares of their height that characters of one word may stand apart before any reader sees a break."""

_JOINED = 0.19
"""The same where they are written in the font that joins, as far as Poppler goes."""

_JOINED_WIDE = 0.4
"""Shares of the wider character's width that they may stand apart then, as far as PDFium goes."""

_FAR = 0.75
"""Shares of their height from which on words that no space parts are left apart all the same: even the blank half of
full-width punctuation is narrower."""

_REACH = 1.4
"""Points that a character reaches out of its box to its neighbour where need be; only then farther."""

_TILT = 0.18
"""Sine of ten degrees: up to it a word is laid straight."""

_MIN_OVERLAP = 0.5
"""Share of the usual height of a line's words that all of them must have in common to stand on one foot."""

_SAME_DIRECTION = 0.01
"""Distance of unit vectors, about half a degree."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
BIDI = {"L": "L", "EN": "L", "AN": "L", "R": "R", "AL": "R", "CS": "S", "ES": "S", "ET": "T"}
"""What the bidirectional classes of characters count for here: left, right, separator, terminator."""

_EMBEDDED = re.compile(r"T*L+(?:SL+)*T*")
"""Numbers and foreign words, which run from left to right inside right-to-left words (simplified from UAX #9)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word ready to be laid down, in user space.

    Attributes:
        text: its characters in the order in which they are drawn.
        origin: where its box's foot begins.
        along: unit vector in which it runs.
        width: points along `along`.
        height: points across.
        space: whether a space follows in the text.
    """

    text: str
    origin: tuple[float, float]
    along: tuple[float, float]
    width: float
    height: float
    space: bool

    def offset(self, point: tuple[float, float]) -> tuple[float, float]:
        """How far the point lies along and above this piece's foot."""
        dx, dy = point[0] - self.origin[0], point[1] - self.origin[1]
        return dx * self.along[0] + dy * self.along[1], dy * self.along[0] - dx * self.along[1]

    def trimmed(self, *, start: float = 0.0, end: float = 0.0) -> Piece:
        """This piece, so much shorter at its ends."""
        cos, sin = self.along
        origin = (self.origin[0] + cos * start, self.origin[1] + sin * start)
        return replace(self, origin=origin, width=self.width - start - end)

    def on(self, foot: float, height: float) -> Piece:
        """This piece with its foot `foot` higher, and `height` high."""
        cos, sin = self.along
        return replace(self, origin=(self.origin[0] - sin * foot, self.origin[1] + cos * foot), height=height)


def placed(line: Line, frame: Affine) -> list[Piece]:
    """The line's words in logical order, where they lie in user space.

    Args:
        line: a line of the page.
        frame: from pixels of the page image to user space.
    """
    return _parted(_snapped(list(_pieces(line, frame))))


def apart(lines: Iterable[list[Piece]]) -> list[list[Piece]]:
    """The pieces of lines, none of them empty, with a space where the next line stands beside one, and room to see it.

    Without one, readers take the last word of a line and the first of a near one for one word; and MuPDF sees no space
    between characters of Chinese or Japanese, however far they stand apart.
    """
    made = [list(pieces) for pieces in lines]
    for pieces, after in itertools.pairwise(made):
        if _beside(pieces[-1], after[0]):
            pieces[-1], after[0] = _parted([replace(pieces[-1], space=True), after[0]])
    return made


def _beside(piece: Piece, after: Piece) -> bool:
    """Whether both run alike and one has most of its height beside the other."""
    up = piece.offset(after.origin)[1]
    shared = min(piece.height, up + after.height) - max(0.0, up)
    agree = math.dist(piece.along, after.along) < _SAME_DIRECTION
    return agree and shared > _MIN_OVERLAP * min(piece.height, after.height)


def stand_on_head(pieces: list[Piece], frame: Affine) -> bool:
    """Whether all the pieces run against upright text."""
    x, y = _direction(frame)
    return all(math.dist(piece.along, (-x, -y)) < _SAME_DIRECTION for piece in pieces)


def joined(pieces: list[Piece]) -> list[Piece]:
    """The pieces of a line for the font that joins; none where no reader would see a space that is not in the text.

    Characters of Chinese or Japanese stand apart, and are found as one word all the same. What is as near as the font
    can bear stays where it is; wider gaps are shared by both neighbours. At punctuation, whose blank half is no part of
    its box, a gap too wide for that stays.
    """
    gaps = [_unspaced_gap(piece, after) for piece, after in itertools.pairwise(pieces)]
    if not any(_SEEN * piece.height < gap <= _FAR * piece.height for piece, gap in zip(pieces, gaps, strict=False)):
        return []
    made = alike(pieces)
    for index, gap in enumerate(gaps):
        piece, after = pieces[index], pieces[index + 1]
        room = min(_JOINED * min(piece.height, after.height), _JOINED_WIDE * max(piece.width, after.width))
        reach = (gap - room) / 2
        together = _is_ideographic(piece.text[-1]) and _is_ideographic(after.text[0])
        if 0 < reach <= _REACH or (together and reach > 0 and gap <= _FAR * piece.height):
            made[index] = made[index].trimmed(end=-reach)
            made[index + 1] = made[index + 1].trimmed(start=-reach)
    # At twice the size what stands beside the line would seem near to it, but for a space.
    return [*made[:-1], replace(made[-1], space=True)]


def _is_ideographic(sign: str) -> bool:
    """Whether it is of those that lines of Chinese or Japanese set apart to fill their width; punctuation is not."""
    return unicodedata.east_asian_width(sign) == "W" and unicodedata.category(sign).startswith("L")


def _unspaced_gap(piece: Piece, after: Piece) -> float:
    """How far the next piece is ahead where no space parts it from this one; 0 where it follows otherwise."""
    if piece.space or math.dist(piece.along, after.along) > _SAME_DIRECTION:
        return 0.0
    return max(piece.offset(after.origin)[0] - piece.width, 0.0)


def on_one_foot(pieces: list[Piece]) -> list[Piece]:
    """The pieces moved and sized so that they stand in every word's box, or else as most words do."""
    lead = pieces[0]
    feet, tops = _feet_and_tops(pieces)
    foot, top = max(feet), min(tops)
    usual_foot, usual_top = _middle(feet), _middle(tops)
    if top - foot < _MIN_OVERLAP * (usual_top - usual_foot):
        foot, top = usual_foot, max(usual_top, usual_foot + lead.height * _MIN_OVERLAP)
    return [piece.on(foot - own, top - foot) for piece, own in zip(pieces, feet, strict=True)]


def alike(pieces: list[Piece]) -> list[Piece]:
    """The pieces, those on the usual foot of their line at the usual height that lie near it."""
    feet, tops = _feet_and_tops(pieces)
    foot, top = _middle(feet), _middle(tops)
    if top - foot < _MIN_SIZE:
        return pieces
    return [
        piece.on(foot - own, top - foot) if foot - own >= -_REACH and top - above <= _REACH else piece
        for piece, own, above in zip(pieces, feet, tops, strict=True)
    ]


def _feet_and_tops(pieces: list[Piece]) -> tuple[list[float], list[float]]:
    """How high the feet and the tops of the pieces are above the first one's foot."""
    feet = [pieces[0].offset(piece.origin)[1] for piece in pieces]
    return feet, [foot + piece.height for foot, piece in zip(feet, pieces, strict=True)]


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _snapped(pieces: list[Piece]) -> list[Piece]:
    """The pieces of a line, feet and tops that nearly agree made equal."""
    if len(pieces) < 2:  # noqa: PLR2004 - one word agrees with itself
        return pieces
    lead = max(pieces, key=lambda piece: piece.width)
    if any(math.dist(piece.along, lead.along) > _SAME_DIRECTION for piece in pieces):
        return pieces
    feet = [lead.offset(piece.origin)[1] for piece in pieces]
    tops = [foot + piece.height for foot, piece in zip(feet, pieces, strict=True)]
    common_foot, common_top = sorted(feet)[len(feet) // 2], sorted(tops)[len(tops) // 2]
    made: list[Piece] = []
    for piece, foot, top in zip(pieces, feet, tops, strict=True):
        new_foot = common_foot if abs(foot - common_foot) <= _SNAP else foot
        new_top = common_top if abs(top - common_top) <= _SNAP else top
        if new_top - new_foot < _MIN_SIZE:
            made.append(piece)
            continue
        made.append(piece.on(new_foot - foot, new_top - new_foot))
    return made


def _parted(pieces: list[Piece]) -> list[Piece]:
    """The pieces of a line, trimmed where words touch that a space belongs between."""
    made = pieces[:1]
    for after in pieces[1:]:
        piece = made[-1]
        start = piece.offset(after.origin)[0]
        backward = start + after.width / 2 < piece.width / 2
        gap = -start - after.width if backward else start - piece.width
        trim = (_GAP * piece.height - gap) / 2
        straight = math.dist(piece.along, after.along) < _SAME_DIRECTION
        if not piece.space or not straight or not 0 < trim < min(piece.width, after.width) / 2:
            made.append(after)
        elif backward:
            made[-1:] = [piece.trimmed(start=trim), after.trimmed(end=trim)]
        else:
            made[-1:] = [piece.trimmed(end=trim), after.trimmed(start=trim)]
    return made


def _pieces(line: Line, frame: Affine) -> Iterator[Piece]:
    """The line's words in logical order; a word of both directions comes as its runs."""
    down = line.direction == "ttb"
    words = [(word.text, word.quad or _along(word.bbox, down=down)) for word in line.words]
    if not words:
        words = _spread(line.text, line.quad or _along(line.bbox, down=down))
    position = 0
    for index, (text, quad) in enumerate(words):
        found = line.text.find(text, position)
        position = found + len(text) if found >= 0 else position
        last = index == len(words) - 1
        space = not last and (found < 0 or line.text[position : position + 1].isspace())
        runs = _runs(" ".join(_CONTROLS.sub("", text).split()))
        if not runs:
            continue
        whole = _piece(frame.quad(quad), _direction(frame))
        length = sum(map(len, runs))
        end = whole.width
        for number, run in enumerate(runs, start=1):
            # More than one run comes of right-to-left words only, so the first stands rightmost.
            width = whole.width * len(run) / length
            end -= width
            origin = (whole.origin[0] + whole.along[0] * end, whole.origin[1] + whole.along[1] * end)
            yield replace(whole, text=run, origin=origin, width=width, space=space and number == len(runs))


def _piece(quad: Quad, upright: geometry.Point) -> Piece:
    """The place of a word whose quad in user space this is; `upright` is the direction of upright text."""
    top, end, _, foot = quad
    run, rise = (end[0] - top[0], end[1] - top[1]), (top[0] - foot[0], top[1] - foot[1])
    width, height = math.hypot(*run), math.hypot(*rise)
    if width > 0:
        along = (run[0] / width, run[1] / width)
    elif height > 0:
        along = (rise[1] / height, -rise[0] / height)
    else:
        along = upright
    # Corners of a quad need not be square; the text stands square on its first edge.
    height = abs(rise[1] * along[0] - rise[0] * along[1])
    center = (top[0] + (run[0] - rise[0]) / 2, top[1] + (run[1] - rise[1]) / 2)
    width, height = max(width, _MIN_SIZE), max(height, _MIN_SIZE)
    cos, sin = _straightened(along)
    origin = (center[0] - (cos * width - sin * height) / 2, center[1] - (sin * width + cos * height) / 2)
    return Piece(text="", origin=origin, along=(cos, sin), width=width, height=height, space=False)


def _straightened(along: geometry.Point) -> geometry.Point:
    """The quarter turn that the direction is near to, else the direction.

    Poppler falls into letters where a word climbs; laid straight about its middle it still lies in its box.
    """
    x, y = along
    if abs(y) < _TILT:
        return (math.copysign(1.0, x), 0.0)
    if abs(x) < _TILT:
        return (0.0, math.copysign(1.0, y))
    return along


def _direction(frame: Affine) -> tuple[float, float]:
    """The unit vector of user space that runs along the lines of the page as it is shown."""
    length = math.hypot(frame.a, frame.d)
    return frame.a / length, frame.d / length


def _along(box: BBox, *, down: bool) -> Quad:
    """The corners of an upright box in the order in which text runs in it: vertical text lies on its side."""
    start_top, end_top, end_bottom, start_bottom = geometry.quad_of(box)
    return (end_top, end_bottom, start_bottom, start_top) if down else (start_top, end_top, end_bottom, start_bottom)


def _spread(text: str, quad: Quad) -> list[tuple[str, Quad]]:
    """The text's words, each with the share of the quad that its characters have of the line."""
    total = max(len(text), 1)
    rtl = is_rtl(text)
    parts: list[tuple[str, Quad]] = []
    for found in re.finditer(r"\S+", text):
        start, end = found.start() / total, found.end() / total
        parts.append((found[0], _part(quad, *((1 - end, 1 - start) if rtl else (start, end)))))
    return parts


def _part(quad: Quad, start: float, end: float) -> Quad:
    a, b, c, d = quad
    return (_between(a, b, start), _between(a, b, end), _between(d, c, end), _between(d, c, start))


def _between(a: geometry.Point, b: geometry.Point, share: float) -> geometry.Point:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def _runs(text: str) -> list[str]:
    """The word's runs in logical order, each as it is drawn from left to right: one, unless both directions meet.

    Right-to-left runs are turned, and readers turn them back. Brackets stay as they are: PDFium mirrors them
    then, Poppler and MuPDF do not.
    """
    kinds = "".join(BIDI.get(unicodedata.bidirectional(sign), "N") for sign in text)
    if "R" not in kinds:
        return [text] if text else []
    runs: list[str] = []
    position = 0
    for found in _EMBEDDED.finditer(kinds):
        runs += [text[position : found.start()][::-1], text[found.start() : found.end()]]
        position = found.end()
    return [run for run in (*runs, text[position:][::-1]) if run]


def page_lines(page: Page, *, unsure: bool = False) -> Iterator[Line]:
    """The lines of the page in reading order; where a block has none, lines of its text spread over its box.

    Args:
        page: the page.
        unsure: only what has a confidence, which is what an engine read: a text layer knows none.
    """
    for block in page.blocks:
        if block.lines:
            yield from (line for line in block.lines if not unsure or _has_confidence(line))
        elif not unsure or block.confidence is not None:
            cells = [(text_as_read(cell), cell.bbox) for cell in block.table.cells if cell.bbox] if block.table else []
            for text, bbox in cells or [(text_as_read(block), block.bbox)]:
                yield from _filled(text, bbox)


def _has_confidence(line: Line) -> bool:
    return line.confidence is not None or any(word.confidence is not None for word in line.words)


def _filled(text: str, bbox: BBox) -> Iterator[Line]:
    """As many lines as type of an even size needs to fill the box."""
    words = text.split()
    if not words:
        return
    width, height = max(geometry.width(bbox), 1.0), max(geometry.height(bbox), 1.0)
    count = sum(len(word) + 1 for word in words)
    rows = min(len(words), max(1, round(math.sqrt(count * USUAL.advance / UNITS * height / width))))
    x0, y0, x1, _ = bbox
    grouped: list[list[str]] = [[] for _ in range(rows)]
    before = 0
    for word in words:
        grouped[before * rows // count].append(word)
        before += len(word) + 1
    for row, group in enumerate(grouped):
        if group:
            yield Line(text=" ".join(group), bbox=(x0, y0 + height * row / rows, x1, y0 + height * (row + 1) / rows))

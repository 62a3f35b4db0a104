"""Words onto the page: PDF operators that lay each word on its box, invisible and findable.

Knows geometry and PDF operators, not files. All numbers that leave are in user space of the page.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrkit import geometry
from ocrkit.exporters.pdf.font import ADVANCE, DESCENT, UNITS
from ocrkit.layout.flow import is_rtl
from ocrkit.model import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ocrkit.geometry import Affine, BBox, Quad
    from ocrkit.model import Page

_MIN_SIZE = 0.5
"""Points: a box without height or width still holds its word, at this size."""

_SNAP = 1.0
"""Points by which a word's foot or top may move onto that of its line, so that readers see one line."""

_MAX_GAP = 0.6
"""Ems that a space may be wide; what is left of the gap stays empty, so that columns stay apart."""

_MIN_GAP = 0.05

_TILT = 0.18
"""Sine of ten degrees: up to it a word is laid straight."""

_SAME_DIRECTION = 0.01
"""Distance of unit vectors, about half a degree."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_BIDI = {"L": "L", "EN": "L", "AN": "L", "R": "R", "AL": "R", "CS": "S", "ES": "S", "ET": "T"}
_EMBEDDED = re.compile(r"T*L+(?:SL+)*T*")
"""Numbers and foreign words, which run from left to right inside right-to-left words (simplified from UAX #9)."""


@dataclass(frozen=True, slots=True)
class _Piece:
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


def text_operators(lines: Iterable[Line], frame: Affine, *, font: str, encode: Callable[[str], str]) -> Iterator[str]:
    """The operators that write the lines, invisible, in a graphics state of their own.

    Args:
        lines: lines of the page.
        frame: from pixels of the page image to user space.
        font: the font's name among the page's resources.
        encode: gives a text's codes as hexadecimal digits.
    """
    written = False
    for line in lines:
        pieces = _snapped(list(_pieces(line, frame)))
        if not pieces:
            continue
        if not written:
            yield "q BT 3 Tr"
            written = True
        if line.direction == "ttb":
            pieces = _joined(pieces)
        if len(pieces) > 1 and all(_stands_on_head(piece, frame) for piece in pieces):
            yield _in_one(pieces, font=font, encode=encode)
            continue
        order = _drawing_order(pieces) if is_rtl(line.text) else range(len(pieces))
        done: set[int] = set()
        before: int | None = None
        for index in order:
            for first in (index - 1, index):
                if {first, first + 1} - {index} <= done and pieces[first].space:
                    at_pen = first == before
                    yield _space(pieces[first], pieces[first + 1], at_pen=at_pen, font=font, encode=encode)
            piece = pieces[index]
            yield _shown(piece.text, piece, (0.0, piece.width), font=font, encode=encode)
            done.add(index)
            before = index
    if written:
        yield "ET Q"


def _space(piece: _Piece, after: _Piece, *, at_pen: bool, font: str, encode: Callable[[str], str]) -> str:
    """The operators for the space between two words; few where the pen stands behind the first of them."""
    reach = _gap(piece, after)
    if at_pen and reach[0] == piece.width:
        scale = (reach[1] - reach[0]) / (ADVANCE / UNITS * piece.height)
        return f"{_number(100 * scale, 1)} Tz <{encode(' ')}> Tj"
    return _shown(" ", piece, reach, font=font, encode=encode)


def _shown(text: str, piece: _Piece, reach: tuple[float, float], *, font: str, encode: Callable[[str], str]) -> str:
    """The operators for the text from `reach[0]` to `reach[1]` along the piece; every state it needs is set anew."""
    natural = len(text) * ADVANCE / UNITS * piece.height
    scale = max(reach[1] - reach[0], _MIN_GAP) / natural
    return f"{_state(piece, reach[0], scale=scale, font=font)} <{encode(text)}> Tj"


def _in_one(pieces: list[_Piece], *, font: str, encode: Callable[[str], str]) -> str:
    """A whole line as one object, each character moved to its place: PDFium orders objects by where they stand.

    It does so even where they stand on their heads, as on a page that was scanned upside down.
    """
    lead = pieces[0]
    natural = ADVANCE / UNITS * lead.height
    scale = sum(piece.width for piece in pieces) / (natural * sum(len(piece.text) for piece in pieces))
    shown: list[str] = []
    pen = 0.0
    for piece, after in zip(pieces, [*pieces[1:], None], strict=True):
        start = lead.offset(piece.origin)[0]
        stops = [(sign, start + piece.width * k / len(piece.text)) for k, sign in enumerate(piece.text)]
        if after is not None and piece.space:
            stops.append((" ", start + piece.width))
        for sign, place in stops:
            shown.append(f"{_number((pen - place) / (lead.height * scale) * UNITS, 1)} <{encode(sign)}>")
            pen = place + natural * scale
    return f"{_state(lead, 0.0, scale=scale, font=font)} [{' '.join(shown)}] TJ"


def _state(piece: _Piece, start: float, *, scale: float, font: str) -> str:
    """Font, scaling and place for text that begins at `start` along the piece."""
    cos, sin = piece.along
    base = -DESCENT / UNITS * piece.height
    x = piece.origin[0] + cos * start - sin * base
    y = piece.origin[1] + sin * start + cos * base
    matrix = " ".join(_number(v, 5) for v in (cos, sin, -sin, cos))
    size = f"/{font} {_number(piece.height, 2)} Tf {_number(100 * scale, 2)} Tz"
    return f"{size} {matrix} {_number(x, 2)} {_number(y, 2)} Tm"


def _stands_on_head(piece: _Piece, frame: Affine) -> bool:
    x, y = _direction(frame)
    return math.dist(piece.along, (-x, -y)) < _SAME_DIRECTION


def _drawing_order(pieces: list[_Piece]) -> list[int]:
    """The order that readers turn into the logical one: runs of right-to-left words from their left end."""
    order: list[int] = []
    run: list[int] = []
    for index, piece in enumerate(pieces):
        if _is_backward(piece.text):
            run.append(index)
        else:
            order += [*reversed(run), index]
            run = []
    return [*order, *reversed(run)]


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """The words of a vertical line put together up to the next space, since type is set evenly there.

    PDFium takes single characters that run down for lines of their own.
    """
    made: list[_Piece] = []
    for piece in pieces:
        if not made or made[-1].space or math.dist(made[-1].along, piece.along) > _SAME_DIRECTION:
            made.append(piece)
            continue
        head = made[-1]
        width = max(head.offset(piece.origin)[0] + piece.width, head.width)
        made[-1] = replace(head, text=head.text + piece.text, width=width, space=piece.space)
    return made


def _gap(piece: _Piece, after: _Piece) -> tuple[float, float]:
    """From where to where along the piece the space to the next word reaches, to the right or to the left."""
    most = _MAX_GAP * piece.height
    start = piece.offset(after.origin)[0]
    if start + after.width / 2 < piece.width / 2:
        return -min(max(-start - after.width, _MIN_GAP), most), 0.0
    return piece.width, piece.width + min(max(start - piece.width, _MIN_GAP), most)


def _snapped(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces of a line, feet and tops that nearly agree made equal."""
    if len(pieces) < 2:  # noqa: PLR2004 - one word agrees with itself
        return pieces
    lead = max(pieces, key=lambda piece: piece.width)
    if any(math.dist(piece.along, lead.along) > _SAME_DIRECTION for piece in pieces):
        return pieces
    feet = [lead.offset(piece.origin)[1] for piece in pieces]
    tops = [foot + piece.height for foot, piece in zip(feet, pieces, strict=True)]
    common_foot, common_top = sorted(feet)[len(feet) // 2], sorted(tops)[len(tops) // 2]
    made: list[_Piece] = []
    for piece, foot, top in zip(pieces, feet, tops, strict=True):
        new_foot = common_foot if abs(foot - common_foot) <= _SNAP else foot
        new_top = common_top if abs(top - common_top) <= _SNAP else top
        if new_top - new_foot < _MIN_SIZE:
            made.append(piece)
            continue
        cos, sin = piece.along
        shift = new_foot - foot
        origin = (piece.origin[0] - sin * shift, piece.origin[1] + cos * shift)
        made.append(replace(piece, origin=origin, height=new_top - new_foot))
    return made


def _pieces(line: Line, frame: Affine) -> Iterator[_Piece]:
    """The line's words in logical order; a word of both directions comes as its runs."""
    words = [(word.text, word.quad or geometry.quad_of(word.bbox)) for word in line.words]
    if not words:
        words = _spread(line.text, line.quad or geometry.quad_of(line.bbox), down=line.direction == "ttb")
    position = 0
    for index, (text, quad) in enumerate(words):
        found = line.text.find(text, position)
        position = found + len(text) if found >= 0 else position
        last = index == len(words) - 1
        space = not last and (found < 0 or line.text[position : position + 1].isspace())
        runs = _runs(" ".join(_CONTROLS.sub("", text).split()))
        if not runs:
            continue
        whole = _piece(frame.quad(_turned(quad) if line.direction == "ttb" else quad), _direction(frame))
        length = sum(map(len, runs))
        end = whole.width
        for number, run in enumerate(runs, start=1):
            # More than one run comes of right-to-left words only, so the first stands rightmost.
            width = whole.width * len(run) / length
            end -= width
            origin = (whole.origin[0] + whole.along[0] * end, whole.origin[1] + whole.along[1] * end)
            yield replace(whole, text=run, origin=origin, width=width, space=space and number == len(runs))


def _piece(quad: Quad, upright: geometry.Point) -> _Piece:
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
    return _Piece(text="", origin=origin, along=(cos, sin), width=width, height=height, space=False)


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


def _turned(quad: Quad) -> Quad:
    """The quad of vertical text as readers of PDF take it: lying on its side, running down."""
    start_top, end_top, end_bottom, start_bottom = quad
    return (end_top, end_bottom, start_bottom, start_top)


def _spread(text: str, quad: Quad, *, down: bool) -> list[tuple[str, Quad]]:
    """The text's words, each with the share of the quad that its characters have of the line."""
    total = max(len(text), 1)
    rtl = is_rtl(text)
    parts: list[tuple[str, Quad]] = []
    for found in re.finditer(r"\S+", text):
        start, end = found.start() / total, found.end() / total
        parts.append((found[0], _part(quad, *((1 - end, 1 - start) if rtl else (start, end)), down=down)))
    return parts


def _part(quad: Quad, start: float, end: float, *, down: bool) -> Quad:
    a, b, c, d = quad
    if down:
        return (_between(a, d, start), _between(b, c, start), _between(b, c, end), _between(a, d, end))
    return (_between(a, b, start), _between(a, b, end), _between(d, c, end), _between(d, c, start))


def _between(a: geometry.Point, b: geometry.Point, share: float) -> geometry.Point:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def _runs(text: str) -> list[str]:
    """The word's runs in logical order, each as it is drawn from left to right: one, unless both directions meet.

    Right-to-left runs are turned, and readers turn them back. Brackets stay as they are: PDFium mirrors them
    then, Poppler and MuPDF do not.
    """
    kinds = "".join(_BIDI.get(unicodedata.bidirectional(sign), "N") for sign in text)
    if "R" not in kinds:
        return [text] if text else []
    runs: list[str] = []
    position = 0
    for found in _EMBEDDED.finditer(kinds):
        runs += [text[position : found.start()][::-1], text[found.start() : found.end()]]
        position = found.end()
    return [run for run in (*runs, text[position:][::-1]) if run]


def _is_backward(text: str) -> bool:
    return not any(_BIDI.get(unicodedata.bidirectional(sign)) == "L" for sign in text)


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
            cells = [(cell.text, cell.bbox) for cell in block.table.cells if cell.bbox] if block.table else []
            for text, bbox in cells or [(block.text, block.bbox)]:
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
    rows = min(len(words), max(1, round(math.sqrt(count * ADVANCE / UNITS * height / width))))
    x0, y0, x1, _ = bbox
    grouped: list[list[str]] = [[] for _ in range(rows)]
    before = 0
    for word in words:
        grouped[before * rows // count].append(word)
        before += len(word) + 1
    for row, group in enumerate(grouped):
        if group:
            yield Line(text=" ".join(group), bbox=(x0, y0 + height * row / rows, x1, y0 + height * (row + 1) / rows))


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text

"""Pieces of text into PDF operators: few of them, invisible, and in an order that readers of PDF keep.

Knows PDF operators and where pieces lie, not pages or files.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from ocrkit.exporters.pdf.font import ADVANCE, DESCENT, SPACE, UNITS
from ocrkit.exporters.pdf.placing import BIDI, placed, run_alike, stand_on_head
from ocrkit.layout.flow import is_rtl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.exporters.pdf.font import InvisibleFont
    from ocrkit.exporters.pdf.placing import Piece
    from ocrkit.geometry import Affine
    from ocrkit.model import Line

_MAX_GAP = 0.6
"""Ems that a space of a right-to-left line may be wide; the rest of a gap stays empty, so columns stay apart."""

_MIN_GAP = 0.05

_CLOSE = 0.05
"""Ems between characters of one word: Poppler parts words where there are 0.1."""

_SMALL = 5.0
"""Points: type below this size is placed to a hundredth of a point, larger type to a tenth."""

_LONG = 100.0
"""Points: pieces longer than this are scaled to a tenth of a percent, shorter ones to one percent."""

_MIN_OVERLAP = 0.5
"""Share of the usual height of a line's words that all of them must have in common to stand on one foot."""


def text_operators(lines: Iterable[Line], frame: Affine, *, font: InvisibleFont, name: str) -> Iterator[str]:
    """The operators that write the lines, invisible, in a graphics state of their own.

    Args:
        lines: lines of the page.
        frame: from pixels of the page image to user space.
        font: gives the codes of characters.
        name: the font's name among the page's resources.
    """
    pen = _Pen(font, name)
    for line in lines:
        pieces = placed(line, frame)
        in_one = stand_on_head(pieces, frame) or (line.direction == "ttb" and run_alike(pieces))
        if in_one and len(pieces) > 1:
            yield from pen.show_in_one(pieces, rtl=is_rtl(line.text))
        elif is_rtl(line.text):
            yield from _right_to_left(pieces, pen)
        else:
            for piece in pieces:
                yield pen.show(piece.text, piece, (0.0, piece.width), space=piece.space)
    if pen.used:
        yield "ET Q"


class _Pen:
    """Where the last text was begun, and in what state; says what must change for the next."""

    def __init__(self, font: InvisibleFont, name: str) -> None:
        self._font = font
        self._name = name
        self._size = self._scale = self._turn = ""
        self._at = (0.0, 0.0)
        self.used = False

    def show(self, text: str, piece: Piece, reach: tuple[float, float], *, space: bool = False) -> str:
        """The operators for the text from `reach[0]` to `reach[1]` along the piece, a narrow space behind it."""
        width = max(reach[1] - reach[0], _MIN_GAP)
        natural = len(text) * (SPACE if text == " " else ADVANCE) / UNITS * piece.height
        scale = _number(100 * width / natural, 1 if width > _LONG else 0)
        # Text of no width is not found again.
        state = self._state(piece, reach[0], scale=scale if scale != "0" else "1")
        return f"{state}<{self._font.encode(text + ' ' * space)}>Tj"

    def show_in_one(self, pieces: list[Piece], *, rtl: bool) -> Iterator[str]:
        """A whole line as one object, which PDFium keeps together.

        It orders objects by where they stand, even where they stand on their heads, and takes single characters that
        run down for lines of their own. One object has one scale, so every character gets a glyph about as wide as
        its word needs.
        """
        lead = _on_one_foot(pieces)
        order = _drawing_order(pieces) if rtl else list(range(len(pieces)))
        shown: list[str] = []
        pen = 0.0
        for index, after in zip(order, [*order[1:], None], strict=True):
            piece = pieces[index]
            start = lead.offset(piece.origin)[0]
            space = after is not None and pieces[min(index, after)].space
            # Where no space follows, the word reaches to the next, or nearly: a wide gap would part them.
            follows = start if space or after is None else lead.offset(pieces[after].origin)[0]
            needed = max(piece.width / lead.height, (follows - start) / lead.height - _CLOSE)
            codes, width = self._wide(piece.text, needed)
            shown.append(f"{round((pen - start) / lead.height * UNITS)}<{codes}{self._font.encode(' ' * space)}>")
            pen = start + width * lead.height + space * SPACE / UNITS * lead.height
        yield f"{self._state(lead, 0.0, scale='100')}[{''.join(shown)}]TJ"

    def _wide(self, text: str, width: float) -> tuple[str, float]:
        """The codes of the text set about so many ems wide, and how wide it is."""
        codes, pen = "", 0.0
        for count, sign in enumerate(text, start=1):
            code, advance = self._font.encode_wide(sign, (width * count / len(text) - pen) * UNITS)
            codes += code
            pen += advance / UNITS
        return codes, pen

    def _state(self, piece: Piece, start: float, *, scale: str) -> str:
        """What changes the state into the one of text that begins at `start` along the piece."""
        parts = [] if self.used else ["q BT 3 Tr"]
        self.used = True
        size = f"/{self._name} {_number(piece.height, 2 if piece.height < _SMALL else 1)} Tf"
        if size != self._size:
            parts.append(size)
        if scale != self._scale:
            parts.append(f"{scale} Tz")
        self._size, self._scale = size, scale
        return " ".join([*parts, self._move(piece, start), ""])

    def _move(self, piece: Piece, start: float) -> str:
        cos, sin = piece.along
        base = -DESCENT / UNITS * piece.height
        digits = 2 if piece.height < _SMALL else 1
        x = round(piece.origin[0] + cos * start - sin * base, digits)
        y = round(piece.origin[1] + sin * start + cos * base, digits)
        turn = " ".join(_number(v, 5) for v in (cos, sin, -sin, cos))
        dx, dy = x - self._at[0], y - self._at[1]
        same = turn == self._turn
        self._turn, self._at = turn, (x, y)
        if same and 0.0 in (cos, sin):
            return f"{_number(dx * cos + dy * sin, 2)} {_number(dy * cos - dx * sin, 2)} Td"
        return f"{turn} {_number(x, 2)} {_number(y, 2)} Tm"


def _right_to_left(pieces: list[Piece], pen: _Pen) -> Iterator[str]:
    """The pieces from their left end, each space once both its neighbours stand."""
    done: set[int] = set()
    for index in _drawing_order(pieces):
        for first in (index - 1, index):
            if {first, first + 1} - {index} <= done and pieces[first].space:
                yield pen.show(" ", pieces[first], _gap(pieces[first], pieces[first + 1]))
        piece = pieces[index]
        yield pen.show(piece.text, piece, (0.0, piece.width))
        done.add(index)


def _drawing_order(pieces: list[Piece]) -> list[int]:
    """The order that readers turn into the logical one: runs of right-to-left words from their left end."""
    order: list[int] = []
    run: list[int] = []
    for index, piece in enumerate(pieces):
        if any(BIDI.get(unicodedata.bidirectional(sign)) == "L" for sign in piece.text):
            order += [*reversed(run), index]
            run = []
        else:
            run.append(index)
    return [*order, *reversed(run)]


def _gap(piece: Piece, after: Piece) -> tuple[float, float]:
    """From where to where along the piece the space to the next word reaches, to the right or to the left."""
    most, least = _MAX_GAP * piece.height, _MIN_GAP * piece.height
    start = piece.offset(after.origin)[0]
    if start + after.width / 2 < piece.width / 2:
        return -min(max(-start - after.width, least), most), 0.0
    return piece.width, piece.width + min(max(start - piece.width, least), most)


def _on_one_foot(pieces: list[Piece]) -> Piece:
    """The first piece, moved and sized so that it stands in every word's box, or else as most words do."""
    first = pieces[0]
    feet = [first.offset(piece.origin)[1] for piece in pieces]
    tops = [foot + piece.height for foot, piece in zip(feet, pieces, strict=True)]
    middle = len(pieces) // 2
    foot, top = max(feet), min(tops)
    usual_foot, usual_top = sorted(feet)[middle], sorted(tops)[middle]
    if top - foot < _MIN_OVERLAP * (usual_top - usual_foot):
        foot, top = usual_foot, max(usual_top, usual_foot + first.height * _MIN_OVERLAP)
    return first.on(foot, top - foot)


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text

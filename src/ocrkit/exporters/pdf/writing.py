"""Pieces of text into PDF operators: few of them, invisible, and in an order that readers of PDF keep.

Knows PDF operators and where pieces lie, not pages or files.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ocrkit.exporters.pdf.font import SPACE, UNITS
from ocrkit.exporters.pdf.placing import BIDI, alike, apart, joined, on_one_foot, placed, stand_on_head
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

_FAR_BACK = 2.5
"""Ems back from where MuPDF begins a new line; two were not enough."""

_CLOSE = 0.05
"""Ems between characters of one word: Poppler parts words where there are 0.1."""

_SMALL = 5.0
"""Points: type below this size is placed to a hundredth of a point, larger type to a tenth."""

_LONG = 100.0
"""Points: pieces longer than this are scaled to a tenth of a percent, shorter ones to one percent."""


_Run: TypeAlias = tuple[bool, list[int]]
"""Whether words that follow one another run from right to left, and their numbers among the pieces of their line."""


class Fonts(NamedTuple):
    """The fonts of a file: that of most lines, and the one that joins characters which stand apart."""

    usual: InvisibleFont
    joining: InvisibleFont


def text_operators(lines: Iterable[Line], frame: Affine, *, fonts: Fonts) -> Iterator[str]:
    """The operators that write the lines, invisible, in a graphics state of their own.

    Args:
        lines: lines of the page.
        frame: from pixels of the page image to user space.
        fonts: give the codes of characters.
    """
    pen = _Pen(fonts.usual)
    found = [(line, pieces) for line in lines if (pieces := placed(line, frame))]
    for (line, _), pieces in zip(found, apart(pieces for _, pieces in found), strict=True):
        runs = _runs(pieces, rtl=line.direction == "rtl" or is_rtl(line.text))
        if len(pieces) > 1 and stand_on_head(pieces, frame):
            pen.take(fonts.usual)
            yield from pen.show_in_one(pieces, runs)
        elif any(rtl for rtl, _ in runs):
            pen.take(fonts.usual)
            yield from _of_both_directions(alike(pieces), runs, pen)
        else:
            closed = joined(pieces)
            pen.take(fonts.joining if closed else fonts.usual)
            for piece in closed or pieces:
                yield pen.show(piece.text, piece, (0.0, piece.width), space=piece.space)
    if pen.used:
        yield "ET Q"


class _Pen:
    """Where the last text was begun, and in what state; says what must change for the next."""

    def __init__(self, font: InvisibleFont) -> None:
        self._font = font
        self._size = self._scale = self._turn = ""
        self._at = (0.0, 0.0)
        self.used = False

    def take(self, font: InvisibleFont) -> None:
        """Writes in this font from now on."""
        self._font = font

    def show(self, text: str, piece: Piece, reach: tuple[float, float], *, space: bool = False) -> str:
        """The operators for the text from `reach[0]` to `reach[1]` along the piece, a narrow space behind it."""
        width = max(reach[1] - reach[0], _MIN_GAP)
        natural = self._font.natural(text) * self._font.metrics.em * piece.height
        scale = _number(100 * width / natural, 1 if width > _LONG else 0)
        # Text of no width is not found again.
        state = self._state(piece, reach[0], scale=scale if scale != "0" else "1")
        return f"{state}<{self._font.encode(text + ' ' * space)}>Tj"

    def show_in_one(self, pieces: list[Piece], runs: list[_Run]) -> Iterator[str]:
        """A whole line as one object, which PDFium keeps together.

        It orders objects by where they stand, even where they stand on their heads. One object has one scale, so every
        character gets a glyph about as wide as its word needs.
        """
        lead = on_one_foot(pieces)[0]
        order = [index for rtl, run in runs for index in (run[::-1] if rtl else run)]
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
        height = piece.height * self._font.metrics.em
        size = f"/{self._font.name} {_number(height, 2 if piece.height < _SMALL else 1)} Tf"
        if size != self._size:
            parts.append(size)
        if scale != self._scale:
            parts.append(f"{scale} Tz")
        self._size, self._scale = size, scale
        return " ".join([*parts, self._move(piece, start), ""])

    def _move(self, piece: Piece, start: float) -> str:
        cos, sin = piece.along
        base = -self._font.metrics.descent / UNITS * self._font.metrics.em * piece.height
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


def _of_both_directions(pieces: list[Piece], runs: list[_Run], pen: _Pen) -> Iterator[str]:
    """The pieces run by run, each from its left end, with the spaces between its words.

    Poppler and PDFium go by where things stand. MuPDF goes by the order of drawing, turns runs of right-to-left words
    and what follows them, and so loses a space between both directions, and takes what stands left of the line for
    part of it; a space drawn far back parts them.
    """
    for number, (rtl, run) in enumerate(runs, start=1):
        drawn = run[::-1] if rtl else run
        for index, after in zip(drawn, [*drawn[1:], None], strict=True):
            yield pen.show(pieces[index].text, pieces[index], (0.0, pieces[index].width))
            if after is not None and pieces[min(index, after)].space:
                first = min(index, after)
                yield pen.show(" ", pieces[first], _gap(pieces[first], pieces[first + 1]))
        last = pieces[drawn[-1]]
        if pieces[run[-1]].space if number < len(runs) else rtl:
            far = last.width - _FAR_BACK * last.height
            yield pen.show(" ", last, (far - _MIN_GAP * last.height, far))


def _runs(pieces: list[Piece], *, rtl: bool) -> list[_Run]:
    """The runs of the pieces in logical order; `rtl` is the direction of a line, and of what has none before it."""
    runs: list[_Run] = []
    for index, piece in enumerate(pieces):
        kinds = {BIDI.get(unicodedata.bidirectional(sign)) for sign in piece.text}
        if kinds & {"L", "R"}:
            rtl = "L" not in kinds
        if runs and runs[-1][0] == rtl:
            runs[-1][1].append(index)
        else:
            runs.append((rtl, [index]))
    return runs


def _gap(piece: Piece, after: Piece) -> tuple[float, float]:
    """From where to where along the piece the space to the next word reaches, to the right or to the left."""
    most, least = _MAX_GAP * piece.height, _MIN_GAP * piece.height
    start = piece.offset(after.origin)[0]
    if start + after.width / 2 < piece.width / 2:
        return -min(max(-start - after.width, least), most), 0.0
    return piece.width, piece.width + min(max(start - piece.width, least), most)


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text

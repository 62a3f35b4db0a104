"""The text that a PDF page carries, in pixels of its page image. Shared by nobody but `pdf.py`.

PyMuPDF gives spans (font, size, visibility) and words (boxes) cheaply, single characters dearly; so a line's
words are taken from the one and everything else from the other, and matched by their text. MuPDF itself maps
all geometry to pixels of the page image.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from ocrkit import geometry
from ocrkit.model import Line, Word
from ocrkit.raster import TextLayer
from ocrkit.sources.mupdf import pymupdf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.geometry import BBox, Point, Quad
    from ocrkit.model import Direction

# Vectors are collected after the text they cross, or an underline would break its line.
_FLAGS = pymupdf.TEXT_MEDIABOX_CLIP | pymupdf.TEXT_COLLECT_VECTORS | pymupdf.TEXT_LAZY_VECTORS
_TEXT_BLOCK, _VECTOR_BLOCK = 0, 3

_BOLD_FONT, _ITALIC_FONT = pymupdf.TEXT_FONT_BOLD, pymupdf.TEXT_FONT_ITALIC
# MuPDF's FZ_STEXT_BOLD, _FILLED, _STROKED, _UNICODE_IS_CID and _UNICODE_IS_GID.
_BOLD_CHAR, _PAINTED, _UNKNOWN = 8, 16 | 32, 128 | 256

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_UNMAPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff\ud800-\udfff\U000f0000-\U0010ffff]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_PRESENTATION = re.compile("[\ufb1d-\ufdfb\ufe70-\ufefc]+")
_OPENING, _CLOSING = "([{«", ")]}»"
_BRACKETS = str.maketrans(_OPENING + _CLOSING, _CLOSING + _OPENING)

_SAME_BASELINE, _TOUCHING, _OVERLAPPING = 0.1, 0.25, -0.3
"""In type sizes: how far two pieces of one printed line may lie apart across and along it."""

_MIN_RULING = 4.0
_MAX_THICKNESS = 3.0
"""Points: a filled shape longer and thinner than this is a line; a larger one is a box with four edges."""
_MAX_RULINGS = 5000
"""A page with more is a map or a drawing, not a table."""
_BACKGROUND = 0.9
"""Share of the page from which a box is its background."""
_COVERING = 0.8
"""Share of the page from which a picture is its scan, margins cut."""
_WHITE = 0xFFFFFF
_UPRIGHT = 1e-3
"""Sine of the tilt, a twentieth of a degree, under which text counts as upright."""


@dataclass(slots=True)
class _Piece:
    """A run of text as MuPDF found it; pieces of one printed line are joined."""

    spans: list[dict[str, Any]]
    words: list[tuple[str, BBox]]
    box: BBox
    along: Point
    vertical: bool
    block: int


def text_layer_of(page: Any, *, zoom: float, size: tuple[int, int]) -> TextLayer:
    """The page's text, counted and placed.

    Args:
        page: a PyMuPDF page; the caller holds the lock.
        zoom: pixels of the page image a point.
        size: width and height of the page image.
    """
    frame = _turn(page) * pymupdf.Matrix(zoom, zoom)
    text_page = page.get_textpage(clip=(0, 0, *size), flags=_FLAGS, matrix=frame)
    blocks = text_page.extractDICT()["blocks"]
    pictures = [tuple(pymupdf.Rect(picture["bbox"]) * frame) for picture in page.get_image_info()]
    characters, unmapped, hidden = _counted(blocks)
    if hidden < characters and _is_under_picture(page, pictures, size):
        hidden = characters
    pieces = _joined(_pieces(blocks, text_page.extractWORDS()))
    lines = (_line(piece, size) for piece in pieces)
    vectors = (block for block in blocks if block["type"] == _VECTOR_BLOCK)
    rulings = list(islice(_rulings(vectors, zoom, size), _MAX_RULINGS + 1))
    return TextLayer(
        lines=tuple(line for line in lines if line is not None),
        characters=characters,
        unmapped=unmapped,
        hidden=hidden,
        pictures=_on_page(pictures, size),
        rulings=_on_page(rulings, size) if len(rulings) <= _MAX_RULINGS else (),
    )


def _turn(page: Any) -> Any:
    """The matrix that turns the page as text comes from it (before /Rotate) into the page as it is seen.

    PyMuPDF's own `rotation_matrix` forgets UserUnit.
    """
    width, height = page.rect.width, page.rect.height
    return {
        90: pymupdf.Matrix(0, 1, -1, 0, width, 0),
        180: pymupdf.Matrix(-1, 0, 0, -1, width, height),
        270: pymupdf.Matrix(0, -1, 1, 0, 0, height),
    }.get(page.rotation, pymupdf.Matrix(1, 1))


def _counted(blocks: list[dict[str, Any]]) -> tuple[int, int, int]:
    """How many characters there are, how many without meaning, how many not painted."""
    characters = unmapped = hidden = 0
    for span in (s for b in blocks if b["type"] == _TEXT_BLOCK for line in b["lines"] for s in line["spans"]):
        text = span["text"]
        count = len(text) - text.count(" ")
        characters += count
        if span["char_flags"] & _UNKNOWN:
            unmapped += count
        elif not text.isascii() or not text.isprintable():
            unmapped += len(_UNMAPPED.findall(text))
        if not (span["char_flags"] & _PAINTED and span["alpha"]):
            hidden += count
    return characters, unmapped, hidden


def _is_under_picture(page: Any, pictures: list[BBox], size: tuple[int, int]) -> bool:
    """Whether all text is painted before a picture that covers the page, as some OCR programs leave it."""
    if not any(geometry.area(box) >= _COVERING * size[0] * size[1] for box in pictures):
        return False
    kinds = [kind for kind, _box in page.get_bboxlog()]
    last_text = max((i for i, kind in enumerate(kinds) if kind.endswith("-text")), default=-1)
    return "fill-image" in kinds[last_text + 1 :]


def _pieces(blocks: list[dict[str, Any]], words: list[tuple[Any, ...]]) -> Iterator[_Piece]:
    found: dict[tuple[int, int], list[tuple[str, BBox]]] = {}
    for x0, y0, x1, y1, text, block, line, _number in words:
        found.setdefault((block, line), []).append((text, (x0, y0, x1, y1)))
    # Blocks of words are counted without the pictures and vectors between them.
    for number, block in enumerate(block for block in blocks if block["type"] == _TEXT_BLOCK):
        for index, line in enumerate(block["lines"]):
            spans = line["spans"]
            if spans and all(map(math.isfinite, line["bbox"])):
                yield _Piece(
                    spans=spans,
                    words=found.get((number, index), []),
                    box=line["bbox"],
                    along=line["dir"],
                    vertical=line["wmode"] == 1,
                    block=number,
                )


def _joined(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """The pieces, those of one printed line put together: MuPDF parts vertical and two-way lines."""
    last: _Piece | None = None
    for piece in pieces:
        if last is not None and _continues(last, piece):
            # A value may be drawn before the label on its left.
            one, other = (piece, last) if _stands_before(piece, last) else (last, piece)
            last.spans, last.words = one.spans + other.spans, one.words + other.words
            last.box = geometry.union((last.box, piece.box))
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _continues(a: _Piece, b: _Piece) -> bool:
    if a.block != b.block or a.along != b.along or a.vertical != b.vertical:
        return False
    across = 0 if abs(a.along[0]) < abs(a.along[1]) else 1
    size = max(a.spans[-1]["size"], b.spans[0]["size"])
    if abs(a.spans[-1]["origin"][across] - b.spans[0]["origin"][across]) > _SAME_BASELINE * size:
        return False
    flow = 1 - across
    gap: float = max(b.box[flow] - a.box[flow + 2], a.box[flow] - b.box[flow + 2])
    return bool(_OVERLAPPING * size <= gap <= _TOUCHING * size)


def _stands_before(piece: _Piece, other: _Piece) -> bool:
    """Whether the piece is read before the other though it was drawn after it; two-way text comes in reading order."""
    ahead = sum(
        (a + b - c - d) * along
        for a, b, c, d, along in zip(
            piece.box[:2], piece.box[2:], other.box[:2], other.box[2:], piece.along, strict=True
        )
    )
    texts = (span["text"] for span in (*piece.spans, *other.spans))
    return ahead < 0 and not any(_RIGHT_TO_LEFT.search(text) for text in texts if not text.isascii())


def _line(piece: _Piece, size: tuple[int, int]) -> Line | None:
    """The line with its words; `None` where nothing readable lies on the page."""
    text = _clean("".join(span["text"] for span in piece.spans))
    is_rtl = _is_right_to_left(text)
    axis = _axis(piece)
    is_upright = abs(axis[1]) < _UPRIGHT and axis[0] > 0
    lead = max(piece.spans, key=lambda span: len(span["text"]))
    words = []
    for token, box in _tokens(text, piece):
        bbox = _cut(box, size)
        if bbox is not None:
            quad = None if is_upright else _quad(bbox, axis, lead["size"])
            words.append(Word(text=_mirrored(token, text) if is_rtl else token, bbox=bbox, quad=quad))
    if not words:
        return None
    bbox = geometry.union(word.bbox for word in words)
    direction: Direction = "ttb" if piece.vertical else "rtl" if is_rtl else "ltr"
    font = lead["font"].lower()
    return Line(
        text=" ".join(word.text for word in words),
        bbox=bbox,
        words=tuple(words),
        quad=None if is_upright else _quad(bbox, axis, lead["size"]),
        direction=direction,
        font_size=round(lead["size"], 2),
        bold=bool(lead["flags"] & _BOLD_FONT or lead["char_flags"] & _BOLD_CHAR or "bold" in font),
        italic=bool(lead["flags"] & _ITALIC_FONT or "italic" in font or "oblique" in font),
    )


def _cut(box: BBox, size: tuple[int, int]) -> BBox | None:
    """The part of the box that lies on the page, `None` where none does; `geometry.clamp`, but for thousands."""
    x0, y0, x1, y1 = box
    if 0 <= x0 < x1 <= size[0] and 0 <= y0 < y1 <= size[1]:
        return (round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2))
    bbox = geometry.clamp(box, *size) if all(map(math.isfinite, box)) else (0.0, 0.0, 0.0, 0.0)
    return bbox if bbox[0] < bbox[2] and bbox[1] < bbox[3] else None


def _tokens(text: str, piece: _Piece) -> list[tuple[str, BBox]]:
    """The words of the line's text with their boxes.

    PyMuPDF also parts words where the direction of writing changes, so its parts are put together until they
    make a word of the text. Where they never do, the line is one word.
    """
    tokens = text.split()
    if tokens == [part for part, _ in piece.words]:
        return piece.words
    parts = [(cleaned, box) for part, box in piece.words if (cleaned := _clean(part).strip())]
    found: list[tuple[str, BBox]] = []
    position = 0
    for token in tokens:
        spelt, start = "", position
        while len(spelt) < len(token) and position < len(parts):
            spelt += parts[position][0]
            position += 1
        if spelt != token:
            return [(" ".join(tokens), piece.box)]
        box = parts[start][1] if position == start + 1 else geometry.union(box for _, box in parts[start:position])
        found.append((token, box))
    return found


def _clean(text: str) -> str:
    """The text as a reader means it: no control characters, composed letters, a drawn soft hyphen as a hyphen."""
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROL.sub("", text).replace("\u00ad", "-")
    text = _PRESENTATION.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return unicodedata.normalize("NFC", text)


def _is_right_to_left(text: str) -> bool:
    if text.isascii():
        return False
    return len(_RIGHT_TO_LEFT.findall(text)) > sum(map(str.isalpha, text)) / 2


def _mirrored(token: str, line: str) -> str:
    """The token of a right-to-left line, its brackets facing the other way where the line closes before it opens.

    MuPDF puts such lines into logical order and leaves the brackets as they were drawn.
    """
    first = next((char for char in line if char in _OPENING + _CLOSING), "(")
    return token.translate(_BRACKETS) if first in _CLOSING else token


def _axis(piece: _Piece) -> Point:
    """The direction from left to right through an upright letter of the piece."""
    x, y = piece.along
    # Vertical lines run down; their letters stand upright.
    return (y, -x) if piece.vertical else (x, y)


def _quad(box: BBox, axis: Point, font_size: float) -> Quad:
    """The corners of text that runs along `axis` within its upright `box`."""
    width, height = geometry.width(box), geometry.height(box)
    cos, sin = abs(axis[0]), abs(axis[1])
    if min(cos, sin) < _UPRIGHT:
        run, rise = (width, height) if cos > sin else (height, width)
    else:
        rise = font_size
        run = max((width - rise * sin) / cos if cos > sin else (height - rise * cos) / sin, 0.0)
    x, y = geometry.center(box)
    along = (axis[0] * run / 2, axis[1] * run / 2)
    up = (axis[1] * rise / 2, -axis[0] * rise / 2)
    return (
        _rounded(x - along[0] + up[0], y - along[1] + up[1]),
        _rounded(x + along[0] + up[0], y + along[1] + up[1]),
        _rounded(x + along[0] - up[0], y + along[1] - up[1]),
        _rounded(x - along[0] - up[0], y - along[1] - up[1]),
    )


def _rounded(x: float, y: float) -> Point:
    return (round(x, 2), round(y, 2))


def _rulings(vectors: Iterable[dict[str, Any]], zoom: float, size: tuple[int, int]) -> Iterator[BBox]:
    """Straight lines, and the edges of boxes that can be seen."""
    for vector in vectors:
        x0, y0, x1, y1 = box = vector["bbox"]
        width, height = x1 - x0, y1 - y0
        if not (vector["isrect"] and vector["alpha"] and max(width, height) >= _MIN_RULING * zoom):
            continue
        if min(width, height) <= _MAX_THICKNESS * zoom:
            yield box
        elif (vector["stroked"] or vector["color"] != _WHITE) and width * height < _BACKGROUND * size[0] * size[1]:
            yield (x0, y0, x1, y0)
            yield (x0, y1, x1, y1)
            yield (x0, y0, x0, y1)
            yield (x1, y0, x1, y1)


def _on_page(boxes: Iterable[BBox], size: tuple[int, int]) -> tuple[BBox, ...]:
    """The boxes cut to the page, without those that lie outside it."""
    width, height = size
    return tuple(
        geometry.clamp(box, width, height)
        for box in boxes
        if box[0] < width and box[1] < height and box[2] > 0 and box[3] > 0
    )

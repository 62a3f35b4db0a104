"""Turns what Tesseract found into lines with words: logical order, boxes in the frame of the picture as given.

Knows Tesseract's iterator; chooses nothing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tesserocr import RIL, WritingDirection, iterate_level

from ocrkit import geometry
from ocrkit.languages import RTL_SCRIPTS, UNSPACED_SCRIPTS, script_of
from ocrkit.model import Line, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tesserocr import PyTessBaseAPI

    from ocrkit.engines.tesseract.ink import Span
    from ocrkit.geometry import BBox
    from ocrkit.model import Direction

_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""Directional marks: Tesseract adds them for display, text in logical order needs none."""
_CJK_SPACE = re.compile(
    r"(?<=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]) +(?=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef])"
)
"""Space between two characters of a script without spaces."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the pixels given to Tesseract lie on the picture: at `x`, `y` of the picture enlarged by `scale`."""

    width: int
    height: int
    scale: float
    x: int = 0
    y: int = 0

    def box(self, box: Span) -> BBox:
        """The box in pixels of the picture as given."""
        x0, y0, x1, y1 = box
        moved = (x0 + self.x, y0 + self.y, x1 + self.x, y1 + self.y)
        a, b, c, d = (value / self.scale for value in moved)
        return geometry.clamp((a, b, c, d), self.width, self.height)

    def span(self, box: BBox) -> Span:
        """Where a box of the picture as given lies in the enlarged picture, in whole pixels outwards."""
        x0, y0, x1, y1 = (value * self.scale for value in box)
        return (math.floor(x0), math.floor(y0), math.ceil(x1), math.ceil(y1))

    def at(self, x: int, y: int) -> Frame:
        """The frame of a part that begins at `x`, `y` of the enlarged picture."""
        return replace(self, x=x, y=y)


def recognized(api: PyTessBaseAPI, frame: Frame) -> list[Line]:
    """The lines of the picture that `api` holds, in Tesseract's reading order; none for a blank one.

    Built from single characters: Tesseract walks them in logical order, while the text of a whole word
    comes in visual order, which is the reverse for Arabic and Hebrew.
    """
    lines: list[Line] = []
    begun = _Begun()
    for item in _items(api):
        if item.IsAtBeginningOf(RIL.TEXTLINE):
            lines += begun.line()
            begun = _Begun(head=_head(item, frame))
        if item.IsAtBeginningOf(RIL.WORD):
            begun.words.append(_BegunWord(item.BlanksBeforeWord() > 0, _box(item, frame), _share(item, RIL.WORD)))
        if begun.words:
            begun.words[-1].letters.append(_symbol(item))
    return [*lines, *begun.line()]


def symbols(api: PyTessBaseAPI) -> list[tuple[str, float]]:
    """The characters of the picture that `api` holds, each with its confidence: that of a word is its worst one's."""
    found = ((_symbol(item), _share(item, RIL.SYMBOL)) for item in _items(api))
    return [(text, confidence) for text, confidence in found if text]


def text_of(api: PyTessBaseAPI) -> str:
    """The text of the picture that `api` holds, words apart; without places."""
    words: list[str] = []
    for item in _items(api):
        if item.IsAtBeginningOf(RIL.WORD):
            words.append("")
        words[-1:] = [(words[-1] if words else "") + _symbol(item)]
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class _Head:
    """What Tesseract says of a line as a whole."""

    vertical: bool = False
    font_size: float | None = None


@dataclass(slots=True)
class _BegunWord:
    after_space: bool
    bbox: BBox | None
    confidence: float
    letters: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Begun:
    """A line whose characters are still coming in."""

    head: _Head = field(default_factory=_Head)
    words: list[_BegunWord] = field(default_factory=list)

    def line(self) -> Iterator[Line]:
        """The line, if there is anything in it."""
        whole = [(word, "".join(word.letters).strip()) for word in self.words]
        words = [Word(text=text, bbox=w.bbox, confidence=w.confidence) for w, text in whole if text and w.bbox]
        if not words:
            return
        script = script_of(" ".join(word.text for word in words))
        # Tesseract counts the blanks at a word's left, where text from right to left has its end.
        text = "".join(f" {text}" if w.after_space or script in RTL_SCRIPTS else text for w, text in whole).strip()
        direction: Direction = "ttb" if self.head.vertical else "rtl" if script in RTL_SCRIPTS else "ltr"
        yield Line(
            text=_CJK_SPACE.sub("", text) if script in UNSPACED_SCRIPTS else text,
            bbox=geometry.union(word.bbox for word in words),
            # Tesseract's own confidence of a line is that of its first word.
            confidence=mean_confidence(words),
            words=tuple(words),
            direction=direction,
            font_size=self.head.font_size,
        )


def mean_confidence(words: Iterable[Word]) -> float:
    """The mean of the words' confidences, each counting by its characters; 0 for none."""
    counted = [(len(word.text), word.confidence or 0.0) for word in words]
    return sum(count * sure for count, sure in counted) / max(1, sum(count for count, _ in counted))


def _items(api: PyTessBaseAPI) -> Iterator[Any]:
    iterator = api.GetIterator() if api.Recognize() else None
    return iter(()) if iterator is None else iter(iterate_level(iterator, RIL.SYMBOL))


def _head(item: Any, frame: Frame) -> _Head:
    row = item.RowAttributes()
    height = row["row_height"] if row else 0.0
    _, writing_direction, _, _ = item.Orientation()
    return _Head(
        vertical=writing_direction == WritingDirection.TOP_TO_BOTTOM,
        font_size=round(height / frame.scale, 2) if height > 0 else None,
    )


def _box(item: Any, frame: Frame) -> BBox | None:
    box = item.BoundingBox(RIL.WORD)
    return None if box is None else frame.box(box)


def _symbol(item: Any) -> str:
    """The character; empty where Tesseract took something for text and could not read it."""
    try:
        return str(item.GetUTF8Text(RIL.SYMBOL)).translate(_MARKS)
    except RuntimeError:
        return ""


def _share(item: Any, level: int) -> float:
    return min(1.0, max(0.0, float(item.Confidence(level)) / 100))

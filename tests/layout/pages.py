"""Pages built in code: text set in boxes as an engine would find them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.geometry import union
from ocrkit.model import Block, Line, Page, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.model import Direction

HEIGHT = 20.0
"""Height of an ordinary line in pixels; a letter is half as wide."""

LEADING = 24.0
"""From one line to the next."""


def line(text: str, x: float, y: float, *, size: float = HEIGHT, bold: bool = False) -> Line:
    """A line whose words begin at `x` and whose top is `y`; an underscore is a blank as wide as a letter."""
    words = []
    at = x
    for word in text.split(" "):
        blank = len(word) - len(word.lstrip("_"))
        letters = word.lstrip("_")
        at += blank * size / 2
        words.append(Word(text=letters, bbox=(at, y, at + len(letters) * size / 2, y + size)))
        at += (len(letters) + 0.5) * size / 2
    return Line(text=" ".join(w.text for w in words), bbox=union(w.bbox for w in words), words=tuple(words), bold=bold)


def upright(text: str, x: float, y: float) -> Line:
    """A line of signs that runs from top to bottom."""
    words = tuple(Word(text=c, bbox=(x, y + i * HEIGHT, x + HEIGHT, y + (i + 1) * HEIGHT)) for i, c in enumerate(text))
    return Line(text=text, bbox=union(w.bbox for w in words), words=words, direction="ttb")


def leftward(text: str, x: float, y: float, direction: Direction = "rtl") -> Line:
    """A line that runs from right to left; `x` is its right end."""
    words = []
    at = x
    for word in text.split():
        words.append(Word(text=word, bbox=(at - len(word) * HEIGHT / 2, y, at, y + HEIGHT)))
        at -= (len(word) + 0.5) * HEIGHT / 2
    return Line(text=text, bbox=union(w.bbox for w in words), words=tuple(words), direction=direction)


def column(texts: Sequence[str], x: float, y: float, *, size: float = HEIGHT) -> list[Line]:
    """Lines one below the other."""
    return [line(text, x, y + i * LEADING * size / HEIGHT, size=size) for i, text in enumerate(texts)]


def page(lines: Iterable[Line], *, number: int = 1, width: int = 1700, height: int = 2200) -> Page:
    """A page as an engine gives it: each line a block."""
    blocks = tuple(Block(text=item.text, bbox=item.bbox, lines=(item,)) for item in lines)
    return Page(number=number, width=width, height=height, blocks=blocks)


def prose(name: str, count: int, letters: int = 40) -> list[str]:
    """`count` full lines of about `letters` letters, each with its name and number in front."""
    filler = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore "
    return [f"{name}{i} {filler * 3}"[: letters - 1].rstrip().ljust(letters, "n") for i in range(count)]

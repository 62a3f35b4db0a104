"""A model's JSON list of blocks, as far as it can be read: cut short, fenced, with backslashes that JSON forbids."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from ocrkit.inference.wire import without_surrogates

Box: TypeAlias = tuple[float, float, float, float]

_START = re.compile(r"\{\s*\"(?:bbox|category|text)\"\s*:")
_ESCAPE = re.compile(
    r"\\(?:[\\\"/]|u[0-9a-fA-F]{4}|[bfrt](?![a-zA-Z]{2})|n(?!(?:abla|eq|exists|leq|geq)(?![a-z])))|(?P<bad>\\)"
)
r"""A backslash and what it escapes; `bad` where it was meant as LaTeX. `\frac`, `\beta`, `\rho` and `\times` are
valid in JSON and mean something else there; page feeds and the like before a word do not occur."""
_BBOX = re.compile(r"\"bbox\"\s*:\s*\[([^\]]*)\]")
_CATEGORY = re.compile(r"\"category\"\s*:\s*\"([^\"]*)\"")
_TEXT = re.compile(r"\"text\"\s*:\s*\"((?:[^\"\\]|\\.)*)", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_CORNERS = 4
_FARTHEST = 1e6


@dataclass(frozen=True, slots=True)
class Item:
    """One block of the list.

    Attributes:
        label: its category; `Text` where it has none.
        box: as the model gave it; `None` where it gave none that can be read.
        text: its content.
        span: where it stands in the answer.
    """

    label: str
    box: Box | None
    text: str
    span: tuple[int, int]


def items_in(answer: str) -> list[Item]:
    """The blocks that the answer holds, in order; where it is cut, the last one ends."""
    added = [match.start() for match in _ESCAPE.finditer(answer) if match["bad"]]
    # Where each added backslash stands in the mended text: those before it have moved it.
    places = [place + index for index, place in enumerate(added)]
    mended = _ESCAPE.sub(lambda match: "\\\\" if match["bad"] else match[0], answer)
    found: list[Item] = []
    place = 0
    while start := _START.search(mended, place):
        item = _read(mended, start.start())
        place = item.span[1]
        begin, end = (at - bisect_left(places, at) for at in item.span)
        found.append(replace(item, span=(begin, end)))
    return found


def _read(source: str, start: int) -> Item:
    """The block that begins there, read as JSON, else piece by piece."""
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(source, start)
    except ValueError:
        following = _START.search(source, start + 1)
        return _pieced(source, start, following.start() if following else len(source))
    assert isinstance(value, dict)  # it began with a brace
    label, text = value.get("category"), value.get("text")
    return Item(
        label if isinstance(label, str) and label else "Text",
        _box(value.get("bbox")),
        without_surrogates(text) if isinstance(text, str) else "",
        (start, end),
    )


def _pieced(source: str, start: int, end: int) -> Item:
    """A block that is no JSON; its text may be cut."""
    part = source[start:end]
    box, label, text = _BBOX.search(part), _CATEGORY.search(part), _TEXT.search(part)
    numbers: list[Any] = [float(number) for number in _NUMBER.findall(box[1])] if box else []
    content = json.loads(f'"{text[1]}"', strict=False) if text else ""
    return Item(label[1] if label else "Text", _box(numbers), without_surrogates(str(content)), (start, end))


def _box(given: object) -> Box | None:
    if not isinstance(given, list) or len(given) != _CORNERS:
        return None
    if not all(isinstance(number, int | float) and abs(number) < _FARTHEST for number in given):
        return None
    x0, y0, x1, y1 = (float(number) for number in given)
    return (x0, y0, x1, y1)

"""Places for the words of a text, and lines made of them: from the words they match, else between their neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ocrkit import geometry
from ocrkit.layout.alignment.tokens import part, source_text, spanning
from ocrkit.model import Line, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocrkit.geometry import BBox, Quad
    from ocrkit.layout.alignment.matching import Match, Matching
    from ocrkit.layout.alignment.tokens import Printed, Token
    from ocrkit.model import Block, Direction

_LETTER = 0.5
"""Width of a letter in heights of its line, for words that no one saw."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A word, or the part of one that stands on one line.

    Attributes:
        token: number of the token it is of.
        line: number of the printed line it stands on or beside.
        known: whether the other reading saw it, and it is not only put between its neighbours.
    """

    token: int
    text: str
    bbox: BBox
    quad: Quad | None
    line: int
    known: bool


def spots_of(matching: Matching, lines: Sequence[Line], stretch: range) -> list[Spot]:
    """The words of one block in their order; empty where nothing tells where the block is."""
    spots: list[Spot] = []
    waiting: list[int] = []
    for number in stretch:
        found = _seen(matching, lines, number)
        if not found:
            waiting.append(number)
            continue
        spots += _between(matching, lines, waiting, before=spots[-1] if spots else None, after=found[0])
        spots += found
        waiting = []
    if spots:
        spots += _between(matching, lines, waiting, before=spots[-1], after=None)
    return spots


def spots_within(box: BBox, tokens: Sequence[Token], stretch: range) -> list[Spot]:
    """The words of a block of which nothing was seen, set into its box as evenly as they go."""
    letters = sum(len(tokens[number].text) + 1 for number in stretch)
    width, height = geometry.width(box), geometry.height(box)
    rows = max(1, round((letters * _LETTER * height / max(width, 1.0)) ** 0.5))
    row_letters = max(1, -(-letters // rows))
    spots: list[Spot] = []
    at = 0
    for number in stretch:
        text = tokens[number].text
        row = min(at // row_letters, rows - 1)
        start = (at - row * row_letters) / row_letters
        end = min(1.0, start + len(text) / row_letters)
        x0, y0 = box[0] + min(start, 1.0) * width, box[1] + row * height / rows
        place = geometry.normalized((x0, y0, box[0] + end * width, y0 + height / rows))
        spots.append(Spot(number, text, place, None, line=-1 - row, known=False))
        at += len(text) + 1
    return spots


def lines_of(
    spots: Sequence[Spot], lines: Sequence[Line], block: Block, *, tokens: Sequence[Token], word: Callable[[Spot], Word]
) -> tuple[Line, ...]:
    """The spots as printed lines; `word` makes of each the word that is told."""
    made: list[Line] = []
    start = 0
    for end in range(1, len(spots) + 1):
        if end == len(spots) or spots[end].line != spots[start].line:
            made.append(_line(spots[start:end], lines, block, tokens=tokens, words=tuple(map(word, spots[start:end]))))
            start = end
    return tuple(made)


def _line(
    spots: Sequence[Spot], lines: Sequence[Line], block: Block, *, tokens: Sequence[Token], words: tuple[Word, ...]
) -> Line:
    text = spots[0].text
    for one, other in pairwise(spots):
        a, b = tokens[one.token], tokens[other.token]
        parted = a.cell != b.cell or source_text(block, a.cell)[a.end : b.start] != "" or one.token == other.token
        text += " " * parted + other.text
    confidences = [word.confidence for word in words if word.confidence is not None]
    told = {
        "text": text,
        "bbox": geometry.union(spot.bbox for spot in spots),
        "confidence": sum(confidences) / len(confidences) if confidences else None,
        "words": words,
        "quad": _quad(spots),
    }
    if spots[0].line < 0:
        return Line.model_validate(told)
    return lines[spots[0].line].model_copy(update=told)


def _quad(spots: Sequence[Spot]) -> Quad | None:
    first, last = spots[0].quad, spots[-1].quad
    return None if first is None or last is None else (first[0], last[1], last[2], first[3])


def _seen(matching: Matching, lines: Sequence[Line], number: int) -> list[Spot]:
    """The token where the other reading saw it, or something in its place."""
    token, match = matching.tokens[number], matching.of_token[number]
    if match is None:
        places = matching.instead.get(number, ())
        there = [matching.printed[place] for place in places]
        there = [printed for printed in there if printed.line == there[0].line]
        return [Spot(number, token.text, *spanning(there[0], there[-1]), there[0].line, known=False)] if there else []
    there = list(matching.printed[match.begin : match.end])
    if match.last - match.first > 1:
        return [_of_several(matching, match, number, there=there, lines=lines)]
    rows = sorted({printed.line for printed in there}, key=[printed.line for printed in there].index)
    if len(rows) == 1:
        return [Spot(number, token.text, *spanning(there[0], there[-1]), rows[0], known=True)]
    return _over_lines(number, token, [[p for p in there if p.line == row] for row in rows])


def _of_several(
    matching: Matching, match: Match, number: int, *, there: Sequence[Printed], lines: Sequence[Line]
) -> Spot:
    """A token that was seen as one word with its neighbours: its share of that."""
    texts = [token.text for token in matching.tokens[match.first : match.last]]
    total = sum(map(len, texts)) or 1
    before = sum(map(len, texts[: number - match.first]))
    line = there[0].line
    start, end = before / total, (before + len(matching.tokens[number].text)) / total
    box, quad = spanning(there[0], [printed for printed in there if printed.line == line][-1])
    place = part(box, quad, direction=lines[line].direction, start=start, end=end)
    return Spot(number, matching.tokens[number].text, *place, line, known=True)


def _over_lines(number: int, token: Token, rows: Sequence[Sequence[Printed]]) -> list[Spot]:
    """A word that a line's end parts: as it is printed, in parts."""
    lengths = [sum(len(printed.text.rstrip("-‐\u00ad")) for printed in row) for row in rows]
    total = sum(lengths) or 1
    spots: list[Spot] = []
    done = 0
    for index, row in enumerate(rows):
        start = round(done * len(token.text) / total)
        done += lengths[index]
        end = len(token.text) if index == len(rows) - 1 else round(done * len(token.text) / total)
        text = token.text[start:end]
        if index < len(rows) - 1 and row[-1].text[-1:] in "-‐\u00ad" and not text.endswith("-"):
            text += "-"
        if text:
            spots.append(Spot(number, text, *spanning(row[0], row[-1]), row[0].line, known=True))
    return spots


def _between(
    matching: Matching, lines: Sequence[Line], waiting: Sequence[int], *, before: Spot | None, after: Spot | None
) -> list[Spot]:
    """Words that nobody saw: in the gap between the words before and after, else at the one there is."""
    side = before or after
    if not waiting or side is None:
        return []
    texts = [matching.tokens[number].text for number in waiting]
    total = sum(map(len, texts)) or 1
    box = _gap(before, after, lines, letters=total)
    spots, done = [], 0
    for number, text in zip(waiting, texts, strict=True):
        start, done = done / total, done + len(text)
        place, _ = part(box, None, direction=_direction(lines, side.line), start=start, end=done / total)
        spots.append(Spot(number, text, place, None, side.line, known=False))
    return spots


def _gap(before: Spot | None, after: Spot | None, lines: Sequence[Line], *, letters: int) -> BBox:
    side = before or after
    assert side is not None
    x0, y0, x1, y1 = side.bbox
    if before is not None and after is not None and before.line == after.line and _direction(lines, side.line) != "ttb":
        inner = sorted((before.bbox[0], before.bbox[2], after.bbox[0], after.bbox[2]))[1:3]
        return (inner[0], y0, inner[1], y1)
    if _direction(lines, side.line) == "ttb":
        return (x0, y1, x1, y1) if before is not None else (x0, y0, x1, y0)
    line = lines[side.line].bbox if side.line >= 0 else side.bbox
    forward = (before is not None) == (_direction(lines, side.line) == "ltr")
    length = _LETTER * (y1 - y0) * letters
    if forward:
        return (x1, y0, max(x1, min(x1 + length, line[2])), y1)
    return (min(x0, max(x0 - length, line[0])), y0, x0, y1)


def _direction(lines: Sequence[Line], line: int) -> Direction:
    return lines[line].direction if line >= 0 else "ltr"

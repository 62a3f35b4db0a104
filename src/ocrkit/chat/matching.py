"""Where a text stands in a longer one, some characters being different. Pure; exact about the distance it gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """The stretch of a text that is nearest to a pattern: `text[start:end]`, so many edits away."""

    start: int
    end: int
    edits: int


def nearest(pattern: str, text: str, *, most: int) -> Match | None:
    """The first stretch of the text with the fewest edits to the pattern; `None` where all need more than `most`.

    G. Myers, A fast bit-vector algorithm for approximate string matching (Journal of the ACM 46:3, 1999), with one
    long integer as the vector. The end is found forwards, the start backwards from it.
    """
    if not pattern:
        return None
    end, edits = _nearest_end(pattern, text)
    if edits > most:
        return None
    # No match of so few edits is longer than the pattern and those edits.
    tail = text[max(0, end - len(pattern) - edits) : end]
    length, _ = _nearest_end(pattern[::-1], tail[::-1], longest=True)
    return Match(end - length, end, edits)


def _nearest_end(pattern: str, text: str, *, longest: bool = False) -> tuple[int, int]:
    """How much of the text has been read where the pattern ends with the fewest edits, and those edits.

    With `longest`, the pattern must begin where the text begins, and of equals the longest stretch is taken.
    """
    masks: dict[str, int] = {}
    for place, sign in enumerate(pattern):
        masks[sign] = masks.get(sign, 0) | 1 << place
    every, last = (1 << len(pattern)) - 1, 1 << (len(pattern) - 1)
    more, less = every, 0  # where, going down a column, the distance grows or shrinks by one
    edits = len(pattern)
    best = (0, edits)
    for read, sign in enumerate(text, start=1):
        same = masks.get(sign, 0)
        diagonal = (((same & more) + more) ^ more) | same | less
        grows = less | ~(diagonal | more) & every
        shrinks = more & diagonal
        edits += bool(grows & last) - bool(shrinks & last)
        # A match may begin anywhere unless it is anchored, when each character passed over is an edit.
        grows = (grows << 1 | longest) & every
        shrinks = shrinks << 1 & every
        more = shrinks | ~(diagonal | grows) & every
        less = grows & diagonal
        if edits < best[1] or (longest and edits == best[1]):
            best = (read, edits)
    return best

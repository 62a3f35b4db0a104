"""Tells an answer that went round in circles from one that was merely too long.

Knows text only. Decoders fail this way: the same words, rows or blocks again and again up to the bound of the answer.
"""

from __future__ import annotations

import re

_WINDOW = 12_000
"""Characters from the end that are looked at; a circle fills more than that or little of a page."""
_TIMES = 5
"""Times that a unit must stand in a row. Forms have rows that are alike, so what stands there must be long too."""
_LEAST = 160
"""Characters of repetition below which nothing is told: a list may well say the same thing three times."""
_LEAST_FILLERS = 4000
"""Characters from which empty cells, dots and rules are a circle as well: no page has so many in a row."""
_ENDING = re.compile(r"(?:\s|</[a-zA-Z0-9]+\s*>|[\]}\"'`])+\Z")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>?|\A[^<>]*>")
_WORD = re.compile(r"[^\W_]")


def repeated_from(text: str, *, cut: bool = True) -> int | None:
    """Where in the text its end begins to repeat itself; the first time is not counted. `None` where it does not.

    Args:
        text: a model's answer.
        cut: whether it was cut at its bound. One that ended by itself may have closed its tags, quotes and brackets
            after a repetition, and may rightly hold the empty cells, leaders and rules of a form.
    """
    ending = None if cut else _ENDING.search(text)
    text = text[: ending.start()] if ending else text
    best: tuple[int, int] | None = None
    for length, border in enumerate(_borders(text[-_WINDOW:][::-1]), 1):
        period = length - border
        if length >= _TIMES * period and length >= _LEAST:
            best = (length, period)
    if best is None:
        return None
    length, period = best
    start = len(text) - length
    unit = text[start : start + period]
    # A unit may begin inside a tag: two of them show what stands between whole ones.
    if not cut and not _WORD.search(_TAG.sub("", unit + unit)) and length < _LEAST_FILLERS:
        return None
    return start + period


def without_repeats(text: str) -> str:
    """The text up to where it begins to repeat itself; all of it where it does not."""
    place = repeated_from(text)
    return text if place is None else text[:place]


def _borders(text: str) -> list[int]:
    """For each prefix the length of its longest proper border (Knuth, Morris, Pratt), whence its shortest period."""
    borders = [0] * len(text)
    length = 0
    for index in range(1, len(text)):
        while length and text[index] != text[length]:
            length = borders[length - 1]
        if text[index] == text[length]:
            length += 1
        borders[index] = length
    return borders

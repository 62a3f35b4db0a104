"""Tells an answer that went round in circles until it was cut from one that was merely too long.

Knows text only. Decoders fail this way: the same words, rows or blocks again and again up to the bound of the answer.
"""

from __future__ import annotations

LONGEST = 600
"""Characters of the longest unit looked for: a table row, a short block."""
_LEAST = 200
"""Characters of repetition below which nothing is told: a list may well say the same thing three times."""
_TIMES = 4
"""A unit written more often than this in a row is a circle."""


def repeated_from(text: str) -> int | None:
    """Where in the text its end begins to repeat itself; the first time is not counted. `None` where it does not."""
    for length in range(1, min(LONGEST, len(text) // _TIMES) + 1):
        run = _run(text, length)
        if run >= max(_LEAST, _TIMES * length):
            return len(text) - run
    return None


def without_repeats(text: str) -> str:
    """The text up to where it begins to repeat itself; all of it where it does not."""
    place = repeated_from(text)
    return text if place is None else text[:place]


def _run(text: str, length: int) -> int:
    """How many characters at the end equal those `length` before them."""
    place = len(text) - 1
    while place >= length and text[place] == text[place - length]:
        place -= 1
    return len(text) - 1 - place

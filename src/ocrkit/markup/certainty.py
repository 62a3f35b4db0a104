"""How sure a model was of parts of its answer, from the probabilities of its tokens.

Tokens are aligned by bytes: one may hold part of a character, and a server may add a token that ends the answer.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TAG = re.compile(rb"<[^<>]*>")
_WORD = re.compile(rb"[0-9A-Za-z\x80-\xff]")


def certainties(
    answer: str, spans: Iterable[tuple[int, int]], tokens: Sequence[tuple[bytes, float]] | None
) -> list[float | None]:
    """For each span of the answer, in characters, the mean probability of the tokens that spell its words.

    Args:
        answer: as it came.
        spans: parts of it; those without words have no figure.
        tokens: the bytes and the probability of each token; `None` where nobody knows.

    Returns:
        0 to 1 for each span; `None` where it is unknown or the tokens do not spell the answer.
    """
    spans = list(spans)
    written = answer.encode(errors="surrogatepass")
    spelt = b"".join(token for token, _ in tokens or ())
    shift = spelt.find(written) if written else -1
    if tokens is None or shift < 0:
        return [None] * len(spans)
    starts = [0, *accumulate(len(token) for token, _ in tokens)]
    tags = [tag.span() for tag in _TAG.finditer(written)]
    places = _byte_places(answer)
    found: list[float | None] = []
    for begin, end in spans:
        known = [
            tokens[index][1]
            for index in _tokens_in(starts, shift + places[begin], shift + places[end])
            if _spells(tokens[index][0], starts[index] - shift, tags)
        ]
        found.append(sum(known) / len(known) if known else None)
    return found


def _byte_places(text: str) -> list[int]:
    """For each character, and the end, where it begins in UTF-8."""
    return [0, *accumulate(len(character.encode(errors="surrogatepass")) for character in text)]


def _tokens_in(starts: Sequence[int], begin: int, end: int) -> range:
    """The tokens that begin in `[begin, end)`."""
    first = bisect_right(starts, begin - 1)
    return range(first, min(bisect_right(starts, end - 1), len(starts) - 1))


def _spells(token: bytes, start: int, tags: Sequence[tuple[int, int]]) -> bool:
    """Whether the token has a letter or figure outside of any tag."""
    word = _WORD.search(token)
    if word is None:
        return False
    place = start + word.start()
    index = bisect_right(tags, (place, len(token) + place + 1)) - 1
    return index < 0 or place >= tags[index][1]

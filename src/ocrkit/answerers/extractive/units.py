"""What can be an answer by itself: a sentence, a line of a form, a label with its value, a row of a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from ocrkit.terms import keys, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.contracts import Passage
    from ocrkit.terms import Token

_PROSE = 6
"""Words a line from which several lines are running text, not fields under one another."""
_FULL, _MOSTLY = 0.6, 0.7
"""Lines of running text are full: so much of the longest, and so many of those before the last."""
_LONGEST_ROW = 400
"""Characters of a line of a form or table; a longer one is running text."""
_LONGEST_SENTENCE = 600
"""Characters after which a sentence is parted between two words: lists without full stops are no answer as a whole."""
_LABEL = 6
"""Words of the longest line that can be a label of what stands below it."""

_SENTENCE_END = re.compile(
    # Not after an initial or a short abbreviation (Rs. 1.20, No. 5), and only before what can begin a sentence.
    r"(?<=[.!?])(?<!\b[^\W\d_]\.)(?<!\b[^\W\d_]{2}\.)(?<!\bNos\.)\s+(?=[^\s\d)a-z])|(?<=[。！？])\s*(?=\S)|(?<=;)\s*\n"
)
_FIELD_START = re.compile(r"(?<=\S)[ \t]+(?=[^\W\d_](?:[^\W\d_]|[ .#/'’-]){0,24}[:：])")
"""Where in a line another field begins: `Tel: 12345 Fax: 67890`."""


@dataclass(frozen=True)
class Unit:
    """A stretch of a passage.

    Attributes:
        start: offset in the passage's text.
        end: offset behind it.
        header: the first row of its table, for a row; of the first row itself, its own text.
        under: the line or heading that it stands under.
    """

    passage: Passage
    start: int
    end: int
    header: str = ""
    under: str = ""

    @property
    def text(self) -> str:
        """The words, as the passage has them."""
        return self.passage.text[self.start : self.end]

    @cached_property
    def _tokens(self) -> list[Token]:
        return tokens(self.text)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of its words."""
        return tuple(token.key for token in self._tokens)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words, folded."""
        return frozenset(token.word for token in self._tokens)

    @cached_property
    def head_keys(self) -> frozenset[str]:
        """The keys of its table's first row."""
        return frozenset(keys(self.header))

    @cached_property
    def around(self) -> frozenset[str]:
        """The keys of what it stands under."""
        return frozenset(keys(f"{self.under}\n{self.header}\n{self.passage.context}"))

    def end_of(self, wanted: tuple[str, ...]) -> int | None:
        """Where in the text these keys end, one after another; `None` where they are not there so."""
        found = self.keys
        for place in range(len(found) - len(wanted) + 1):
            if found[place : place + len(wanted)] == wanted:
                return self._tokens[place + len(wanted) - 1].end
        return None

    def overlaps(self, other: Unit) -> bool:
        """Whether both have words in common, at the same place."""
        return self.passage is other.passage and self.start < other.end and other.start < self.end


def units_of(passage: Passage) -> list[Unit]:
    """The units of a passage, in its order; a label is a unit alone and one with what stands below it."""
    found: list[Unit] = []
    under = ""
    outer = next((line for line in passage.context.splitlines() if "\t" in line), "")
    for start, end in _blocks(passage.text):
        text = passage.text[start:end]
        header = ""
        if "\t" in text:
            header, outer = outer or text.partition("\n")[0], ""
        if not header and _is_prose(text):
            spans = list(_sentences(text, start))
        else:
            spans = [part for line in _lines(text, start) for part in _row(passage.text, *line)]
        found += (Unit(passage, *span, header=header, under=under) for span in spans)
        under = text.strip().rpartition("\n")[2]
    return found + list(_labelled(passage))


def fields(text: str) -> Iterator[tuple[int, int]]:
    """The fields of a line that holds several, as offsets; one for a line that does not."""
    start = 0
    for gap in _FIELD_START.finditer(text):
        if any(sign.isdigit() for sign in text[start : gap.start()]):
            yield start, gap.start()
            start = gap.end()
    yield start, len(text)


def cells(row: str) -> list[tuple[int, int]]:
    """Where the cells of a row stand in it."""
    found: list[tuple[int, int]] = []
    start = 0
    for cell in row.split("\t"):
        found.append((start, start + len(cell)))
        start += len(cell) + 1
    return found


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for block in text.split("\n\n"):
        if block.strip():
            yield start, start + len(block)
        start += len(block) + 2


def _lines(text: str, start: int) -> Iterator[tuple[int, int]]:
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _row(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A row or line; where running text was taken for one, its sentences."""
    if end - start <= _LONGEST_ROW:
        yield start, end
        return
    for first, last in cells(text[start:end]):
        yield from _sentences(text[start + first : start + last], start + first)


def _sentences(text: str, start: int) -> Iterator[tuple[int, int]]:
    at = 0
    gaps = [gap.span() for gap in _SENTENCE_END.finditer(text)]
    for end, following in [*gaps, (len(text), len(text))]:
        while end - at > _LONGEST_SENTENCE:
            cut = max(text.rfind(sign, at + 1, at + _LONGEST_SENTENCE) for sign in " \n") + 1
            cut = cut if cut > at + 1 else at + _LONGEST_SENTENCE
            yield start + at, start + cut
            at = cut
        if text[at:end].strip():
            yield start + at, start + end
        at = following


def _is_prose(text: str) -> bool:
    if "。" in text:
        return True
    lines = text.strip().split("\n")
    if len(text.split()) / len(lines) < _PROSE:
        return False
    longest = max(map(len, lines))
    full = sum(len(line) >= longest * _FULL for line in lines[:-1])
    return full >= (len(lines) - 1) * _MOSTLY


def _labelled(passage: Passage) -> Iterator[Unit]:
    """Each line that can be a label, with the line that follows it."""
    lines = list(_lines(passage.text, 0))
    for label, value in pairwise(lines):
        text = passage.text[slice(*label)]
        if "\t" not in text and len(text.split()) <= _LABEL and not any(sign.isdigit() for sign in text):
            yield Unit(passage, label[0], value[1])

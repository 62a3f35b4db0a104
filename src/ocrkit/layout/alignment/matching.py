"""Which words of one reading are which words of another: order-free anchors first, then what stands between them.

Runs of words that occur once on either side fix the rest, in whatever order the blocks come. Between two anchors the
words are aligned one after another, a word read as two and two read as one among them. A word that is still alone is
looked for near its neighbours. Knows tokens and places, nothing of what a mismatch means.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import LCSseq, Levenshtein

from ocrkit import geometry
from ocrkit.layout.alignment.folding import fold, is_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ocrkit.geometry import BBox
    from ocrkit.layout.alignment.tokens import Printed, Token
    from ocrkit.model import Page

ALIKE = 0.6
"""Likeness of folded words from which one is the other misread: `rnodern` for `modern`. Below, it is another word."""

_RUNS = (6, 4, 3, 2, 1)
"""Lengths of runs that are looked for, the most telling first."""

_IN_ORDER = 4
"""Words that must follow one another alike on both sides to be joined though the like occurs elsewhere."""

_JOINS = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1))
"""How many words may stand for how many: an engine joins and parts words, a line's end does too."""

_REACH = 6
"""Words beyond its own length that a stretch between anchors is looked for in."""

_BAND = 24
"""Words by which the two sides of a stretch may drift apart."""

_NEAR = 5.0
"""Line heights from a word's neighbours within which the same word is taken for it."""

_OWN_BOX = 0.6
"""Share of the page above which a block's box says nothing about where its words are."""

_TELLING = 4
"""Letters of a word that is found without neighbours."""


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens `first` up to `last` of the text are printed words `begin` up to `end`; `likeness` is from 0 to 1."""

    first: int
    last: int
    begin: int
    end: int
    likeness: float


class Matching:
    """What belongs together so far.

    Attributes:
        of_token: the match of each token, or `None`.
        of_printed: the match of each printed word, or `None`.
        instead: of a token without a match, the printed words that stand in its place.
    """

    def __init__(self, tokens: Sequence[Token], printed: Sequence[Printed], page: Page) -> None:
        self.tokens = tokens
        self.printed = printed
        self.of_token: list[Match | None] = [None] * len(tokens)
        self.of_printed: list[Match | None] = [None] * len(printed)
        self.instead: dict[int, tuple[int, ...]] = {}
        heights = sorted(min(geometry.height(p.bbox), geometry.width(p.bbox)) for p in printed)
        self._em = max(1.0, heights[len(heights) // 2]) if heights else 1.0
        self._boxes = [_own_box(block.bbox, page, self._em) for block in page.blocks]

    def run(self) -> None:
        """Finds all matches."""
        for length in _RUNS:
            self._anchor(length, anew=False)
        self._follow_order()
        self._align_stretches()
        for length in _RUNS:
            self._anchor(length, anew=True)
        self._look_nearby()
        self._align_stretches()
        self._note_replaced()

    def place_of(self, number: int) -> BBox | None:
        """Where a matched token stands."""
        match = self.of_token[number]
        return None if match is None else geometry.union(p.bbox for p in self.printed[match.begin : match.end])

    # ------------------------------------------------------------------ runs that occur once

    def _anchor(self, length: int, *, anew: bool) -> None:
        """Joins the runs of so many words that occur once in either reading; `anew`: once in what is left of it."""
        there = _once(self._runs(self.of_printed, [p.key for p in self.printed], length, anew=anew))
        here = _once(self._runs(self.of_token, [t.key for t in self.tokens], length, anew=anew))
        for keys, first in here.items():
            begin = there.get(keys)
            if begin is None or not self._fits(first, begin, keys):
                continue
            for step in range(length):
                self._join(first + step, begin + step)
            self._extend(first + length, begin + length, step=1)
            self._extend(first - 1, begin - 1, step=-1)

    @staticmethod
    def _runs(
        matched: Sequence[Match | None], keys: Sequence[str], length: int, *, anew: bool
    ) -> Iterator[tuple[tuple[str, ...], int]]:
        free = 0
        for number, key in enumerate(keys):
            free = free + 1 if matched[number] is None or not anew else 0
            if free >= length and (length > 1 or is_word(key)):
                first = number - length + 1
                yield tuple(keys[first : number + 1]), first

    def _follow_order(self) -> None:
        """Joins what is left where longer runs of it come in the same order on both sides, as repeated text does.

        First within each block's own box, where it has one; then on the page as a whole.
        """
        free = [number for number, match in enumerate(self.of_token) if match is None]
        for block in dict.fromkeys(self.tokens[number].block for number in free):
            box = self._boxes[block]
            if box is not None:
                self._join_runs([n for n in free if self.tokens[n].block == block], self._free_inside(box))
        self._join_runs(
            [number for number in free if self.of_token[number] is None],
            [place for place, match in enumerate(self.of_printed) if match is None],
        )

    def _join_runs(self, here: Sequence[int], there: Sequence[int]) -> None:
        keys = [self.tokens[number].key for number in here]
        for same in LCSseq.editops(keys, [self.printed[place].key for place in there]).as_matching_blocks():
            if same.size >= _IN_ORDER:
                for step in range(same.size):
                    self._join(here[same.a + step], there[same.b + step])

    def _fits(self, first: int, begin: int, keys: tuple[str, ...]) -> bool:
        """Whether nothing speaks against it: it is still free, and where its block should be, unless it is long."""
        length = len(keys)
        free = all(self.of_token[first + i] is None and self.of_printed[begin + i] is None for i in range(length))
        box = self._boxes[self.tokens[first].block]
        within = self._same_block(first, first + length - 1)
        if not free or box is None or (within and sum(map(len, keys)) > _TELLING * _TELLING):
            return free
        return _inside(self.printed[begin].bbox, box)

    def _extend(self, number: int, place: int, *, step: int) -> None:
        """Goes on from an anchor as long as the words are the same."""
        block = self.tokens[number - step].block
        while 0 <= number < len(self.tokens) and 0 <= place < len(self.printed):
            token = self.tokens[number]
            taken = self.of_token[number] is not None or self.of_printed[place] is not None
            if taken or token.block != block or token.key != self.printed[place].key:
                return
            self._join(number, place)
            number, place = number + step, place + step

    def _join(self, number: int, place: int) -> None:
        self._add(Match(number, number + 1, place, place + 1, 1.0))

    def _add(self, match: Match) -> None:
        for number in range(match.first, match.last):
            self.of_token[number] = match
        for place in range(match.begin, match.end):
            self.of_printed[place] = match

    # ------------------------------------------------------------------ what stands between

    def _align_stretches(self) -> None:
        for first, last in self._stretches():
            candidates = self._candidates(first, last)
            if candidates:
                for match in _aligned(self.tokens, self.printed, stretch=range(first, last), candidates=candidates):
                    self._add(match)

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """Tokens of one block without a match, from each first to behind the last."""
        first = 0
        while first < len(self.tokens):
            last = first
            while (
                last < len(self.tokens)
                and self.of_token[last] is None
                and self.tokens[last].block == self.tokens[first].block
            ):
                last += 1
            if last > first:
                yield first, last
            first = max(last, first + 1)

    def _candidates(self, first: int, last: int) -> list[int]:
        """Free printed words that may be the tokens: those after the match before, those before the match after."""
        before = self.of_token[first - 1] if first and self._same_block(first - 1, first) else None
        after = self.of_token[last] if last < len(self.tokens) and self._same_block(last - 1, last) else None
        room = 2 * (last - first) + _REACH
        found: set[int] = set()
        if before is not None:
            found.update(self._free_from(before.end, 1, room))
        if after is not None:
            found.update(self._free_from(after.begin - 1, -1, room))
        if before is None and after is None:
            inside = self._free_inside(self._boxes[self.tokens[first].block])
            found.update(inside if len(inside) <= 2 * room else ())
        return sorted(found)

    def _free_from(self, place: int, step: int, room: int) -> Iterator[int]:
        while 0 <= place < len(self.printed) and room and self.of_printed[place] is None:
            yield place
            place, room = place + step, room - 1

    def _free_inside(self, box: BBox | None) -> list[int]:
        free = [place for place, match in enumerate(self.of_printed) if match is None]
        return free if box is None else [place for place in free if _inside(self.printed[place].bbox, box)]

    def _same_block(self, one: int, other: int) -> bool:
        return self.tokens[one].block == self.tokens[other].block

    # ------------------------------------------------------------------ words that are left

    def _look_nearby(self) -> None:
        """Gives a word that is still alone the same printed word nearest to where its neighbours stand."""
        free: dict[str, list[int]] = defaultdict(list)
        for place, printed in enumerate(self.printed):
            if self.of_printed[place] is None:
                free[printed.key].append(place)
        alone = [number for number, match in enumerate(self.of_token) if match is None]
        wanted: dict[str, int] = defaultdict(int)
        for number in alone:
            wanted[self.tokens[number].key] += 1
        for number in alone:
            key = self.tokens[number].key
            places = [place for place in free.get(key, ()) if self.of_printed[place] is None]
            chosen = self._nearest(number, places, once=wanted[key] == len(places) == 1)
            if chosen is not None:
                self._join(number, chosen)

    def _nearest(self, number: int, places: Sequence[int], *, once: bool) -> int | None:
        box = self._boxes[self.tokens[number].block]
        near = self._neighbours(number)
        if near:
            ranked = sorted((min(_distance(self.printed[p].bbox, other) for other in near), p) for p in places)
            if ranked and ranked[0][0] <= _NEAR * self._em:
                return ranked[0][1]
        elif box is not None:
            places = [place for place in places if _inside(self.printed[place].bbox, box)]
            return places[0] if places else None
        return places[0] if once and not near and len(self.tokens[number].key) >= _TELLING else None

    def _neighbours(self, number: int) -> list[BBox]:
        """Where the nearest matched tokens of the same block stand, on either side."""
        found = []
        for step in (-1, 1):
            at = number + step
            while 0 <= at < len(self.tokens) and self._same_block(at, number):
                place = self.place_of(at)
                if place is not None:
                    found.append(place)
                    break
                at += step
        return found

    def _note_replaced(self) -> None:
        """Notes for each token without a match which free words stand between the words before and after it."""
        for first, last in self._stretches():
            before = self.of_token[first - 1] if first and self._same_block(first - 1, first) else None
            after = self.of_token[last] if last < len(self.tokens) and self._same_block(last - 1, last) else None
            room = 2 * (last - first) + 1
            if before is not None and after is not None:
                if before.end > after.begin or after.begin - before.end > room:
                    continue
                places = list(range(before.end, after.begin))
            elif before is not None:
                places = list(self._free_from(before.end, 1, last - first))
            elif after is not None:
                places = sorted(self._free_from(after.begin - 1, -1, last - first))
            else:
                continue
            if all(self.of_printed[place] is None for place in places):
                self.instead.update(_shared_out(range(first, last), places))


def _once(runs: Iterable[tuple[tuple[str, ...], int]]) -> dict[tuple[str, ...], int]:
    """The runs that occur once, each with its place."""
    seen: dict[tuple[str, ...], int] = {}
    for keys, first in runs:
        seen[keys] = -1 if keys in seen else first
    return {keys: first for keys, first in seen.items() if first >= 0}


def _aligned(
    tokens: Sequence[Token], printed: Sequence[Printed], *, stretch: range, candidates: Sequence[int]
) -> list[Match]:
    """The best matches of a stretch of tokens with candidates, both in order (Needleman and Wunsch 1970, banded)."""
    rows, columns = len(stretch), len(candidates)
    slope = columns / rows
    best: list[dict[int, tuple[float, int, int, float]]] = [{} for _ in range(rows + 1)]
    for i in range(rows + 1):
        middle = round(i * slope)
        reach = max(_BAND, round(slope) + 1)
        for j in range(max(0, middle - reach), min(columns, middle + reach) + 1):
            best[i][j] = _step(best, i, j, tokens=tokens, printed=printed, stretch=stretch, candidates=candidates)
    matches: list[Match] = []
    i, j = rows, columns
    while i > 0 or j > 0:
        _, a, b, likeness = best[i][j]
        if a and b:
            matches.append(
                Match(stretch[i - a], stretch[i - 1] + 1, candidates[j - b], candidates[j - 1] + 1, likeness)
            )
        i, j = i - a, j - b
    return matches


def _step(
    best: Sequence[dict[int, tuple[float, int, int, float]]],
    i: int,
    j: int,
    /,
    *,
    tokens: Sequence[Token],
    printed: Sequence[Printed],
    stretch: range,
    candidates: Sequence[int],
) -> tuple[float, int, int, float]:
    """The best way to `i` tokens and `j` candidates: its score, how many of each its last step took, how alike."""
    options = [(0.0, 0, 0, 0.0)] if i == j == 0 else []
    if i and j in best[i - 1]:
        options.append((best[i - 1][j][0], 1, 0, 0.0))
    if j and j - 1 in best[i]:
        options.append((best[i][j - 1][0], 0, 1, 0.0))
    for a, b in _JOINS:
        before = best[i - a].get(j - b) if i >= a and j >= b else None
        if before is None or (b > 1 and candidates[j - 1] - candidates[j - b] != b - 1):
            continue
        here = [tokens[stretch[i - a + step]] for step in range(a)]
        if here[0].cell != here[-1].cell:
            continue
        there = [printed[candidates[j - b + step]] for step in range(b)]
        likeness, length = _likeness(here, there)
        if likeness >= ALIKE:
            options.append((before[0] + (likeness - ALIKE / 2) * min(length, 8), a, b, likeness))
    return max(options)


def _likeness(here: Sequence[Token], there: Sequence[Printed]) -> tuple[float, int]:
    """How alike the words are when joined, and how long they are; words that are joined must gain by it."""
    if len(here) == len(there) == 1:
        one, other = here[0].key, there[0].key
    else:
        one, other = fold("".join(t.text for t in here)), fold("".join(p.text for p in there))
    if one == other:
        return 1.0, len(one)
    if not is_word(one) or not is_word(other) or min(len(one), len(other)) < ALIKE * max(len(one), len(other)):
        return 0.0, 0
    likeness = Levenshtein.normalized_similarity(one, other, score_cutoff=ALIKE)
    if len(here) + len(there) > 2:  # noqa: PLR2004 - more than one for one
        # A long word beside a short one is alike without it: joined they must be nearly the same.
        likeness = likeness if likeness > 0.8 else 0.0  # noqa: PLR2004 - as said
    return likeness, max(len(one), len(other))


def _shared_out(stretch: range, places: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The places among the tokens in order, to each its part."""
    for index, number in enumerate(stretch):
        start, end = index * len(places) // len(stretch), (index + 1) * len(places) // len(stretch)
        if part := tuple(places[start:end]):
            yield number, part


def _own_box(box: BBox, page: Page, em: float) -> BBox | None:
    """The block's box and a margin for how roughly it was told; `None` where it says nothing."""
    if geometry.area(box) <= 0 or geometry.area(box) > _OWN_BOX * page.width * page.height:
        return None
    return (box[0] - 2 * em, box[1] - 2 * em, box[2] + 2 * em, box[3] + 2 * em)


def _inside(box: BBox, other: BBox) -> bool:
    x, y = geometry.center(box)
    return other[0] <= x <= other[2] and other[1] <= y <= other[3]


def _distance(one: BBox, other: BBox) -> float:
    """Pixels between two boxes; along a line they count a quarter, as words of a line are far apart."""
    dx = max(one[0] - other[2], other[0] - one[2], 0.0)
    dy = max(one[1] - other[3], other[1] - one[3], 0.0)
    return dx / 4 + dy

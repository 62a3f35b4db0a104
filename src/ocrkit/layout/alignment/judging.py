"""What the comparison of two readings says of a text: what nothing on the page supports, what is missing from it.

The other reading is a witness, not the truth: it counts only as far as it is sure of itself, and where it cannot read
(handwriting, a script it does not know) nothing is judged at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from ocrkit import geometry
from ocrkit.languages import scripts_in
from ocrkit.layout.alignment.folding import is_word, numbers, same_numbers
from ocrkit.layout.alignment.tokens import UNPRINTED
from ocrkit.model import PageWarning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.geometry import BBox
    from ocrkit.layout.alignment.matching import Matching
    from ocrkit.layout.alignment.placing import Spot
    from ocrkit.layout.alignment.tokens import Token
    from ocrkit.model import Page, WordFlag

SURE = 0.8
"""Confidence from which a word of the other reading counts against the text."""

SURE_NUMBER = 0.0
"""The same for a number against a number: one wrong digit costs more than a needless look."""

READABLE = 0.6
"""Mean confidence of the other reading, of the page or of where a block is, under which nothing is judged by it."""

MOST_UNREAD = 0.3
"""Share of the inked area that the other reading left unread from which it is no witness for the page."""

_HARDLY = 0.2
"""Share of a script's letters in the text below which the other reading does not know the script."""

_ATTEMPTED = 0.5
"""Unsure words that nothing explains, and unread ink as large, for each word in such a script, from which they are
taken for attempts at it."""

_FEW = 3
"""Words without any match in a block from which it is asked whether the other reading saw the place at all."""

_NAMED = 5
"""Words that a warning names; the rest it counts."""


@dataclass(slots=True)
class Judgement:
    """What is said of a page.

    Attributes:
        flags: of tokens, by number.
        agreements: of blocks, by number; a block that is not there was not compared.
        agreement: of the page; `None` where nothing was compared.
    """

    flags: dict[int, WordFlag] = field(default_factory=dict)
    agreements: dict[int, float] = field(default_factory=dict)
    agreement: float | None = None
    warnings: list[PageWarning] = field(default_factory=list)


def why_not(cpu: Page, matching: Matching, unread: Sequence[BBox]) -> str:
    """Why the other reading is no witness for the page; empty where it is one."""
    words = [printed for printed in matching.printed if is_word(printed.key)]
    if not words and not unread:
        return ""  # a page on which nothing stands speaks against any text
    if any(warning.code == "unread_script" for warning in cpu.warnings):
        return "the cpu engine does not know the script"
    left = sum(map(geometry.area, unread))
    read = sum(geometry.area(printed.bbox) for printed in words)
    if left > MOST_UNREAD * (left + read):
        return f"the cpu engine could not read {left / (left + read):.0%} of what is inked"
    tokens = [token for token in matching.tokens if is_word(token.key)]
    strange = strange_scripts(matching, unread)
    if 2 * sum(_is_strange(token.text, strange) for token in tokens) > len(tokens):
        return f"the cpu engine read nothing in {', '.join(sorted(strange))}"
    sure = _mean([printed.confidence for printed in words])
    if sure < READABLE:
        return f"the cpu engine is not sure of its own reading ({sure:.2f})"
    return ""


def strange_scripts(matching: Matching, unread: Sequence[BBox]) -> frozenset[str]:
    """Scripts of the text in which the other reading has next to nothing, though it has words that nothing explains.

    Those may well be its attempt at that script. Where it has explained all ink, text in such a script is invented.
    """
    said = scripts_in("".join(token.text for token in matching.tokens))
    seen = scripts_in("".join(printed.text for printed in matching.printed))
    strange = frozenset(script for script, count in said.items() if seen.get(script, 0) < count * _HARDLY)
    if not strange:
        return strange
    pairs = zip(matching.printed, matching.of_printed, strict=True)
    attempts = sum(match is None and printed.confidence < SURE for printed, match in pairs)
    word = _mean([geometry.area(printed.bbox) for printed in matching.printed]) or 1.0
    wanted = sum(_is_strange(token.text, strange) for token in matching.tokens)
    return strange if attempts + sum(map(geometry.area, unread)) / word > _ATTEMPTED * wanted else frozenset()


def judged(
    page: Page, matching: Matching, spots: Sequence[Sequence[Spot]], *, unread: Sequence[BBox], engine: str
) -> Judgement:
    """What the other reading, of `engine`, says of the page's text.

    Args:
        page: with the text.
        matching: of its words.
        spots: where they are, by block.
        unread: boxes of ink that the other reading has no words for.
        engine: that made the other reading, for messages.
    """
    found = Judgement()
    places: dict[int, BBox] = {}
    told: dict[int, str] = {}
    strange = strange_scripts(matching, unread)
    supported = compared = 0
    for number, block_spots in enumerate(spots):
        stretch = [n for n, token in enumerate(matching.tokens) if token.block == number]
        places.update({spot.token: spot.bbox for spot in reversed(block_spots)})
        counted = [n for n in stretch if _counts(matching.tokens[n], strange)]
        if not counted or not _legible(matching, counted, box=page.blocks[number].bbox, unread=unread):
            continue
        for token in counted:
            _judge(matching, token, found=found, told=told, unread=unread, place=places.get(token))
        good = sum(matching.of_token[n] is not None and n not in found.flags for n in counted)
        found.agreements[number] = good / len(counted)
        supported, compared = supported + good, compared + len(counted)
    missing = _omitted(page, matching)
    sure = sum(p.confidence >= SURE and is_word(p.key) for p in matching.printed)
    if compared or sure:
        found.agreement = (supported + sure - sum(map(len, missing))) / max(1, compared + sure)
    _warn(found, matching, engine=engine, places=places, told=told)
    if missing:
        found.warnings.append(_omission(missing, matching, engine))
    return found


def _judge(
    matching: Matching,
    number: int,
    *,
    found: Judgement,
    told: dict[int, str],
    unread: Sequence[BBox],
    place: BBox | None,
) -> None:
    token, match = matching.tokens[number], matching.of_token[number]
    if match is not None:
        there = matching.printed[match.begin : match.end]
        text = " ".join(t.text for t in matching.tokens[match.first : match.last])
        printed = " ".join(p.text for p in there)
        sure = min(p.confidence for p in there) >= SURE_NUMBER
        if sure and numbers(token.text) and not same_numbers(text, printed):
            found.flags[number], told[number] = "number_mismatch", printed
        return
    there = [matching.printed[p] for p in matching.instead.get(number, ())]
    if there:
        printed = " ".join(p.text for p in there)
        both = bool(numbers(token.text) and numbers(printed))
        if min(p.confidence for p in there) >= (SURE_NUMBER if both else SURE):
            found.flags[number] = "number_mismatch" if both else "unsupported"
            told[number] = printed
    elif place is None or not any(geometry.intersection(_wider(place), box) for box in unread):
        found.flags[number] = "unsupported"


def _counts(token: Token, strange: frozenset[str]) -> bool:
    return token.comparable and is_word(token.key) and not _is_strange(token.text, strange)


def _is_strange(text: str, strange: frozenset[str]) -> bool:
    return bool(strange) and not strange.isdisjoint(scripts_in(text))


def _legible(matching: Matching, counted: Sequence[int], *, box: BBox, unread: Sequence[BBox]) -> bool:
    """Whether the other reading can be trusted where the block is."""
    there = [matching.printed[m.begin] for n in counted if (m := matching.of_token[n]) is not None]
    there += [matching.printed[p] for n in counted for p in matching.instead.get(n, ())]
    if there:
        return _mean([printed.confidence for printed in there]) >= READABLE
    # Nothing of the block was seen. Where it should be stands ink that was not read: no judgement.
    return not (len(counted) >= _FEW and any(geometry.overlap(ink, _wider(box)) > READABLE for ink in unread))


def _omitted(page: Page, matching: Matching) -> list[list[int]]:
    """Printed words that were surely read and are not in the text, neighbours of a line together."""
    drawn = [block.bbox for block in page.blocks if block.kind in UNPRINTED or block.latex is not None]
    replaced = {place for places in matching.instead.values() for place in places}
    missing = [
        place
        for place, printed in enumerate(matching.printed)
        if matching.of_printed[place] is None
        and place not in replaced
        and printed.confidence >= SURE
        and is_word(printed.key)
        and (len(printed.key) > 1 or printed.key.isdigit())
        and not any(geometry.overlap(printed.bbox, box) > 0.5 for box in drawn)  # noqa: PLR2004 - most of it
    ]
    runs = groupby(enumerate(missing), key=lambda pair: (pair[1] - pair[0], matching.printed[pair[1]].line))
    return [[place for _, place in run] for _, run in runs]


def _warn(found: Judgement, matching: Matching, *, engine: str, places: dict[int, BBox], told: dict[int, str]) -> None:
    invented = [n for n, flag in found.flags.items() if flag == "unsupported"]
    if invented:
        message = f"{_count(len(invented))} stand in the text and not in what {engine} read on the page: "
        message += _named([f'"{matching.tokens[n].text}"' for n in invented])
        found.warnings.append(_warning("unsupported_text", message, [places[n] for n in invented if n in places]))
    numbers_ = [n for n, flag in found.flags.items() if flag == "number_mismatch"]
    if numbers_:
        pairs = [f'"{matching.tokens[n].text}" ({engine}: "{told[n]}")' for n in numbers_]
        message = f"{_count(len(numbers_), 'number')} differ from what {engine} read in the same place: {_named(pairs)}"
        found.warnings.append(_warning("number_mismatch", message, [places[n] for n in numbers_ if n in places]))


def _omission(missing: Sequence[Sequence[int]], matching: Matching, engine: str) -> PageWarning:
    texts = ['"' + " ".join(matching.printed[place].text for place in run) + '"' for run in missing]
    message = f"{_count(sum(map(len, missing)))} that {engine} surely read are not in the text: {_named(texts)}"
    boxes = [geometry.union(matching.printed[place].bbox for place in run) for run in missing]
    return _warning("omitted_text", message, boxes)


def _warning(code: str, message: str, boxes: Sequence[BBox]) -> PageWarning:
    return PageWarning(code=code, message=message, boxes=tuple(boxes))


def _count(number: int, what: str = "word") -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"


def _named(texts: Sequence[str]) -> str:
    rest = len(texts) - _NAMED
    return ", ".join(texts[:_NAMED]) + (f" and {rest} more." if rest > 0 else ".")


def _wider(box: BBox) -> BBox:
    height = geometry.height(box)
    return (box[0] - height, box[1] - height / 2, box[2] + height, box[3] + height / 2)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0

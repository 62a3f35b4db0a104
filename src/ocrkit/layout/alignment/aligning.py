"""One page from two readings of it: the text of the first, the places of the second, and what their difference says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ocrkit import geometry
from ocrkit.layout.alignment.judging import Judgement, judged, why_not
from ocrkit.layout.alignment.matching import Matching
from ocrkit.layout.alignment.placing import lines_of, spots_of, spots_within
from ocrkit.layout.alignment.tokens import printed_words, tokens_of
from ocrkit.model import PageWarning, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.geometry import BBox
    from ocrkit.layout.alignment.placing import Spot
    from ocrkit.layout.alignment.tokens import Printed
    from ocrkit.model import Block, Line, Page, Table

_WHOLE = 0.6
"""Share of the page above which a block's box is taken for none."""


def align(page: Page, cpu: Page, *, unread: Sequence[BBox] = ()) -> Page:
    """The page with its own text, and lines, words and cells where the other reading saw them.

    Words and blocks say how far the other reading bears them out (`Word.flag`, `Block.agreement`, `Page.agreement`),
    warnings name what it does not: `unsupported_text`, `number_mismatch`, `omitted_text`; or `not_compared`, where
    the other reading is too poor for that.

    Args:
        page: blocks with text; their boxes may be rough, or the whole page.
        cpu: another reading of the same image, words with boxes.
        unread: boxes of ink that the other reading has no words for.
    """
    assert (page.width, page.height) == (cpu.width, cpu.height), "two readings of the same image"
    tokens = tokens_of(page)
    lines = cpu.lines
    matching = Matching(tokens, printed_words(lines), page)
    matching.run()
    stretches = [range(0)] * len(page.blocks)
    for number, token in enumerate(tokens):
        known = stretches[token.block]
        stretches[token.block] = range(known.start if known else number, number + 1)
    spots = [
        spots_of(matching, lines, stretch) or _unseen(page, block, matching=matching, stretch=stretch)
        for block, stretch in zip(page.blocks, stretches, strict=True)
    ]
    engine = cpu.provenance.runs[0].engine if cpu.provenance else "the cpu engine"
    reason = why_not(cpu, matching, unread)
    if reason:
        message = f"The text was not compared with another reading: {reason}."
        verdict = Judgement(warnings=[PageWarning(code="not_compared", message=message)])
    else:
        verdict = judged(page, matching, spots, unread=unread, engine=engine)
    blocks = tuple(
        _block(block, matching, spots[number], lines=lines, verdict=verdict, number=number)
        for number, block in enumerate(page.blocks)
    )
    told = {"blocks": blocks, "agreement": verdict.agreement, "warnings": (*page.warnings, *verdict.warnings)}
    if page.rotation == 0 and page.skew == 0:
        told |= {"rotation": cpu.rotation, "skew": cpu.skew}
    return page.model_copy(update=told)


def _unseen(page: Page, block: Block, *, matching: Matching, stretch: range) -> list[Spot]:
    if not stretch or _is_rough(block.bbox, page):
        return []
    return spots_within(block.bbox, matching.tokens, stretch)


def _is_rough(box: BBox, page: Page) -> bool:
    return not 0 < geometry.area(box) <= _WHOLE * page.width * page.height


def _block(
    block: Block, matching: Matching, spots: list[Spot], *, lines: tuple[Line, ...], verdict: Judgement, number: int
) -> Block:
    told: dict[str, object] = {"agreement": verdict.agreements.get(number)}
    if spots:
        word = partial(_word, block, matching=matching, verdict=verdict)
        told["lines"] = lines_of(spots, lines, block, tokens=matching.tokens, word=word)
    known = [spot.bbox for spot in spots if spot.known]
    if known:
        told["bbox"] = geometry.union(known) if block.table is None else _table_box(block, known)
    if block.table is not None:
        told["table"] = _table(block.table, matching, spots)
    return block.model_copy(update=told)


def _word(block: Block, spot: Spot, *, matching: Matching, verdict: Judgement) -> Word:
    flag = verdict.flags.get(spot.token)
    confidence = block.confidence
    match = matching.of_token[spot.token]
    there = matching.printed[match.begin : match.end] if match else ()
    if confidence is None and there and match is not None and match.likeness == 1.0:
        confidence = min(printed.confidence for printed in there)
    if flag is not None:
        confidence = _doubted(confidence, there or [matching.printed[p] for p in matching.instead.get(spot.token, ())])
    return Word(text=spot.text, bbox=spot.bbox, quad=spot.quad, confidence=confidence, flag=flag)


def _doubted(confidence: float | None, there: Sequence[Printed]) -> float:
    """What is left of a word's confidence when another reading is sure of something else, or of nothing, there."""
    against = min((printed.confidence for printed in there), default=0.9)
    return min(1.0 if confidence is None else confidence, 1.0 - against)


def _table(table: Table, matching: Matching, spots: Sequence[Spot]) -> Table:
    """The table with boxes of its cells, where they have none and text that was placed."""
    boxes: dict[int, list[BBox]] = {}
    for spot in spots:
        boxes.setdefault(matching.tokens[spot.token].cell, []).append(spot.bbox)
    cells = tuple(
        cell.model_copy(update={"bbox": geometry.union(boxes[index])}) if cell.bbox is None and index in boxes else cell
        for index, cell in enumerate(table.cells)
    )
    return table.model_copy(update={"cells": cells})


def _table_box(block: Block, known: Sequence[BBox]) -> BBox:
    """Rulings and empty cells reach beyond the words: the box given counts where it holds them."""
    words = geometry.union(known)
    return block.bbox if geometry.overlap(words, block.bbox) > 0.9 else words  # noqa: PLR2004 - rough at the edges

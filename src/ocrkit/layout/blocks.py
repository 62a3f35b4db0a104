"""Blocks out of the lines of one region: paragraphs, headings, list items, captions, footnotes, tables.

Works in the reading frame; the region's place in the order is the caller's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ocrkit.geometry import union
from ocrkit.layout.cells import mean_confidence
from ocrkit.layout.headings import is_footnote, is_label, kind_of
from ocrkit.layout.lists import is_bullet, is_dash, levels_of, split_marker, style_of
from ocrkit.layout.paragraphs import PROSE_LINE, goes_on, hard_breaks, margins_of, paragraphs_of, reflowed
from ocrkit.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.layout.headings import Usual
    from ocrkit.layout.paragraphs import Margins
    from ocrkit.layout.pieces import Piece

_KEY = ":"


@dataclass(frozen=True, slots=True)
class Style:
    """What is usual on the page.

    Attributes:
        em: height of an ordinary line.
        gap: between two lines of a paragraph.
        type: of the page's text.
        listed: width of lines below which they are lines of an address, a form or a receipt, as they are on a page
            without running text; 0 where there are none.
    """

    em: float
    gap: float
    type: Usual
    listed: float


def blocks_of(pieces: Sequence[Piece], style: Style) -> list[Block]:
    """The lines of a region, one piece a line from top to bottom, as blocks."""
    if not pieces:
        return []
    margins = margins_of(pieces, style.gap)
    runs = [part for run in paragraphs_of(pieces, margins, em=style.em) for part in _at_label(run, style)]
    markers = [split_marker(run[0].text)[0] for run in runs]
    styles = Counter(map(style_of, markers))
    listed = [_is_listed(markers, at, styles) for at in range(len(runs))]
    followers: list[list[Piece]] = [*runs[1:], []]
    blocks = [
        text_block(run, BlockKind.SECTION_HEADER, run[0].text)
        if _is_label(run, below, style)
        else _block(run, margins, style, listed=among)
        for run, below, among in zip(runs, followers, listed, strict=True)
    ]
    return _with_footnotes(_with_list_levels(blocks, runs, style.em), runs, style)


def _is_listed(markers: Sequence[str], at: int, styles: Counter[str]) -> bool:
    """Whether a paragraph with this marker is an item of a list.

    A sign that stands for nothing else is enough. A number needs another like it in the region; a dash, which verse
    and speech begin with too, needs an item next to it.
    """
    marker = markers[at]
    if not marker or is_bullet(marker):
        return bool(marker)
    if is_dash(marker):
        return any((*markers[max(0, at - 1) : at], *markers[at + 1 : at + 2]))
    return styles[style_of(marker)] > 1


def _at_label(run: list[Piece], style: Style) -> list[list[Piece]]:
    """The run, parted after its first line where that is a label: "Bill to:" above an address."""
    return [run[:1], run[1:]] if _is_label(run[:1], run[1:], style) else [run]


def _is_label(run: Sequence[Piece], below: Sequence[Piece], style: Style) -> bool:
    """Whether the run is one line that names what stands close below it, no name of a value."""
    if len(run) != 1 or not below or not is_label(run[0]) or any(_KEY in piece.text for piece in below):
        return False
    narrow = max(p.width for p in below) < PROSE_LINE * style.em
    level = abs(below[0].box[0] - run[0].box[0]) < style.em / 2
    return level and below[0].box[1] - run[0].box[3] < style.em and (narrow or not style.type.prose)


def text_block(run: Sequence[Piece], kind: BlockKind, text: str, *, marker: str = "") -> Block:
    """A block of the lines."""
    lines = tuple(piece.line for piece in run)
    return Block(
        kind=kind,
        text=text,
        marker=marker,
        bbox=union(line.bbox for line in lines),
        lines=lines,
        confidence=mean_confidence(lines),
    )


def _block(run: Sequence[Piece], margins: Margins, style: Style, *, listed: bool) -> Block:
    texts = [piece.text for piece in run]
    whole = reflowed(texts)
    kind = kind_of(run, whole, style.type)
    if kind is not BlockKind.TEXT:
        return text_block(run, kind, whole)
    marker, rest = split_marker(texts[0])
    if listed:
        breaks = [
            ends and not goes_on(before, after)
            for ends, (before, after) in zip(
                hard_breaks(run, margins, style.em, verse=False), pairwise(texts), strict=True
            )
        ]
        return text_block(run, BlockKind.LIST_ITEM, reflowed([rest, *texts[1:]], breaks), marker=marker)
    breaks = hard_breaks(run, margins, style.em)
    if max(p.width for p in run) < style.listed:
        breaks = [ends or not text[:1].islower() for ends, text in zip(breaks, texts[1:], strict=True)]
    return text_block(run, BlockKind.TEXT, reflowed(texts, breaks))


def _with_list_levels(blocks: list[Block], runs: Sequence[Sequence[Piece]], em: float) -> list[Block]:
    items = [i for i, block in enumerate(blocks) if block.kind is BlockKind.LIST_ITEM]
    for i, level in zip(items, levels_of([runs[i][0].box[0] for i in items], em), strict=True):
        blocks[i] = blocks[i].model_copy(update={"level": level})
    return blocks


def _with_footnotes(blocks: list[Block], runs: Sequence[Sequence[Piece]], style: Style) -> list[Block]:
    """The blocks, the notes at the end of the region marked as such."""
    if not style.type.prose:
        return blocks
    for i in range(len(blocks) - 1, 0, -1):
        block = blocks[i]
        text = f"{block.marker} {block.text}".strip()
        if block.kind not in (BlockKind.TEXT, BlockKind.LIST_ITEM) or not is_footnote(
            runs[i], text, body=style.type.body
        ):
            break
        blocks[i] = text_block(runs[i], BlockKind.FOOTNOTE, text)
    return blocks

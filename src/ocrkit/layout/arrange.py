"""From a page of lines to a page of blocks in reading order: calls the other modules in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.geometry import union
from ocrkit.layout.order import regions_of
from ocrkit.layout.paragraphs import paragraphs_of, reflowed
from ocrkit.layout.pieces import pieces_of, reading_frame, typical_height
from ocrkit.layout.rows import joined, rows_of
from ocrkit.model import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.geometry import BBox
    from ocrkit.layout.pieces import Piece
    from ocrkit.model import Page


def arrange(page: Page, *, rulings: Sequence[BBox] = (), pictures: Sequence[BBox] = ()) -> Page:
    """The page with its lines in real blocks, in reading order, with ids `p1-b1`, `p1-b2`, ….

    Args:
        page: a page whose blocks hold the lines as an engine found them; their order and blocks do not matter.
        rulings: ruling lines as thin boxes, in pixels of the page image.
        pictures: pictures, in pixels of the page image.
    """
    lines = page.lines
    frame = reading_frame(page, lines)
    pieces = pieces_of(lines, frame)
    em = typical_height(pieces)
    blocks: list[Block] = [block for block in page.blocks if not block.lines]
    for region in regions_of(pieces, em):
        flat = [piece for row in rows_of(region) for piece in joined(row)]
        blocks += [_block(run) for run in paragraphs_of(flat, em)]
    numbered = [b.model_copy(update={"id": f"p{page.number}-b{i}"}) for i, b in enumerate(blocks, 1)]
    return page.model_copy(update={"blocks": tuple(numbered)})


def _block(run: Sequence[Piece]) -> Block:
    lines = tuple(piece.line for piece in run)
    known = [line.confidence for line in lines if line.confidence is not None]
    return Block(
        text=reflowed([line.text for line in lines]),
        bbox=union(line.bbox for line in lines),
        lines=lines,
        confidence=sum(known) / len(known) if known else None,
    )

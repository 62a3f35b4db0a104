"""From a page of lines to a page of blocks in reading order: calls the other modules in turn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrkit.geometry import area, height, intersection, width
from ocrkit.layout.blocks import Style, blocks_of, text_block
from ocrkit.layout.furniture import furniture_of
from ocrkit.layout.fused import parted
from ocrkit.layout.grids import rulings_of
from ocrkit.layout.headings import TITLE, Usual, block_size, with_levels, without_labels, without_tails
from ocrkit.layout.initials import with_initials
from ocrkit.layout.order import regions_of
from ocrkit.layout.paragraphs import PROSE_LINE, flowing_lines, reflowed, typical_size, usual_gap, usual_letter
from ocrkit.layout.pieces import Piece, pieces_of, reading_frame, typical_height
from ocrkit.layout.rows import join_words, joined, rows_of
from ocrkit.layout.side_blocks import blocks_apart, spaced_apart
from ocrkit.layout.tables import ruled_tables, unruled_tables
from ocrkit.model import Block, BlockKind, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ocrkit.geometry import BBox
    from ocrkit.layout.grids import Ruling
    from ocrkit.layout.pieces import Frame
    from ocrkit.model import Page

PROSE_LINES = 4
"""A page of running text has at least so many lines that run on into the next."""

PROSE_SHARE = 0.25
"""And at least this share of its lines do."""

ASIDE = 16.0
"""Lines of a block beside another that are all narrower than this are those of an address or a list."""

LEAST_LISTED = 8
"""A page of fewer lines does not show whether its text runs on."""

MAX_BEFORE_TITLE = 400
"""Characters of text that may stand before the title."""

BACKGROUND = 0.7
"""A picture that covers this share of the page is its background."""


def arrange(page: Page, *, rulings: Sequence[BBox] = (), pictures: Sequence[BBox] = ()) -> Page:
    """The page with its lines in real blocks, in reading order, with ids `p1-b1`, `p1-b2` and so on.

    No word is lost or doubled; lines may be joined along a row and cut between the cells of a table.

    Args:
        page: a page whose blocks hold the lines as an engine found them; their order and blocks do not matter.
        rulings: ruling lines as thin boxes, in pixels of the page image.
        pictures: pictures, in pixels of the page image.
    """
    lines = page.lines
    frame = reading_frame(page, lines)
    pieces = pieces_of(lines, frame)
    em, body = typical_height(pieces), typical_size(pieces)
    pieces = with_initials(pieces, em)
    drawn = [frame.box(r) for r in rulings]
    tables = ruled_tables(drawn, pieces, frame, em=em) if rulings else []
    taken = {id(p) for found in tables for p in found.pieces}
    free = [p for p in pieces if id(p) not in taken]
    head, foot = furniture_of(free, frame, em=em, body=body)
    taken = {id(p) for row in (*head, *foot) for p in row}
    running = parted([p for p in free if id(p) not in taken], frame, em)
    holders = [_placeholder(found.block, found.box) for found in tables]
    stands_for = {id(p): found.block for p, found in zip(holders, tables, strict=True)}
    flow = _flow([*running, *holders], stands_for, frame, sizes=(em, body), level=rulings_of(drawn, em)[1])
    blocks = [*_furniture(head, BlockKind.PAGE_HEADER), *flow, *_furniture(foot, BlockKind.PAGE_FOOTER)]
    if page.number == 1:
        blocks = _with_title(blocks, body)
    blocks = _with_pictures(with_levels(blocks), _pictures(page, pictures, em))
    numbered = (b.model_copy(update={"id": f"p{page.number}-b{i}"}) for i, b in enumerate(blocks, 1))
    return page.model_copy(update={"blocks": tuple(numbered)})


def _flow(
    pieces: Sequence[Piece],
    stands_for: dict[int, Block],
    frame: Frame,
    *,
    sizes: tuple[float, float],
    level: Sequence[Ruling],
) -> list[Block]:
    """The blocks of what flows: the regions in order, each into tables and lines, the lines into paragraphs."""
    em, body = sizes
    parts: list[Block | _Stretch] = []
    for region in regions_of(pieces, em):
        for part in _tables_and_lines(region, stands_for, frame, em=em, level=level):
            if isinstance(part, Block):
                parts.append(part)
            else:
                sides = blocks_apart(part, em, level)
                parts += [_Stretch([p for r in rows_of(side) for p in joined(r)], len(sides) > 1) for side in sides]
    texts = [item.lines for item in parts if not isinstance(item, Block)]
    gap = usual_gap(texts, em)
    flowing = sum(flowing_lines(part, gap, em) for part in texts)
    lines = sum(map(len, texts))
    prose = flowing >= max(PROSE_LINES, PROSE_SHARE * lines)
    listed = PROSE_LINE * em if not prose and lines >= LEAST_LISTED else 0.0
    style = Style(em, gap, Usual(body, usual_letter(pieces), prose), listed=listed)
    beside = replace(style, listed=ASIDE * em)
    blocks: list[Block] = []
    for item in parts:
        if isinstance(item, Block):
            blocks.append(item)
        else:
            blocks += blocks_of(item.lines, beside if item.is_narrow(ASIDE * em) else style)
    blocks = without_tails(blocks)
    return without_labels(blocks) if prose else _without_last_heading(blocks)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Lines from top to bottom, and whether others stand beside them."""

    lines: list[Piece]
    beside: bool

    def is_narrow(self, limit: float) -> bool:
        """Whether it stands beside others and is too narrow for running text."""
        return self.beside and max(p.width for p in self.lines) < limit


def _without_last_heading(blocks: list[Block]) -> list[Block]:
    """The blocks of a page without running text; large type at its end heads nothing, it says thanks or what to pay."""
    kinds = [block.kind for block in blocks]
    if kinds[-1:] != [BlockKind.SECTION_HEADER] or set(kinds) == {BlockKind.SECTION_HEADER}:
        return blocks
    return [*blocks[:-1], blocks[-1].model_copy(update={"kind": BlockKind.TEXT})]


def _tables_and_lines(
    region: Sequence[Piece], stands_for: dict[int, Block], frame: Frame, *, em: float, level: Sequence[Ruling]
) -> list[Block | list[Piece]]:
    """The region from top to bottom as tables and the pieces between them."""
    parts: list[Block | list[Piece]] = []
    stretch: list[list[Piece]] = []

    def flush() -> None:
        at = 0
        for start, end in spaced_apart(stretch, em, level):
            parts.extend(_with_tables(stretch[at:start], frame, em))
            parts.append([p for row in stretch[start:end] for p in row])
            at = end
        parts.extend(_with_tables(stretch[at:], frame, em))
        stretch.clear()

    for row in rows_of(region):
        known = [p for p in row if id(p) in stands_for]
        if known:
            flush()
            parts.extend(stands_for[id(p)] for p in known)
        if len(known) < len(row):
            stretch.append([p for p in row if id(p) not in stands_for])
    flush()
    return [part for part in parts if part]


def _with_tables(rows: Sequence[list[Piece]], frame: Frame, em: float) -> Iterator[Block | list[Piece]]:
    """The tables among the rows, and the pieces between them."""
    at = 0
    for start, end, block in unruled_tables(rows, frame, em):
        yield [p for row in rows[at:start] for p in row]
        yield block
        at = end
    yield [p for row in rows[at:] for p in row]


def _placeholder(block: Block, box: BBox) -> Piece:
    """A piece that holds the place of a table among the lines."""
    return Piece(Line(text="", bbox=block.bbox), box, box[3] - box[1])


def _furniture(rows: Sequence[Sequence[Piece]], kind: BlockKind) -> Iterable[Block]:
    for row in rows:
        text = ""
        for piece in row:
            text = join_words(text, piece.text)
        yield text_block(row, kind, reflowed([text]))


def _with_title(blocks: list[Block], body: float) -> list[Block]:
    """The blocks of a first page, its largest heading before the text marked as the title."""
    heads = [i for i, b in enumerate(blocks) if b.kind is BlockKind.SECTION_HEADER]
    if not heads:
        return blocks
    largest = max(heads, key=lambda i: (block_size(blocks[i]), -i))
    before = sum(len(b.text) for b in blocks[:largest] if b.kind is BlockKind.TEXT)
    if block_size(blocks[largest]) >= TITLE * body and before < MAX_BEFORE_TITLE:
        blocks[largest] = blocks[largest].model_copy(update={"kind": BlockKind.TITLE})
    return blocks


def _pictures(page: Page, pictures: Sequence[BBox], em: float) -> list[Block]:
    """Blocks without lines, those that the page had and one for each picture that is worth one."""
    kept = [block for block in page.blocks if not block.lines]
    for box in pictures:
        shown = intersection(box, (0.0, 0.0, float(page.width), float(page.height)))
        if shown is None or min(width(shown), height(shown)) < 2 * em:
            continue
        if area(shown) < BACKGROUND * page.width * page.height and all(b.bbox != shown for b in kept):
            kept.append(Block(kind=BlockKind.PICTURE, text="", bbox=shown))
    return kept


def _with_pictures(blocks: list[Block], pictures: Iterable[Block]) -> list[Block]:
    """The blocks with each picture after the last one that stands above it in its column."""
    for picture in pictures:
        x0, y0, x1, y1 = picture.bbox
        above = [
            i
            for i, b in enumerate(blocks)
            if b.kind is not BlockKind.PAGE_FOOTER
            and (b.bbox[1] + b.bbox[3]) / 2 < (y0 + y1) / 2
            and min(x1, b.bbox[2]) > max(x0, b.bbox[0])
        ]
        heads = sum(b.kind is BlockKind.PAGE_HEADER for b in blocks)
        blocks.insert(max(above) + 1 if above else heads, picture)
    return blocks

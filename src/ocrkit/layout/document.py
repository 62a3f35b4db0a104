"""What only the whole document tells: heads and feet that repeat, and levels that all its headings share."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from ocrkit.layout.headings import with_levels
from ocrkit.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.model import Document, Page

MARGIN = 0.12
"""Share of the page's height, at the top and at the foot, in which repeated text is furniture."""

MIN_PAGES = 3
"""On fewer pages than this, repetition proves nothing."""

REPEATED = 0.3
"""Text that stands in the same margin of this share of the pages is furniture; left and right pages differ."""

_FLOWING = (BlockKind.TEXT, BlockKind.SECTION_HEADER, BlockKind.TITLE)
_DIGITS = re.compile(r"\d+")


def arrange_document(document: Document) -> Document:
    """The document with repeated heads and feet marked as such, and headings with levels that agree over its pages.

    Every page has been through `arrange`, or has blocks that its engine gave.
    """
    pages = _with_furniture(document.pages)
    # Inches make sizes of pages rendered at different resolutions comparable.
    scale = [1.0 / (page.dpi or 1.0) for page in pages for _ in page.blocks]
    blocks = iter(with_levels([b for page in pages for b in page.blocks], scale))
    levelled = [page.model_copy(update={"blocks": tuple(next(blocks) for _ in page.blocks)}) for page in pages]
    return document.model_copy(update={"pages": tuple(levelled)})


def _with_furniture(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    if len(pages) < MIN_PAGES:
        return pages
    counts = Counter(key for page in pages for key in {key for _, key in _marginal(page)})
    least = max(MIN_PAGES - 1, REPEATED * len(pages))
    marked = []
    for page in pages:
        kinds = {i: key[0] for i, key in _marginal(page) if counts[key] >= least}
        blocks = [
            block.model_copy(update={"kind": kinds[i], "level": None}) if i in kinds else block
            for i, block in enumerate(page.blocks)
        ]
        marked.append(page.model_copy(update={"blocks": tuple(_in_place(blocks))}))
    return tuple(marked)


def _marginal(page: Page) -> Iterator[tuple[int, tuple[BlockKind, str]]]:
    """The blocks in the margins, each with what its repetitions on other pages would have in common."""
    for i, block in enumerate(page.blocks):
        if block.kind not in _FLOWING:
            continue
        text = _DIGITS.sub("#", block.text.casefold())
        if block.bbox[3] <= MARGIN * page.height:
            yield i, (BlockKind.PAGE_HEADER, text)
        elif block.bbox[1] >= (1 - MARGIN) * page.height:
            yield i, (BlockKind.PAGE_FOOTER, text)


def _in_place(blocks: list[Block]) -> list[Block]:
    """The blocks, heads first and feet last."""
    rank = {BlockKind.PAGE_HEADER: 0, BlockKind.PAGE_FOOTER: 2}
    return sorted(blocks, key=lambda b: rank.get(b.kind, 1))

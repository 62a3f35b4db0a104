"""What only the whole document tells: heads and feet that repeat, levels that all headings share, tables that go on."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from ocrkit.layout.continued import Continuations
from ocrkit.layout.headings import Heading, Levels, heading_of
from ocrkit.model import Block, BlockKind
from ocrkit.spool import kept

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrkit.model import Document, Page

MARGIN = 0.12
"""Share of the page's height, at the top and at the foot, in which repeated text is furniture."""

MIN_PAGES = 3
"""On fewer pages than this, repetition proves nothing."""

REPEATED = 0.3
"""Text that stands in the same margin of this share of the pages is furniture; left and right pages differ."""

_FLOWING = (BlockKind.TEXT, BlockKind.SECTION_HEADER, BlockKind.TITLE)
_DIGITS = re.compile(r"\d+")

_Repeatable: TypeAlias = tuple[BlockKind, str]
"""What a block in a margin would be, and its text without what changes from page to page."""


def arrange_document(document: Document) -> Document:
    """The document with repeated heads and feet and tables that go on marked, and heading levels that agree.

    Every page has been through `arrange`, or has blocks that its engine gave. Pages are held one at a time where
    they are many.
    """
    survey, continuations = _Survey(document.pages), Continuations()
    settled = (continuations.marked(survey.settled(page)) for page in document.pages)
    pages = kept(settled, len(document.pages))
    return document.model_copy(update={"pages": pages})


class _Survey:
    """What the pages tell together: the furniture they share, and the scale of their headings."""

    def __init__(self, pages: Sequence[Page]) -> None:
        counts: Counter[_Repeatable] = Counter()
        headings: list[tuple[Heading, _Repeatable | None]] = []
        for page in pages:
            marginal = dict(_marginal(page))
            counts.update(set(marginal.values()))
            found = ((_heading(block, page), marginal.get(i)) for i, block in enumerate(page.blocks))
            headings += [(heading, key) for heading, key in found if heading]
        self._repeats = len(pages) >= MIN_PAGES
        least = max(MIN_PAGES - 1, REPEATED * len(pages))
        self._furniture = {key for key, count in counts.items() if self._repeats and count >= least}
        self._levels = Levels(heading for heading, key in headings if key not in self._furniture)

    def settled(self, page: Page) -> Page:
        """One of the pages with its furniture marked and in place, and its headings on their levels."""
        kinds = {i: key[0] for i, key in _marginal(page) if key in self._furniture}
        blocks = []
        for i, block in enumerate(page.blocks):
            heading = _heading(block, page)
            if i in kinds:
                blocks.append(block.model_copy(update={"kind": kinds[i], "level": None}))
            elif heading:
                blocks.append(block.model_copy(update={"level": self._levels.of(heading)}))
            else:
                blocks.append(block)
        return page.model_copy(update={"blocks": tuple(_in_place(blocks) if self._repeats else blocks)})


def _heading(block: Block, page: Page) -> Heading | None:
    """The block as a heading whose level is to be found; `None` where a model that read the page has written it."""
    runs = page.provenance.runs if page.provenance else ()
    if block.level is not None and any(run.usage for run in runs[:1]):
        return None
    return heading_of(block, _scale(page))


def _scale(page: Page) -> float:
    """Inches make sizes of pages rendered at different resolutions comparable."""
    return 1.0 / (page.dpi or 1.0)


def _marginal(page: Page) -> Iterator[tuple[int, _Repeatable]]:
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

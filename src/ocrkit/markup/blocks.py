"""The blocks of a model's HTML answer as values: labels into kinds, paragraphs, lists, tables, formulas, pictures.

Knows no engine. A block that holds several things (two headings, a list, a table with its caption) becomes several
values, each with the box of the whole, for the answer says no more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrkit.geometry import clamp
from ocrkit.markup.flow import Part, code_of, items_of, parts_of
from ocrkit.markup.inline import formulas_in
from ocrkit.markup.repair import SCALE, escaped_math, mended
from ocrkit.markup.tree import parsed
from ocrkit.model import Block, BlockKind, PageWarning

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.geometry import BBox
    from ocrkit.markup.repair import Repair

KINDS = {
    "text": BlockKind.TEXT,
    "title": BlockKind.TITLE,
    "sectionheader": BlockKind.SECTION_HEADER,
    "sectiontitle": BlockKind.SECTION_HEADER,
    "heading": BlockKind.SECTION_HEADER,
    "listgroup": BlockKind.LIST_ITEM,
    "list": BlockKind.LIST_ITEM,
    "listitem": BlockKind.LIST_ITEM,
    "table": BlockKind.TABLE,
    "picture": BlockKind.PICTURE,
    "image": BlockKind.PICTURE,
    "figure": BlockKind.PICTURE,
    "diagram": BlockKind.PICTURE,
    "chart": BlockKind.PICTURE,
    "equation": BlockKind.FORMULA,
    "equationblock": BlockKind.FORMULA,
    "formula": BlockKind.FORMULA,
    "chemicalblock": BlockKind.FORMULA,
    "code": BlockKind.CODE,
    "codeblock": BlockKind.CODE,
    "caption": BlockKind.CAPTION,
    "footnote": BlockKind.FOOTNOTE,
    "pageheader": BlockKind.PAGE_HEADER,
    "pagefooter": BlockKind.PAGE_FOOTER,
}
"""Kind by label, lower case, letters only (the labels of Surya, Chandra, dots and DocLayNet). Others, among them
Complex-Block, Form, Table-Of-Contents and Bibliography, are text until what is in them says more."""

_BLANK_PAGE = "blankpage"
_CHEMICAL = "chemicalblock"
_COMPLEX = "complexblock"
_KEPT_KINDS = frozenset({BlockKind.PAGE_HEADER, BlockKind.PAGE_FOOTER, BlockKind.FOOTNOTE, BlockKind.CAPTION})
"""Kinds that say where text stands; paragraphs and headings in them stay of the kind."""

_WARNINGS: dict[Repair, str] = {
    "text_outside_blocks": "The model wrote text outside of its blocks; where it stands on the page is unknown.",
    "bad_bbox": "The model gave a block no box that can be read; the block has the page's.",
    "unclosed_block": "The model left a block unclosed; text of one block may stand in another.",
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """One block of an answer, its place in pixels of the page.

    Attributes:
        label: as the model wrote it.
        bbox: within the page.
        html: what is in it.
        confidence: of the whole block; `None` where unknown.
    """

    label: str
    bbox: BBox
    html: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer says of a page.

    Attributes:
        blocks: in the order of the answer, which is the reading order.
        repairs: what had to be mended in the answer.
        warnings: what a reader of the page should know of them.
    """

    blocks: tuple[Block, ...]
    repairs: tuple[Repair, ...]
    warnings: tuple[PageWarning, ...]


def blocks_of_answer(answer: str, *, width: int, height: int) -> Answer:
    """The blocks of an answer about a page of `width` × `height` pixels; boxes in those pixels, within the page.

    An answer without blocks has none here, and the repair `no_blocks` or `empty`.
    """
    cut = mended(answer)
    labelled = [
        Labelled(fragment.label, in_pixels(fragment.box, width=width, height=height), fragment.html)
        for fragment in cut.fragments
    ]
    return Answer(blocks_of(labelled), cut.repairs, warnings_of(cut.repairs))


def blocks_of(labelled: Iterable[Labelled]) -> tuple[Block, ...]:
    """The values that the blocks make, in their order; a block without text makes none, unless it is a picture."""
    return tuple(made for block in labelled for made in _values(block))


def warnings_of(repairs: Iterable[Repair]) -> tuple[PageWarning, ...]:
    """What a reader should know of what was mended; repairs that lose nothing give no warning."""
    return tuple(PageWarning(code=code, message=_WARNINGS[code]) for code in repairs if code in _WARNINGS)


def in_pixels(box: BBox | None, *, width: int, height: int) -> BBox:
    """A box from 0 to 1000 in pixels of the page; the whole page for `None`."""
    if box is None:
        return (0.0, 0.0, float(width), float(height))
    x0, y0, x1, y1 = box
    return clamp((x0 * width / SCALE, y0 * height / SCALE, x1 * width / SCALE, y1 * height / SCALE), width, height)


def plain_label(label: str) -> str:
    """The label as `KINDS` has it: lower case, letters only."""
    return re.sub(r"[^a-z]", "", label.lower())


def _values(block: Labelled) -> list[Block]:
    label = plain_label(block.label)
    return [] if label == _BLANK_PAGE else [_block(part, block) for part in _parts(block.html, label)]


def _block(part: Part, block: Labelled) -> Block:
    return Block(
        kind=part.kind,
        text=part.text,
        bbox=block.bbox,
        confidence=block.confidence,
        level=part.level,
        marker=part.marker,
        table=part.table,
        latex=part.latex,
        formulas=() if part.latex else formulas_in(part.text),
    )


def _parts(markup: str, label: str) -> list[Part]:
    """What is in the block, each of the kind that its label and its own tags make it."""
    kind = KINDS.get(label, BlockKind.TEXT)
    content = parsed(escaped_math(markup))
    if kind is BlockKind.CODE:
        return code_of(content)
    parts = parts_of(content)
    if kind is BlockKind.PICTURE or (label == _COMPLEX and not parts):
        return _one_picture(parts)
    if kind is BlockKind.LIST_ITEM:
        return [each for part in parts for each in (items_of(part.text) if part.kind is BlockKind.TEXT else [part])]
    if kind is BlockKind.FORMULA:
        known = any(part.latex for part in parts)
        return parts if known else [_formula(part, latex=label != _CHEMICAL) for part in parts]
    return [_of_kind(part, kind, parts) for part in parts]


def _of_kind(part: Part, kind: BlockKind, parts: Sequence[Part]) -> Part:
    words = part.kind in (BlockKind.TEXT, BlockKind.SECTION_HEADER)
    if kind in _KEPT_KINDS and (words or part.kind is BlockKind.LIST_ITEM):
        return Part(kind, part.printed)
    if kind is BlockKind.TITLE and words:
        return Part(kind, " ".join(part.text.split()))
    if kind is BlockKind.SECTION_HEADER and words:
        return Part(kind, " ".join(part.text.split()), level=part.level)
    if kind is BlockKind.TABLE and part.kind is BlockKind.TEXT and any(each.table for each in parts):
        return Part(BlockKind.CAPTION, part.text)
    return part


def _one_picture(parts: Sequence[Part]) -> list[Part]:
    """All words in and about a picture as the text of one, followed by the tables that stand for it."""
    words = (part.printed for part in parts if part.table is None)
    picture = Part(BlockKind.PICTURE, "\n".join(word for word in words if word))
    return [picture, *(part for part in parts if part.table is not None)]


def _formula(part: Part, *, latex: bool) -> Part:
    """Words in a block of a formula without `<math>`: the formula's source, or a chemical one's (SMILES)."""
    if part.kind is not BlockKind.TEXT:
        return part
    return Part(BlockKind.FORMULA, part.text, latex=part.text if latex else None)

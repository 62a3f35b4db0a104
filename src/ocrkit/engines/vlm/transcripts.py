"""What a model's answer says of a page, and what every dialect needs to read one. Knows no endpoint."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrkit.geometry import clamp
from ocrkit.markup.blocks import KINDS, plain_label
from ocrkit.markup.certainty import certainties
from ocrkit.markup.flow import Part, items_of, parts_of
from ocrkit.markup.inline import formulas_in
from ocrkit.markup.markdown import markdown_parts
from ocrkit.markup.tree import parsed
from ocrkit.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.geometry import BBox
    from ocrkit.model import PageWarning, Rotation

_DELIMITERS = re.compile(r"\A\s*(?:\$\$(.*)\$\$|\$(.*)\$|\\\[(.*)\\\]|\\\((.*)\\\))\s*\Z", re.DOTALL)
_WHOLE = frozenset({BlockKind.TITLE, BlockKind.SECTION_HEADER})
_PLAIN = frozenset({BlockKind.CAPTION, BlockKind.FOOTNOTE, BlockKind.PAGE_HEADER, BlockKind.PAGE_FOOTER})


@dataclass(frozen=True, slots=True)
class View:
    """An answer, and the page and picture that it is about.

    Attributes:
        answer: what the model wrote.
        page: width and height of the page in pixels.
        picture: width and height of the picture that the model saw.
        tokens: bytes and probability of each token of the answer; `None` where nobody knows.
        literal: whether the lines of the answer are those of the page, as of handwriting.
    """

    answer: str
    page: tuple[int, int]
    picture: tuple[int, int]
    tokens: Sequence[tuple[bytes, float]] | None = None
    literal: bool = False

    @property
    def whole(self) -> BBox:
        """The page as a box."""
        return (0.0, 0.0, float(self.page[0]), float(self.page[1]))

    def placed(self, box: Sequence[float], *, across: float, down: float) -> BBox:
        """A box that the model gave on a frame of `across` × `down`, in pixels of the page and within it."""
        x0, y0, x1, y1 = box
        width, height = self.page
        scaled = (x0 * width / across, y0 * height / down, x1 * width / across, y1 * height / down)
        return clamp(scaled, width, height)

    def confidences(self, spans: Iterable[tuple[int, int]]) -> list[float | None]:
        """How sure the model was of each part of the answer; `None` where nobody knows."""
        known = certainties(self.answer, spans, self.tokens)
        return [None if each is None else round(min(1.0, each), 4) for each in known]


@dataclass(frozen=True, slots=True)
class Transcript:
    """What an answer says of a page.

    Attributes:
        blocks: in reading order.
        warnings: what a reader of the page should know.
        turn: degrees clockwise by which the model says the page must be turned to stand upright.
        prose: whether the answer is something else than a transcription.
    """

    blocks: tuple[Block, ...]
    warnings: tuple[PageWarning, ...] = ()
    turn: Rotation = 0
    prose: bool = False


def block_of(part: Part, bbox: BBox, confidence: float | None) -> Block:
    """The part as a block."""
    return Block(
        kind=part.kind,
        text=part.text,
        bbox=bbox,
        confidence=confidence,
        level=part.level,
        marker=part.marker,
        table=part.table,
        latex=part.latex,
        formulas=() if part.latex or part.kind is BlockKind.CODE else formulas_in(part.text),
    )


def labelled_parts(label: str, source: str) -> list[Part]:
    """The parts of a block that has a label, and Markdown, HTML (a table) or LaTeX (a formula) in it."""
    kind = KINDS.get(plain_label(label), BlockKind.TEXT)
    if kind is BlockKind.FORMULA:
        latex = without_delimiters(source)
        return [Part(kind, latex, latex=latex)] if latex else []
    if kind is BlockKind.TABLE and "<t" in source:
        return parts_of(parsed(source))
    if kind is BlockKind.CODE:
        return [Part(kind, source.strip("\n"))] if source.strip() else []
    parts = markdown_parts(source)
    if kind is BlockKind.PICTURE:
        return [Part(kind, "\n".join(part.printed for part in parts if part.printed))]
    return [each for part in parts for each in _of_kind(part, kind)]


def without_delimiters(source: str) -> str:
    """The LaTeX without the signs around it."""
    found = _DELIMITERS.match(source)
    return next((group for group in found.groups() if group is not None), "").strip() if found else source.strip()


def _of_kind(part: Part, kind: BlockKind) -> list[Part]:
    """A part of Markdown as its label has it."""
    if part.kind not in (BlockKind.TEXT, BlockKind.SECTION_HEADER, BlockKind.LIST_ITEM):
        return [part]
    if kind in _WHOLE:
        level = part.level if part.kind is BlockKind.SECTION_HEADER and kind is BlockKind.SECTION_HEADER else None
        return [Part(kind, " ".join(part.printed.split()), level=level)]
    if kind in _PLAIN:
        return [Part(kind, part.printed)]
    return items_of(part.text) if kind is BlockKind.LIST_ITEM and part.kind is BlockKind.TEXT else [part]

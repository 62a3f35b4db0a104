"""dots.ocr and dots.mocr: a JSON list of blocks with boxes in pixels of the picture, its sides multiples of 28."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocrkit.engines.vlm.dialects.dialect import Dialect
from ocrkit.engines.vlm.items import items_in
from ocrkit.engines.vlm.pictures import Fit
from ocrkit.engines.vlm.transcripts import Transcript, block_of, labelled_parts
from ocrkit.model import Block, PageWarning

if TYPE_CHECKING:
    from ocrkit.engines.vlm.transcripts import View

_PROMPT = """Give the layout of this page as a JSON list, in reading order, one object for each block:
"bbox": [x1, y1, x2, y2] in pixels of the picture;
"category": one of Caption, Footnote, Formula, List-item, Page-footer, Page-header, Picture, Section-header, Table, \
Text, Title;
"text": what is written there, in its own language: LaTeX for a Formula, HTML for a Table, Markdown for the others, \
and no such key for a Picture.
Answer with the JSON alone."""


def read(view: View) -> Transcript:
    """The blocks of the list, of one that was cut too; an answer without any is prose."""
    items = items_in(view.answer)
    across, down = view.picture
    blocks: list[Block] = []
    boxless = False
    for item, confidence in zip(items, view.confidences(item.span for item in items), strict=True):
        box = view.placed(item.box, across=across, down=down) if item.box else view.whole
        boxless = boxless or item.box is None
        blocks += [block_of(part, box, confidence) for part in labelled_parts(item.label, item.text)]
    message = "The model gave a block no box that can be read; the block has the page's."
    warnings = (PageWarning(code="bad_bbox", message=message),) if boxless else ()
    return Transcript(tuple(blocks), warnings, prose=not items)


DOTS = Dialect(
    name="dots",
    version=1,
    models=re.compile(r"dots[._-]?m?ocr", re.IGNORECASE),
    prompt=_PROMPT,
    read=read,
    fit=Fit(multiple=28, max_pixels=11_289_600, min_pixels=3_136),
    max_tokens=16_384,
    temperature=0.1,
)

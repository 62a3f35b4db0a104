"""Chandra: HTML, a `div` for each block with its label and its box from 0 to 1000."""

from __future__ import annotations

import re

from ocrkit.engines.vlm.dialects.dialect import Dialect
from ocrkit.engines.vlm.pictures import Fit
from ocrkit.engines.vlm.transcripts import Transcript, View
from ocrkit.markup.blocks import Labelled, blocks_of, in_pixels, warnings_of
from ocrkit.markup.repair import mended

_PROMPT = """Transcribe this page into HTML.
Write one div for each block of its layout, in reading order, with two attributes:
data-label: one of Caption, Footnote, Equation-Block, List-Group, Page-Header, Page-Footer, Image, Section-Header, \
Table, Text, Complex-Block, Code-Block, Form, Table-Of-Contents, Figure, Chemical-Block, Diagram, Bibliography, \
Blank-Page.
data-bbox: x0 y0 x1 y1, each from 0 to 1000 across and down the page.
Inside use plain tags: p, h1 to h5, ul, ol, li, table with rowspan and colspan, b, i, sub, sup, br; KaTeX in <math>, \
with display="block" where it stands on its own; <input type="checkbox"> for boxes to tick; for a picture \
<img alt="what it shows">.
Write what is on the page and nothing else."""


def read(view: View) -> Transcript:
    """The blocks of the answer, mended where its tags are broken; one without any is prose."""
    cut = mended(view.answer)
    width, height = view.page
    confidences = view.confidences(fragment.span for fragment in cut.fragments)
    blocks = blocks_of(
        Labelled(fragment.label, in_pixels(fragment.box, width=width, height=height), fragment.html, confidence)
        for fragment, confidence in zip(cut.fragments, confidences, strict=True)
    )
    return Transcript(blocks, warnings_of(cut.repairs), prose="no_blocks" in cut.repairs)


CHANDRA = Dialect(
    name="chandra",
    version=1,
    models=re.compile(r"chandra", re.IGNORECASE),
    prompt=_PROMPT,
    read=read,
    fit=Fit(multiple=28),
    max_tokens=12_384,
)

"""LightOnOCR: takes a picture without a word and gives Markdown; its grounded answers have boxes from 0 to 1000."""

from __future__ import annotations

import re

from ocrkit.engines.vlm.dialects.dialect import Dialect
from ocrkit.engines.vlm.dialects.markdown import transcribed
from ocrkit.engines.vlm.pictures import Fit
from ocrkit.engines.vlm.transcripts import Transcript, View, block_of, labelled_parts
from ocrkit.markup.flow import Part
from ocrkit.model import BlockKind

_SCALE = 1000.0
_PLACE = re.compile(r"!\[(?P<label>[^\]\n]{0,60})\]\((?P<box>\s*\d+(?:\.\d+)?(?:\s*,\s*\d+(?:\.\d+)?){3}\s*)\)")
"""What stands before each block of a grounded answer: `![label](x0,y0,x1,y1)`."""


def read(view: View) -> Transcript:
    """The blocks of the answer, with their boxes where it has them."""
    places = [*_PLACE.finditer(view.answer)]
    if not places:
        return transcribed(view, 0, len(view.answer))
    blocks = [*transcribed(view, 0, places[0].start()).blocks]
    ends = [*(place.start() for place in places[1:]), len(view.answer)]
    spans = [(place.end(), end) for place, end in zip(places, ends, strict=True)]
    for place, span, confidence in zip(places, spans, view.confidences(spans), strict=True):
        numbers = [float(number) for number in place["box"].split(",")]
        box = view.placed(numbers, across=_SCALE, down=_SCALE)
        parts = labelled_parts(place["label"], view.answer[slice(*span)]) or [Part(BlockKind.PICTURE, "")]
        blocks += [block_of(part, box, confidence) for part in parts]
    return Transcript(tuple(blocks))


LIGHTONOCR = Dialect(
    name="lightonocr",
    version=1,
    models=re.compile(r"lighton", re.IGNORECASE),
    prompt="",
    read=read,
    fit=Fit(longest=1540, multiple=28),
    temperature=0.2,
    top_p=0.9,
    extra={"chat_template_kwargs": {"enable_thinking": False}},
)

"""olmOCR: Markdown after a head of YAML, which says whether the page lies on its side. The prompt stands first."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from ocrkit.engines.vlm.dialects.dialect import Dialect
from ocrkit.engines.vlm.dialects.markdown import transcribed
from ocrkit.engines.vlm.pictures import Fit
from ocrkit.model import Rotation

if TYPE_CHECKING:
    from ocrkit.engines.vlm.transcripts import Transcript, View

_PROMPT = """Below is the picture of one page. Give its text as someone would read it aloud, in Markdown: formulas in \
LaTeX between \\( and \\) or \\[ and \\], tables in HTML, figures as ![what they show](image). Leave out running heads \
and page numbers, keep notes. Do not invent anything.
Begin with a head of YAML between two lines of ---, with the keys primary_language, is_rotation_valid, \
rotation_correction (0, 90, 180 or 270 degrees clockwise), is_table and is_diagram."""

_HEAD = re.compile(r"\A\s*---[ \t]*\n(?P<head>.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"^(\w+):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_NOTHING = re.compile(r"\s*(?:null|none)?\s*\Z", re.IGNORECASE)


def read(view: View) -> Transcript:
    """The blocks after the head, and the turn that the head asks for; without a head all is Markdown."""
    head = _HEAD.match(view.answer)
    start = head.end() if head else 0
    said = dict(_KEY.findall(head["head"])) if head else {}
    end = start if _NOTHING.match(view.answer, start) else len(view.answer)
    return replace(transcribed(view, start, end), turn=_turn(said))


def _turn(said: dict[str, str]) -> Rotation:
    if said.get("is_rotation_valid", "").lower() != "false":
        return 0
    asked = said.get("rotation_correction", "")
    return next((turn for turn in get_args(Rotation) if str(turn) == asked), 0)


OLMOCR = Dialect(
    name="olmocr",
    version=1,
    models=re.compile(r"olmocr", re.IGNORECASE),
    prompt=_PROMPT,
    read=read,
    fit=Fit(longest=1288),
    image_first=False,
    temperature=0.1,
)

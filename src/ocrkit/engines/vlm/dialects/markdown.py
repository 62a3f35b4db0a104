"""Markdown: what any vision model can be asked for. It has no boxes, so that each block has the page's."""

from __future__ import annotations

import re

from ocrkit.engines.vlm.dialects.dialect import Dialect
from ocrkit.engines.vlm.pictures import Fit
from ocrkit.engines.vlm.transcripts import Transcript, View, block_of
from ocrkit.markup.markdown import passages_of

_PROMPT = """Transcribe all text of this page into Markdown, in reading order.
Keep wording, spelling and language as they are; do not translate, correct, shorten or add.
Use # for headings, - and 1. for lists, [ ] and [x] for boxes to tick, $...$ and $$...$$ for formulas in LaTeX.
Write tables as HTML with <table>, <tr>, <th>, <td>, rowspan and colspan.
Write [illegible] for what cannot be read. For a picture write ![what it shows](image).
Answer with the transcription alone."""

_HANDWRITING = """Transcribe the handwriting of this page exactly, line by line, in reading order.
Keep spelling, abbreviations and line breaks as they are; do not translate, correct, shorten or add.
Write ~~x~~ for what is crossed out and [illegible] for what cannot be read.
Answer with the transcription alone."""

_THOUGHT = re.compile(r"\A\s*<think>.*?(?:</think>|\Z)\s*", re.DOTALL)
_FENCED = re.compile(
    r"\A\s*(?:[^\n]{0,120}:\s*\n+)?```(?:markdown|md|html|text|)[ \t]*\n(?P<inner>.*?)(?:\n```\s*)?\Z",
    re.DOTALL | re.IGNORECASE,
)
_PREAMBLE = re.compile(
    r"\A\s*(?:sure|certainly|of course|here(?:'s| is| are)|below is|the following is)\b[^\n]{0,120}:\s*\n",
    re.IGNORECASE,
)


def read(view: View) -> Transcript:
    """The blocks of the answer, without what models put around a transcription."""
    start, end = _inside(view.answer)
    return transcribed(view, start, end)


def transcribed(view: View, start: int, end: int) -> Transcript:
    """The blocks of the Markdown from `start` to `end` of the answer."""
    passages = passages_of(view.answer[start:end], literal=view.literal)
    confidences = view.confidences((start + each.start, start + each.end) for each in passages)
    blocks = [
        block_of(each.part, view.whole, confidence) for each, confidence in zip(passages, confidences, strict=True)
    ]
    return Transcript(tuple(blocks))


def _inside(answer: str) -> tuple[int, int]:
    """Where the transcription stands in the answer: after thoughts and a greeting, within a fence around it all."""
    thought = _THOUGHT.match(answer)
    start = thought.end() if thought else 0
    fenced = _FENCED.match(answer[start:])
    if fenced and "\n```" not in fenced["inner"]:
        return start + fenced.start("inner"), start + fenced.end("inner")
    preamble = _PREAMBLE.match(answer[start:])
    return start + (preamble.end() if preamble else 0), len(answer)


MARKDOWN = Dialect(
    name="markdown",
    version=1,
    models=None,
    prompt=_PROMPT,
    read=read,
    fit=Fit(longest=2048, multiple=28),
    handwriting=_HANDWRITING,
)

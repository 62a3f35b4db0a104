"""Whether a cpu reading of a page is good enough, or a vision model should read it. Pure: a page in, a reason out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit import geometry

if TYPE_CHECKING:
    from ocrkit.model import Page

LEAST_SURE = 0.8
"""Mean confidence of the words, each counting by its letters, below which the page is doubtful. Of 135 pages of print,
receipts, typewriting and photographs none came out below, of 23 of the years 1515 to 1886 two, of 16 of handwriting
all."""

WEAK = 0.5
"""Confidence of a word that is as likely wrong as right."""

MOST_WEAK = 0.12
"""Share of the letters in weak words above which the page is doubtful."""

MOST_UNREAD = 0.1
"""Share of what looks like text, by area, that could not be read, above which the page is doubtful."""


def doubt(page: Page) -> str:
    """Why the reading is doubtful, in a few words with figures; empty where it is not."""
    if any(warning.code == "unread_script" for warning in page.warnings):
        return "a script that was not read"
    unread = sum(geometry.area(box) for w in page.warnings if w.code == "unread_regions" for box in w.boxes)
    read = sum(geometry.area(word.bbox) for word in page.words)
    if unread > MOST_UNREAD * (unread + read):
        return f"{unread / (unread + read):.0%} of what looks like text was not read"
    known = [(word.confidence, len(word.text)) for word in page.words if word.confidence is not None]
    letters = sum(count for _, count in known)
    if not letters:
        return ""
    sure = sum(confidence * count for confidence, count in known) / letters
    if sure < LEAST_SURE:
        return f"words were read with a mean confidence of {sure:.2f}"
    weak = sum(count for confidence, count in known if confidence < WEAK) / letters
    return f"{weak:.0%} of the text is as likely wrong as right" if weak > MOST_WEAK else ""

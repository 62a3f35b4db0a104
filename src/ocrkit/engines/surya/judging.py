"""What an answer of the model is worth, before surya-ocr's parsers see it. Pure; sends nothing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ocrkit.markup.blocks import Labelled, blocks_of
from ocrkit.markup.repair import box_of_text, mended
from ocrkit.markup.repeats import repeated_from, without_repeats

if TYPE_CHECKING:
    from ocrkit.inference import ChatResponse
    from ocrkit.markup.repair import Mended

Trouble: TypeAlias = Literal["cut", "loop", "empty", "no_blocks", "no_layout", "nothing_read"]

REASONS: dict[Trouble, str] = {
    "cut": "the model's answer was cut at its bound",
    "loop": "the model repeated itself without end",
    "empty": "the model found nothing on a page with ink",
    "no_blocks": "the model answered without any blocks",
    "no_layout": "the model gave no layout that can be read",
    "nothing_read": "the model read nothing in any block",
}
"""Why an answer is of no use, as the part of a sentence."""

_ARRAY = re.compile(r"\[.*", re.DOTALL)


class UnusableAnswerError(Exception):
    """An answer that cannot stand for its page.

    Attributes:
        trouble: why.
        rest: what can be saved of it; `None` for nothing.
    """

    def __init__(self, trouble: Trouble, rest: Mended | None = None) -> None:
        super().__init__(trouble)
        self.trouble: Trouble = trouble
        self.rest = rest


@dataclass(frozen=True, slots=True)
class Layout:
    """An answer about the layout: the JSON that surya-ocr parses, and whether the end of the page is missing."""

    text: str
    cut: bool


def is_loop(response: ChatResponse) -> bool:
    """Whether the answer went round in circles until it was cut; one that ended by itself did not."""
    return response.finish_reason != "stop" and repeated_from(response.text, cut=response.cut) is not None


def judged_page(response: ChatResponse) -> Mended:
    """The blocks of an answer about a whole page with ink.

    Raises:
        UnusableAnswerError: it was cut, or has no blocks, or nothing in them.
    """
    looped = is_loop(response)
    page = mended(without_repeats(response.text) if looped else response.text)
    if looped or response.cut:
        raise UnusableAnswerError("loop" if looped else "cut", page if page.fragments else None)
    if not page.fragments:
        raise UnusableAnswerError("empty" if "empty" in page.repairs else "no_blocks")
    if not blocks_of(Labelled(each.label, (0, 0, 0, 0), each.html) for each in page.fragments):
        raise UnusableAnswerError("empty")
    return page


def judged_layout(response: ChatResponse) -> Layout:
    """The layout with boxes in order and on the page; of an answer that was cut, the entries that are whole.

    Raises:
        UnusableAnswerError: there is none.
    """
    found = _ARRAY.search(response.text)
    entries, whole = _entries(found[0]) if found else ([], True)
    placed = [placed for entry in entries if (placed := _placed(entry)) is not None]
    if not placed:
        raise UnusableAnswerError("no_layout")
    return Layout(json.dumps(placed, ensure_ascii=False), cut=not whole)


def guided(schema: dict[str, Any]) -> dict[str, Any]:
    r"""The JSON schema with `[0-9]` for `\d`, which llama.cpp takes for the letter d or refuses (surya issue 542)."""
    rewritten: dict[str, Any] = json.loads(json.dumps(schema).replace(r"\\d", "[0-9]"))
    return rewritten


def _entries(text: str) -> tuple[list[object], bool]:
    """The values of a JSON array up to where it breaks off, and whether it is whole."""
    entries: list[object] = []
    decoder, place = json.JSONDecoder(), 1
    while True:
        place = _past(text, place, ", \t\r\n")
        if text[place : place + 1] == "]":
            return entries, True
        try:
            entry, place = decoder.raw_decode(text, place)
        except json.JSONDecodeError:
            return entries, False
        entries.append(entry)


def _past(text: str, place: int, skipped: str) -> int:
    while place < len(text) and text[place] in skipped:
        place += 1
    return place


def _placed(entry: object) -> dict[str, object] | None:
    """The entry with its box as `x0 y0 x1 y1`; `None` for one without a box that covers anything."""
    if not isinstance(entry, dict):
        return None
    written = entry.get("bbox", "")
    box = box_of_text(written if isinstance(written, str) else json.dumps(written))
    if box is None or box[0] >= box[2] or box[1] >= box[3]:
        return None
    return {**entry, "bbox": " ".join(f"{value:g}" for value in box)}

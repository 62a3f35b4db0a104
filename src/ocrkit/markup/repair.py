"""Mends an answer of blocks (`<div data-label data-bbox>`, boxes from 0 to 1000) before any parser sees it.

Strict parsers lose what a model wrote when a tag is missing or the answer is wrapped; this one cuts the answer at every
opening tag of a block and keeps all text. Knows neither pages nor pixels.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ocrkit.geometry import normalized
from ocrkit.markup.tree import attributes, cleaned

if TYPE_CHECKING:
    from ocrkit.geometry import BBox

SCALE = 1000.0
"""Boxes in answers run from 0 to this, both ways (Surya 2, Chandra, Qwen-VL's HTML)."""

Repair: TypeAlias = Literal[
    "empty", "no_blocks", "unclosed_block", "text_outside_blocks", "bad_bbox", "box_mended", "math_escaped", "preamble"
]

_OPENING = re.compile(
    r"<div\b(?=[^<>]{0,2000}?\bdata-(?:bbox|label)\s*=)((?:[^<>\"']|\"[^\"]{0,9000}\"|'[^']{0,9000}')*+)>",
    re.IGNORECASE,
)
_DIV = re.compile(r"<(/?)div\b[^<>]*>", re.IGNORECASE)
_FENCE = re.compile(r"\A(?P<before>.*?)^```[a-zA-Z]*[ \t]*\n(?P<inner>.*?)(?:^```.*)?\Z", re.DOTALL | re.MULTILINE)
_THOUGHT = re.compile(r"\A\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
_WRAPPING = re.compile(r"(?:</(?:body|html)\s*>\s*)+\Z", re.IGNORECASE)
_ANY_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[a-zA-Z!][^<>]*>", re.DOTALL)
_MATH = re.compile(
    r"(<math\b[^<>]*>)(.*?)(</math\s*>|(?=<math\b|</(?:p|td|th|li|div|h[1-6]|caption|table)\s*>)|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,6})?")


@dataclass(frozen=True, slots=True)
class Fragment:
    """One block as the model wrote it.

    Attributes:
        label: its label as written; `Text` for text outside of any block.
        box: `(x0, y0, x1, y1)` from 0 to 1000, in order; `None` where the answer gives none that can be read.
        html: what is in it, formulas escaped and elements closed, without the block's own tags.
        span: where that stands in the answer, in characters.
    """

    label: str
    box: BBox | None
    html: str
    span: tuple[int, int]

    @property
    def markup(self) -> str:
        """The block as a parser of such answers wants it; a block without a box gets the page's."""
        box = " ".join(f"{value:g}" for value in self.box or (0.0, 0.0, SCALE, SCALE))
        return f'<div data-bbox="{box}" data-label="{html.escape(self.label)}">{self.html}</div>'


@dataclass(frozen=True, slots=True)
class Mended:
    """An answer cut into its blocks.

    Attributes:
        fragments: the blocks in the order of the answer.
        repairs: what had to be mended, each once, in the order found.
    """

    fragments: tuple[Fragment, ...]
    repairs: tuple[Repair, ...]

    @property
    def markup(self) -> str:
        """The answer with every block closed and nothing outside of blocks."""
        return "\n".join(fragment.markup for fragment in self.fragments)


def mended(answer: str) -> Mended:
    """The blocks of an answer; none, and the repair `no_blocks` or `empty`, where it has none."""
    repairs: dict[Repair, None] = {}
    start, text = _unwrapped(answer, repairs)
    openings = list(_OPENING.finditer(text))
    if not openings:
        return Mended((), ("no_blocks",) if _visible(text) else ("empty",))
    fragments = [*_outside(text[: openings[0].start()], start, repairs)]
    ends = [*(opening.start() for opening in openings[1:]), len(text)]
    for opening, end in zip(openings, ends, strict=True):
        begin = opening.end()
        length, after = _closed(text[begin:end], repairs, last=end == len(text))
        tag = attributes(opening[1])
        box = _box(tag.get("data-bbox", ""), repairs)
        label = tag.get("data-label", "").strip() or "Text"
        inner = _tidy(text[begin : begin + length], repairs)
        fragments.append(Fragment(label, box, inner, (start + begin, start + begin + length)))
        fragments.extend(_outside(text[begin + after : end], start + begin + after, repairs))
    return Mended(tuple(fragments), tuple(repairs))


def escaped_math(markup: str, repairs: dict[Repair, None] | None = None) -> str:
    """The markup with every `<`, `>` and `&` inside formulas escaped, and every formula closed."""
    fixed = _MATH.sub(_escaped, markup)
    if repairs is not None and fixed != markup:
        repairs["math_escaped"] = None
    return fixed


def box_of_text(text: str) -> BBox | None:
    """The box of four numbers, its corners in order and within 0 to 1000; commas, brackets and blanks part them."""
    numbers = [min(max(float(number), 0.0), SCALE) for number in _NUMBER.findall(text)]
    return normalized(numbers) if len(numbers) == 4 else None  # noqa: PLR2004 - a box has four numbers


def _unwrapped(answer: str, repairs: dict[Repair, None]) -> tuple[int, str]:
    """The answer without thoughts, a code fence, and what is said before the fence; and where that begins in it."""
    thought = _THOUGHT.match(answer)
    start = thought.end() if thought else 0
    fence = _FENCE.match(answer[start:])
    if fence is None or _OPENING.search(fence["before"]):
        return start, answer[start:]
    if fence["before"].strip():
        repairs["preamble"] = None
    return start + fence.start("inner"), fence["inner"]


def _closed(segment: str, repairs: dict[Repair, None], *, last: bool) -> tuple[int, int]:
    """Where a block ends whose opening tag came just before, and where what follows it begins."""
    end = len(segment)
    if last:
        wrapping = _WRAPPING.search(segment)
        end = wrapping.start() if wrapping else end
    depth = 0
    for tag in _DIV.finditer(segment, 0, end):
        depth += -1 if tag[1] else 1
        if depth < 0:
            return tag.start(), tag.end()
    if _visible(segment[:end]):
        repairs["unclosed_block"] = None
    return end, len(segment)


def _outside(text: str, start: int, repairs: dict[Repair, None]) -> list[Fragment]:
    """Text outside of any block as a block of its own, somewhere on the page."""
    if not _visible(text):
        return []
    repairs["text_outside_blocks"] = None
    return [Fragment("Text", None, _tidy(_DIV.sub("", text), repairs), (start, start + len(text)))]


def _tidy(markup: str, repairs: dict[Repair, None]) -> str:
    """The inside of a block so that no parser takes it for more than that."""
    markup = cleaned(escaped_math(markup, repairs)).strip()
    open_divs = sum(-1 if tag[1] else 1 for tag in _DIV.finditer(markup))
    return markup + "</div>" * open_divs


def _visible(text: str) -> bool:
    return bool(_ANY_TAG.sub("", text).strip())


def _box(value: str, repairs: dict[Repair, None]) -> BBox | None:
    box = box_of_text(value)
    if box is None:
        repairs["bad_bbox"] = None
    elif list(box) != [float(number) for number in _NUMBER.findall(value)]:
        repairs["box_mended"] = None
    return box


def _escaped(math: re.Match[str]) -> str:
    body = _BARE_AMPERSAND.sub("&amp;", math[2]).replace("<", "&lt;").replace(">", "&gt;")
    return f"{math[1]}{body}</math>"

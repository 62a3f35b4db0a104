"""What stands in a block of HTML: paragraphs, headings, list items, tables, formulas, pictures, code, in order.

Knows neither the block's label nor its place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrkit.layout.lists import has_marker, split_marker
from ocrkit.markup.inline import latex_of, plain_text, text_of
from ocrkit.markup.tables import captions_of, table_of, table_text
from ocrkit.markup.tree import FLOW
from ocrkit.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocrkit.markup.tree import Node
    from ocrkit.model import Table

_LISTS = frozenset({"ul", "ol", "menu"})
_BULLET = "•"
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LETTERS = 26
_MAX_ROMAN = 399


@dataclass(frozen=True, slots=True)
class Part:
    """One thing in a block; the fields are those of `Block`."""

    kind: BlockKind
    text: str
    level: int | None = None
    marker: str = ""
    table: Table | None = None
    latex: str | None = None

    @property
    def printed(self) -> str:
        """The text with its marker."""
        return f"{self.marker} {self.text}".strip()


def parts_of(node: Node) -> list[Part]:
    """What is in the element, in order; nothing where it holds neither text nor picture."""
    found: list[Part] = []
    run: list[Node | str] = []
    _walk(node, found, run)
    _flush(found, run)
    return found


def code_of(node: Node) -> list[Part]:
    """The element's whole text as code, its blanks and line ends kept."""
    text = plain_text(node)
    return [Part(BlockKind.CODE, text)] if text.strip() else []


def items_of(text: str) -> list[Part]:
    """Text that stands in a list as items: one for each line that begins with a marker, other lines go on with it."""
    items: list[list[str]] = []
    for line in text.split("\n"):
        if items and not has_marker(line):
            items[-1].append(line)
        else:
            items.append([line])
    return [_item("\n".join(lines), marker="", level=1) for lines in items]


def _walk(node: Node, found: list[Part], run: list[Node | str]) -> None:
    for child in node.children:
        if isinstance(child, str) or not _stands_alone(child):
            run.append(child)
            continue
        breaks = child.tag in FLOW or child.tag in ("math", "hr")
        if breaks:
            _flush(found, run)
        made = _made(child)
        if made is None:
            _walk(child, found, run)
        else:
            found.extend(made)
        if breaks:
            _flush(found, run)


def _stands_alone(node: Node) -> bool:
    """Whether the element ends the paragraph before it, or something in it does."""
    if node.tag == "math":
        return node.attributes.get("display", "").lower() == "block"
    return node.tag in FLOW or node.tag == "hr" or any(_stands_alone(child) for child in node.elements())


def _made(node: Node) -> list[Part] | None:
    """The parts that the element is as a whole; `None` for one that merely holds others."""
    make = _MAKERS.get(node.tag)
    return make(node) if make else None


def _heading(node: Node) -> list[Part]:
    text = " ".join(text_of(node.children).split())
    return [Part(BlockKind.SECTION_HEADER, text, level=int(node.tag[1]))] if text else []


def _caption(node: Node) -> list[Part]:
    text = text_of(node.children)
    return [Part(BlockKind.CAPTION, text)] if text else []


def _flush(found: list[Part], run: list[Node | str]) -> None:
    """What stood in the lines so far: formulas or pictures where there is nothing else, else a paragraph."""
    parts = [part for part in run if not isinstance(part, str) or part.strip()]
    text = text_of(run)
    run.clear()
    if not parts:
        return
    elements = [part for part in parts if not isinstance(part, str)]
    if len(elements) == len(parts) and all(element.tag == "math" for element in elements):
        found.extend(formula for element in elements for formula in _formula(element))
    elif len(elements) == len(parts) and all(element.tag == "img" for element in elements):
        found.append(Part(BlockKind.PICTURE, text))
    elif text:
        found.append(Part(BlockKind.TEXT, text))


def _formula(node: Node) -> list[Part]:
    latex = latex_of(node)
    return [Part(BlockKind.FORMULA, latex, latex=latex)] if latex else []


def _table(node: Node) -> list[Part]:
    parts = [Part(BlockKind.CAPTION, caption) for caption in captions_of(node)]
    table = table_of(node)
    if table is not None:
        parts.append(Part(BlockKind.TABLE, table_text(table), table=table))
    return parts


def _list(node: Node, level: int = 1) -> Iterator[Part]:
    """The items of a list, those of lists in it one level deeper."""
    number = _start(node)
    for child in node.children:
        if isinstance(child, str):
            if child.strip():
                yield from (replace(item, level=level) for item in items_of(text_of([child])))
        elif child.tag in _LISTS:
            yield from _list(child, level + 1)
        else:
            marker = _numeral(number, node.attributes.get("type", "1")) if node.tag == "ol" else _BULLET
            nested = [each for each in child.elements() if each.tag in _LISTS]
            own = [each for each in child.children if each not in nested]
            text = text_of(own)
            if text:
                yield _item(text, marker=marker, level=level)
                number += 1
            for each in nested:
                yield from _list(each, level + 1)


def _item(text: str, *, marker: str, level: int) -> Part:
    """A list item; the marker that its text begins with counts more than the one given."""
    printed, rest = split_marker(text)
    return Part(BlockKind.LIST_ITEM, rest, marker=printed or marker, level=level)


def _start(node: Node) -> int:
    start = node.attributes.get("start", "")
    return int(start) if start.isdecimal() and len(start) < 7 else 1  # noqa: PLR2004 - a number anyone would print


def _numeral(number: int, style: str) -> str:
    """The number as an HTML list of the type prints it, with its full stop."""
    text = str(number)
    if style in ("a", "A") and 0 < number <= _LETTERS:
        text = chr(ord("a") + number - 1)
    elif style in ("i", "I") and 0 < number <= _MAX_ROMAN:
        text, rest = "", number
        for value, sign in _ROMAN:
            text += sign * (rest // value)
            rest %= value
    return f"{text.upper() if style.isupper() else text}."


_MAKERS: dict[str, Callable[[Node], list[Part]]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    **dict.fromkeys(_LISTS, lambda node: list(_list(node))),
    **dict.fromkeys(("caption", "figcaption"), _caption),
    "table": _table,
    "pre": code_of,
    "math": _formula,
}

"""HTML as models write it, into a small tree that never fails: unknown tags are text, wrong nesting is borne.

Made for values, not for browsers: comments, scripts and styles vanish, and the depth is bounded, so that an answer that
repeats itself cannot exhaust the stack.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 48
"""Deeper elements are laid flat into the one above; real answers nest fewer than ten."""

VOID = frozenset({"br", "hr", "img", "input", "wbr", "col", "meta", "link"})
"""Elements without content."""

FLOW = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote caption center dd details div dl dt fieldset figcaption figure footer form h1"
        " h2 h3 h4 h5 h6 header li main nav ol p pre section summary table tbody td tfoot th thead tr ul",
    )
)
"""Elements that stand on lines of their own."""

_INLINE = frozenset(
    re.findall(
        r"\w+",
        "a abbr b big body button chem cite code del dfn em font head html i ins kbd label mark math option q s samp"
        " select small span strike strong sub sup textarea title tt u var",
    )
)
_TAGS = FLOW | _INLINE | VOID
_SWALLOWING = frozenset({"textarea", "title"})
_DROPPED = re.compile(
    r"<!--.*?(?:-->|\Z)|<!doctype[^>]*>|<\?[^>]*>|<(script|style|template|iframe|object|svg)\b.*?(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,11})((?=[\s/>])(?:[^<>\"']|\"[^\"]{0,9000}\"|'[^']{0,9000}')*+)>")
_ATTRIBUTE = re.compile(r"([a-zA-Z][\w:-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")

_CLOSED_BY = {
    "p": FLOW,
    "li": frozenset({"li"}),
    "td": frozenset({"td", "th", "tr", "thead", "tbody", "tfoot"}),
    "th": frozenset({"td", "th", "tr", "thead", "tbody", "tfoot"}),
    "tr": frozenset({"tr", "thead", "tbody", "tfoot"}),
    "thead": frozenset({"tbody", "tfoot", "thead"}),
    "tbody": frozenset({"tbody", "tfoot"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "option": frozenset({"option"}),
}
"""Elements that end where one of these begins, as in HTML."""
_WALLS = {
    "li": frozenset({"ul", "ol", "table", "td", "th"}),
    "tr": frozenset({"table"}),
    "td": frozenset({"table"}),
    "th": frozenset({"table"}),
}
_CELL_WALL = frozenset({"td", "th", "table"})
"""What an end tag does not reach across: a stray `</div>` in a cell closes no table."""


@dataclass(slots=True)
class Node:
    """An element and what is in it.

    Attributes:
        tag: its name, lower case; empty for the root.
        attributes: its attributes, names in lower case, values without entities.
        children: elements and texts in order; the texts carry no markup and no entities.
    """

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def elements(self) -> Iterator[Node]:
        """The elements right in it."""
        return (child for child in self.children if isinstance(child, Node))

    def descendants(self) -> Iterator[Node]:
        """Every element in it, in the order of the text."""
        for child in self.elements():
            yield child
            yield from child.descendants()


def parsed(markup: str) -> Node:
    """The root of the tree that the markup makes; text that is no tag known to HTML stays text."""
    markup = _DROPPED.sub("", markup)
    root = Node("")
    stack = [root]
    place = 0
    for tag in _TAG.finditer(markup):
        name = tag[2].lower()
        if name not in _TAGS:
            continue
        _add_text(stack[-1], markup[place : tag.start()])
        place = tag.end()
        if tag[1]:
            _end(stack, name)
        else:
            _begin(stack, name, tag[3])
    _add_text(stack[-1], markup[place:])
    return root


def cleaned(markup: str) -> str:
    """The markup without comments, scripts and styles, and with every `<` escaped that begins no tag known to HTML.

    Tags after which a parser would take tags for text are left out: an unclosed one would swallow what follows.
    """
    markup = _DROPPED.sub("", markup)
    parts: list[str] = []
    place = 0
    for tag in _TAG.finditer(markup):
        if tag[2].lower() in _TAGS:
            kept = "" if tag[2].lower() in _SWALLOWING else tag[0]
            parts += [markup[place : tag.start()].replace("<", "&lt;"), kept]
            place = tag.end()
    return "".join([*parts, markup[place:].replace("<", "&lt;")])


def attributes(source: str) -> dict[str, str]:
    """The attributes written in a tag, the first of each name."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(source):
        value = next((group for group in match.groups()[1:] if group is not None), "")
        found.setdefault(match[1].lower(), html.unescape(value))
    return found


def _add_text(node: Node, text: str) -> None:
    if text:
        node.children.append(html.unescape(text))


def _begin(stack: list[Node], name: str, source: str) -> None:
    for closed, by in _CLOSED_BY.items():
        if name in by:
            _close(stack, closed, _WALLS.get(closed, _CELL_WALL))
    node = Node(name, attributes(source))
    stack[-1].children.append(node)
    if name not in VOID and len(stack) < MAX_DEPTH:
        stack.append(node)


def _end(stack: list[Node], name: str) -> None:
    if name == "br":
        stack[-1].children.append(Node("br"))
    else:
        _close(stack, name, frozenset() if name in _CELL_WALL | {"tr", "thead", "tbody", "tfoot"} else _CELL_WALL)


def _close(stack: list[Node], name: str, walls: frozenset[str]) -> None:
    """Closes the innermost open element of the name, and what is open in it, unless a wall stands before it."""
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].tag == name:
            del stack[depth:]
            return
        if stack[depth].tag in walls:
            return

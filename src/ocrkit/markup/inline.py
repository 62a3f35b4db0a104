r"""The text of an element, as a reader reads it.

Formulas stand in it as LaTeX between `\(` and `\)`, check boxes as ☐ and ☑, superscripts as Unicode has them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocrkit.markup.tree import FLOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ocrkit.markup.tree import Node

UNCHECKED, CHECKED = "☐", "☑"

_SUPERSCRIPTS = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_UNRAISED = re.compile(r"[0-9A-Za-z+=()−-]|[^\S ]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_BLANKS = re.compile(r"[^\S\n]+")
_BREAK = "\v"
"""Stands for a line break while blanks, line ends of the source among them, are squeezed."""
_INLINE = re.compile(r"\\\((.+?)\\\)")
_DELIMITERS = re.compile(r"\A(?:\$\$(.*)\$\$|\$(.*)\$|\\\[(.*)\\\]|\\\((.*)\\\))\Z", re.DOTALL)


def text_of(parts: Iterable[Node | str]) -> str:
    """The text of elements and texts: blanks squeezed, one line end for a `<br>` and between blocks."""
    raw = "".join(_raw(part) for part in parts)
    lines = (" ".join(line.split()) for line in raw.split(_BREAK))
    return "\n".join(line for line in lines if line)


def plain_text(node: Node) -> str:
    """The text of preformatted content, its blanks and line ends kept."""
    return _CONTROLS.sub("", _verbatim(node)).strip("\n").rstrip()


def latex_of(node: Node) -> str:
    """The LaTeX in a `<math>` element, without delimiters."""
    source = _CONTROLS.sub("", _verbatim(node)).strip()
    found = _DELIMITERS.match(source)
    return next((group for group in found.groups() if group is not None), "").strip() if found else source


def formulas_in(text: str) -> tuple[str, ...]:
    """The LaTeX of the formulas that stand in a text that `text_of` made, each once."""
    return tuple(dict.fromkeys(_INLINE.findall(text)))


def checkbox(node: Node) -> str:
    """☑ or ☐ for a check box or radio button; empty for another input."""
    if node.tag != "input" or node.attributes.get("type", "").lower() not in ("checkbox", "radio"):
        return ""
    checked = node.attributes.get("checked")
    return UNCHECKED if checked is None or checked.lower() == "false" else CHECKED


def _raw(part: Node | str) -> str:
    if isinstance(part, str):
        return _CONTROLS.sub("", part)
    make = _SIGNS.get(part.tag)
    if make is not None:
        return make(part)
    return f"{_BREAK}{_inner(part)}{_BREAK}" if part.tag in FLOW else _inner(part)


def _inner(node: Node) -> str:
    return "".join(_raw(child) for child in node.children)


def _clean(node: Node, name: str) -> str:
    return _CONTROLS.sub("", node.attributes.get(name, ""))


def _formula(node: Node) -> str:
    source = _BLANKS.sub(" ", latex_of(node).replace("\n", " "))
    return rf"\({source}\)" if source else ""


def _raised(node: Node) -> str:
    """The small text in Unicode's own signs where it has them all, else as it is."""
    inner = _inner(node)
    signs = inner.strip().translate(_SUPERSCRIPTS if node.tag == "sup" else _SUBSCRIPTS)
    return inner if _UNRAISED.search(signs) else signs


def _verbatim(node: Node) -> str:
    parts = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(child)
        else:
            inner = _verbatim(child)
            parts.append("\n" if child.tag == "br" else f"{inner}\n" if child.tag in FLOW else inner)
    return "".join(parts)


_SIGNS: dict[str, Callable[[Node], str]] = {
    **dict.fromkeys(("br", "hr"), lambda _: _BREAK),
    **dict.fromkeys(("head", "title", "select"), lambda _: ""),
    **dict.fromkeys(("sup", "sub"), _raised),
    "math": _formula,
    "img": lambda node: f" {_clean(node, 'alt')} ",
    "input": lambda node: f" {checkbox(node) or _clean(node, 'value')} ",
}

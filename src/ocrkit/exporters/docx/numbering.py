"""Numbering definitions for list items, so that Word shows the markers that are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from ocrkit.layout.flow import nests, read_marker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.layout.flow import Marker
    from ocrkit.model import Block

_NUMBER_FORMATS = {
    "bullet": "bullet",
    "decimal": "decimal",
    "lower-alpha": "lowerLetter",
    "upper-alpha": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
}
_BULLETS = "•–▪"
_INDENT = 360
"""A level's indent in twentieths of a point."""


class Numbering:
    """Gives list items their numbering definitions, so that the printed numbers stay."""

    def __init__(self, element: Any) -> None:
        self._element = element
        self._abstract: dict[tuple[str, str, str], int] = {}
        self._next_abstract = 1 + max((int(a.get(qn("w:abstractNumId"))) for a in self._abstracts()), default=0)

    def of(self, items: list[Block]) -> Iterator[tuple[int, Marker, int | None]]:
        """For each of the items in a row its depth, marker and numbering id; `None` where Word cannot count so."""
        last: list[tuple[Marker, int | None]] = []
        for item, depth in zip(items, nests(items), strict=True):
            del last[depth + 1 :]
            before = last[depth] if depth < len(last) else None
            marker = read_marker(item.marker, before[0] if before else None)
            if marker.style == "other":
                num_id = None
            elif before is not None and before[1] is not None and marker.follows(before[0]):
                num_id = before[1]
            else:
                num_id = self._new(marker, depth)
            last[depth:] = [(marker, num_id)]
            yield depth, marker, num_id

    def _new(self, marker: Marker, depth: int) -> int:
        key = (marker.style, marker.prefix, marker.suffix)
        if key not in self._abstract:
            self._abstract[key] = self._add_abstract(marker)
        num = self._element.add_num(self._abstract[key])
        if marker.style != "bullet":
            num.add_lvlOverride(ilvl=min(depth, 8)).add_startOverride(marker.number)
        return int(num.numId)

    def _add_abstract(self, marker: Marker) -> int:
        number = self._next_abstract
        self._next_abstract += 1
        abstract = _element("w:abstractNum", abstractNumId=str(number))
        abstract.append(_element("w:multiLevelType", val="hybridMultilevel"))
        for level in range(9):
            bullet = _BULLETS[level % len(_BULLETS)]
            shown = bullet if marker.style == "bullet" else f"{marker.prefix}%{level + 1}{marker.suffix}"
            node = _element("w:lvl", ilvl=str(level))
            node.append(_element("w:start", val="1"))
            node.append(_element("w:numFmt", val=_NUMBER_FORMATS[marker.style]))
            node.append(_element("w:lvlText", val=shown))
            node.append(_element("w:lvlJc", val="left"))
            indent = _element("w:pPr")
            indent.append(_element("w:ind", left=str(_INDENT * (level + 1)), hanging=str(_INDENT)))
            node.append(indent)
            abstract.append(node)
        # The schema wants every abstractNum before the first num.
        present = self._abstracts()
        if present:
            present[-1].addnext(abstract)
        else:
            self._element.insert(0, abstract)
        return number

    def _abstracts(self) -> list[Any]:
        return list(self._element.findall(qn("w:abstractNum")))


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element

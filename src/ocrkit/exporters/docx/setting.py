"""What holds for a whole file: type, language, properties, and the text that XML can hold. Knows no blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt

from ocrkit.languages import LANGUAGES

if TYPE_CHECKING:
    from ocrkit.layout.measures import Sheet
    from ocrkit.model import Document

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) cannot hold."""

_TYPE_SIZES = (7.0, 14.0)
"""Points of the type that text is set in at least and at most, whatever the page had."""

_PARAGRAPH_GAP = "120"
"""Twentieths of a point between paragraphs."""

_SINGLE_SPACED = "240"
"""Word counts 240 to a line."""

_EAST_ASIAN = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "ja": "ja-JP", "ko": "ko-KR"}
"""Languages as Word names them, by their code here; other codes are the same."""

_RIGHT_TO_LEFT = frozenset(language.code for language in LANGUAGES if language.direction == "rtl")

_PROPERTY_CHARACTERS = 255
"""Core properties are limited to this length."""


def add_styles(file: Any, sheet: Sheet) -> None:
    """Sets type, gaps and language of the file as the sheet has them, and adds the styles that the template lacks."""
    points = bounded(sheet.points) if sheet.points else None
    normal = file.styles["Normal"]
    # In the defaults and not in the style: a style would take precedence over what tables say of their cells.
    defaults = file.styles.element.find(qn("w:docDefaults"))
    spacing = next(defaults.iter(qn("w:spacing")))
    spacing.set(qn("w:after"), _PARAGRAPH_GAP)
    spacing.set(qn("w:line"), _SINGLE_SPACED)
    for size in (*defaults.iter(qn("w:sz")), *defaults.iter(qn("w:szCs"))):
        size.set(qn("w:val"), str(round(2 * points)) if points else size.get(qn("w:val")))
    small = max(points - 1.5, _TYPE_SIZES[0]) if points else 9
    for name, font, size in (
        ("Code", "Courier New", small),
        ("Formula", "Cambria Math", None),
        ("Footnote", None, small),
    ):
        style = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.font.name = font
        style.font.size = Pt(size) if size else None
    if sheet.language:
        _set_language(file, sheet.language)


def _set_language(file: Any, language: str) -> None:
    """What the text is checked and hyphenated as, and which of the East Asian fonts it gets."""
    kind = "val"
    if language in _EAST_ASIAN:
        kind = "eastAsia"
    elif language in _RIGHT_TO_LEFT:
        kind = "bidi"
    default = next(file.styles.element.iter(qn("w:lang")))
    default.set(qn(f"w:{kind}"), _EAST_ASIAN.get(language, language))


def bounded(points: float) -> float:
    """The size of type in points, kept within what reads well."""
    return min(max(points, _TYPE_SIZES[0]), _TYPE_SIZES[1])


def set_properties(file: Any, document: Document) -> None:
    """The document's own, and nothing of the template's."""
    package = file.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]
    properties = file.core_properties
    for name in ("title", "author", "subject", "keywords"):
        setattr(properties, name, legal(document.metadata.get(name, ""))[:_PROPERTY_CHARACTERS])
    properties.comments = ""


def legal(text: str) -> str:
    """The text without what XML cannot hold."""
    return _ILLEGAL.sub("", text)

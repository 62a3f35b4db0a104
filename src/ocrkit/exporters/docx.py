"""Word: real heading, list and caption styles, tables with merged cells, one section a page size."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt

from ocrkit.languages import LANGUAGES
from ocrkit.layout.flow import (
    Marker,
    body,
    failure,
    header_rows,
    heading_level,
    is_rtl,
    nests,
    numeric_columns,
    read_marker,
)
from ocrkit.layout.measures import column_shares, inches, measure, type_size
from ocrkit.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.contracts import SourceFile
    from ocrkit.exporters import DocxOptions
    from ocrkit.layout.measures import Sheet
    from ocrkit.model import Block, Cell, Document, Page, Table

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) cannot hold."""

_MAX_HEADING = 9
_MAX_PAGE_INCHES = 22
"""Word's largest page side."""

_TYPE_SIZES = (7.0, 14.0)
"""Points of the type that text is set in at least and at most, whatever the page had."""

_MARGIN = 1.0
"""Inches of margin on pages that do not say how large they are."""

_PARAGRAPH_GAP = "120"
"""Twentieths of a point between paragraphs."""

_SINGLE_SPACED = "240"
"""Word counts 240 to a line."""

_CELL_PADDING = 0.15
"""Inches that Word and LibreOffice keep free at the sides of a cell, together."""

_EAST_ASIAN = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "ja": "ja-JP", "ko": "ko-KR"}
"""Languages as Word names them, by their code here; other codes are the same."""

_RIGHT_TO_LEFT = frozenset(language.code for language in LANGUAGES if language.direction == "rtl")

_PROPERTY_CHARACTERS = 255
"""Core properties are limited to this length."""

_STYLES = {
    BlockKind.CAPTION: "Caption",
    BlockKind.CODE: "Code",
    BlockKind.FORMULA: "Formula",
    BlockKind.FOOTNOTE: "Footnote",
    BlockKind.PAGE_HEADER: "Header",
    BlockKind.PAGE_FOOTER: "Footer",
}
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


class DocxExporter:
    """Writes `docx`."""

    def export(self, document: Document, out: BinaryIO, /, *, options: DocxOptions, source: SourceFile | None) -> None:
        """Writes the document; each page begins on a new page unless told otherwise."""
        del source
        file = docx.Document()
        sheet = measure(document.pages)
        _add_styles(file, sheet)
        _set_properties(file, document)
        writer = _Writer(file, sheet)
        before: Page | None = None
        for page in document.pages:
            if before is None or (options.page_breaks and inches(page) != inches(before)):
                writer.section(page, first=before is None)
            elif options.page_breaks:
                writer.break_page()
            writer.page(page, furniture=options.page_furniture)
            before = page
        written = io.BytesIO()
        file.save(written)
        _copy_undated(written, out)


def _copy_undated(archive: BinaryIO, out: BinaryIO) -> None:
    """The archive without its clock, so that one document is one file."""
    made = io.BytesIO()
    with ZipFile(archive) as parts, ZipFile(made, "w") as copy:
        for part in parts.infolist():
            copy.writestr(ZipInfo(part.filename), parts.read(part), ZIP_DEFLATED)
    out.write(made.getvalue())


class _Writer:
    """Adds blocks to the end of a file."""

    def __init__(self, file: Any, sheet: Sheet) -> None:
        self._file = file
        self._sheet = sheet
        self._dpi: float | None = None
        self._numbering = _Numbering(file.part.numbering_part.element)
        self._break_due = False

    def section(self, page: Page, *, first: bool) -> None:
        """Begins a section of the page's size, on a new page unless it is the first."""
        section = self._file.sections[0] if first else self._new_section()
        size = inches(page)
        if size is None or min(size) < 1 or max(size) > _MAX_PAGE_INCHES:
            return
        section.page_width, section.page_height = Inches(size[0]), Inches(size[1])
        section.orientation = WD_ORIENT.LANDSCAPE if size[0] > size[1] else WD_ORIENT.PORTRAIT
        margins = self._sheet.margins.get(size, (min(_MARGIN, size[0] / 8, size[1] / 8),) * 4)
        section.left_margin, section.top_margin, section.right_margin, section.bottom_margin = map(Inches, margins)

    def _new_section(self) -> Any:
        """A section whose end mark stands in the paragraph before it, where python-docx adds an empty one."""
        made = self._file.add_section(WD_SECTION.NEW_PAGE)
        empty = self._file.element.body[-2]
        before = empty.getprevious()
        if before is not None and before.tag == qn("w:p") and not before.findall(qn("w:pPr") + "/" + qn("w:sectPr")):
            before.get_or_add_pPr().append(empty.pPr.sectPr)
            self._file.element.body.remove(empty)
        return made

    def break_page(self) -> None:
        """Lets the next block begin a page; an empty page keeps its place too."""
        if self._break_due:
            self._paragraph("")
        self._break_due = True

    def page(self, page: Page, *, furniture: bool) -> None:
        """Adds the page's blocks."""
        items: list[Block] = []
        self._dpi = page.dpi
        for block in body(page, furniture=furniture):
            if block.kind is BlockKind.LIST_ITEM:
                items.append(block)
                continue
            self._list(items)
            items = []
            self._block(block)
        self._list(items)
        message = failure(page)
        if message:
            self._paragraph(message, style="Intense Quote")

    def _block(self, block: Block) -> None:
        match block.kind:
            case BlockKind.TITLE | BlockKind.SECTION_HEADER:
                text = " ".join(block.text.split())
                self._paragraph(text, style=f"Heading {min(heading_level(block), _MAX_HEADING)}")
            case BlockKind.TABLE if block.table is not None:
                self._table(block, block.table)
            case BlockKind.FORMULA:
                self._paragraph(block.latex or block.text, style="Formula")
            case _ if block.text.strip():
                self._paragraph(block.text, style=_STYLES.get(block.kind))

    def _paragraph(self, text: str, *, style: str | None = None) -> Any:
        paragraph = self._file.add_paragraph(style=style)
        if self._break_due:
            paragraph.paragraph_format.page_break_before = True
            self._break_due = False
        _write(paragraph, text)
        return paragraph

    def _list(self, items: list[Block]) -> None:
        for item, (depth, marker, num_id) in zip(items, self._numbering.of(items), strict=True):
            if num_id is None:
                paragraph = self._paragraph(f"{item.marker}\t{item.text}", style=_list_style("List", depth))
                continue
            base = "List Bullet" if marker.style == "bullet" else "List Number"
            paragraph = self._paragraph(item.text, style=_list_style(base, depth))
            properties = paragraph.paragraph_format.element.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = min(depth, 8)
            properties.get_or_add_numId().val = num_id

    def _table(self, block: Block, table: Table) -> None:
        if self._break_due:
            self._paragraph("")
        made = self._file.add_table(rows=table.rows, cols=table.columns)
        made.style = "Table Grid"
        self._set_widths(made, block, table)
        grid = [list(row.cells) for row in made.rows]
        for row in made.rows[: header_rows(table)]:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - no public way
        right = numeric_columns(table)
        points = type_size(block, self._dpi) if self._dpi else None
        for cell in table.cells:
            spot = grid[cell.row][cell.column]
            if cell.row_span > 1 or cell.column_span > 1:
                last = grid[cell.row + cell.row_span - 1][cell.column + cell.column_span - 1]
                spot = spot.merge(last)
            _fill(spot, cell, right=right[cell.column] and cell.column_span == 1, points=points)
        # Two tables that touch would become one, and a page may not end in a table.
        self._file.add_paragraph().paragraph_format.space_after = Pt(0)

    def _set_widths(self, made: Any, block: Block, table: Table) -> None:
        """Columns as wide as on the page where they fit; every cell says it, which LibreOffice wants."""
        section = self._file.sections[-1]
        room = section.page_width - section.left_margin - section.right_margin
        wanted = room
        if self._dpi:
            wanted = Inches((block.bbox[2] - block.bbox[0]) / self._dpi + _CELL_PADDING * table.columns)
        made.autofit = False
        for column, share in zip(made.columns, column_shares(table), strict=True):
            column.width = round(min(room, wanted) * share)
            for cell in column.cells:
                cell.width = column.width


def _fill(spot: Any, cell: Cell, *, right: bool, points: float | None) -> None:
    paragraph = spot.paragraphs[0]
    _write(paragraph, cell.text)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for run in paragraph.runs:
        run.bold = cell.header or None
        run.font.size = Pt(_bounded(points)) if points else None


def _write(paragraph: Any, text: str) -> None:
    """The text into the paragraph, with the marks that right-to-left text needs."""
    run = paragraph.add_run(_legal(text))
    if is_rtl(text):
        properties = paragraph.paragraph_format.element.get_or_add_pPr()
        bidi = OxmlElement("w:bidi")
        properties.insert_element_before(
            bidi, "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
            "w:jc", "w:textDirection", "w:textAlignment", "w:outlineLvl", "w:rPr", "w:sectPr",
        )  # fmt: skip
        run.font.rtl = True


class _Numbering:
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


def _list_style(base: str, depth: int) -> str:
    """Word's list styles go three deep."""
    return base if depth == 0 else f"{base} {min(depth + 1, 3)}"


def _add_styles(file: Any, sheet: Sheet) -> None:
    points = _bounded(sheet.points) if sheet.points else None
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


def _bounded(points: float) -> float:
    return min(max(points, _TYPE_SIZES[0]), _TYPE_SIZES[1])


def _set_properties(file: Any, document: Document) -> None:
    """The document's own, and nothing of the template's."""
    package = file.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]
    properties = file.core_properties
    for name in ("title", "author", "subject", "keywords"):
        setattr(properties, name, _legal(document.metadata.get(name, ""))[:_PROPERTY_CHARACTERS])
    properties.comments = ""


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)

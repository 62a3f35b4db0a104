"""Writes the blocks of a document as paragraphs, lists, tables and pictures, page by page."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt

from ocrkit.drawing.figures import Figures
from ocrkit.exporters.docx.numbering import Numbering
from ocrkit.exporters.docx.setting import add_styles, bounded, legal, set_properties
from ocrkit.layout.continued import whole_tables
from ocrkit.layout.flow import (
    body,
    failure,
    header_rows,
    heading_level,
    is_rtl,
    numeric_columns,
)
from ocrkit.layout.measures import column_shares, inches, measure, type_size
from ocrkit.model import BlockKind

if TYPE_CHECKING:
    from ocrkit.contracts import SourceFile
    from ocrkit.exporters import DocxOptions
    from ocrkit.layout.measures import Sheet
    from ocrkit.model import Block, Cell, Document, Page, Table

_MAX_HEADING = 9
_MAX_PAGE_INCHES = 22
"""Word's largest page side."""

_MARGIN = 1.0
"""Inches of margin on pages that do not say how large they are."""

_CELL_PADDING = 0.15
"""Inches that Word and LibreOffice keep free at the sides of a cell, together."""

_STYLES = {
    BlockKind.CAPTION: "Caption",
    BlockKind.CODE: "Code",
    BlockKind.FORMULA: "Formula",
    BlockKind.FOOTNOTE: "Footnote",
    BlockKind.PAGE_HEADER: "Header",
    BlockKind.PAGE_FOOTER: "Footer",
}


class DocxExporter:
    """Writes `docx`."""

    def export(self, document: Document, out: BinaryIO, /, *, options: DocxOptions, source: SourceFile | None) -> None:
        """Writes the document; each page begins on a new page unless told otherwise.

        Raises:
            SourceRequiredError: pictures are asked for and there is no source.
        """
        figures = Figures(source) if options.images else None
        file = docx.Document()
        sheet = measure(document.pages)
        if document.translation is not None:
            sheet = replace(sheet, language=document.translation.target)
        add_styles(file, sheet)
        set_properties(file, document)
        writer = _Writer(file, sheet, figures)
        before: Page | None = None
        for page in whole_tables(document.pages):
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

    def __init__(self, file: Any, sheet: Sheet, figures: Figures | None) -> None:
        self._file = file
        self._sheet = sheet
        self._figures = figures
        self._dpi: float | None = None
        self._numbering = Numbering(file.part.numbering_part.element)
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
            if block.kind is BlockKind.PICTURE:
                self._picture(page, block)
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

    def _picture(self, page: Page, block: Block) -> None:
        """The picture as large as on its page, if pictures are wanted."""
        figure = self._figures.cut(page, block) if self._figures else None
        if figure is None:
            return
        wanted = Inches((block.bbox[2] - block.bbox[0]) / self._dpi) if self._dpi else self._room()
        self._paragraph("").add_run().add_picture(io.BytesIO(figure.data), width=min(wanted, self._room()))

    def _room(self) -> int:
        """What lies between the margins, in the units of the file."""
        section = self._file.sections[-1]
        return int(section.page_width - section.left_margin - section.right_margin)

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
        wanted = room = self._room()
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
        run.font.size = Pt(bounded(points)) if points else None


def _write(paragraph: Any, text: str) -> None:
    """The text into the paragraph, with the marks that right-to-left text needs."""
    run = paragraph.add_run(legal(text))
    if is_rtl(text):
        properties = paragraph.paragraph_format.element.get_or_add_pPr()
        bidi = OxmlElement("w:bidi")
        properties.insert_element_before(
            bidi, "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
            "w:jc", "w:textDirection", "w:textAlignment", "w:outlineLvl", "w:rPr", "w:sectPr",
        )  # fmt: skip
        run.font.rtl = True


def _list_style(base: str, depth: int) -> str:
    """Word's list styles go three deep."""
    return base if depth == 0 else f"{base} {min(depth + 1, 3)}"

"""The built-in exporters, as a plugin like any other: one file a format, imported when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field

from ocrkit.contracts import ExporterOptions, ExporterSpec
from ocrkit.drawing import DEFAULT_LAYERS, Layer
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


class MarkdownOptions(ExporterOptions):
    """Options of `md`."""

    page_furniture: bool = Field(default=False, description="keep page headers and footers")
    page_break: Literal["none", "rule", "comment"] = Field(
        default="none", description="between pages: nothing, a rule, or a comment with the page number"
    )
    images: bool = Field(
        default=False, description="put the pictures of the pages into the file; needs the original file"
    )


def _tab_by_name(delimiter: object) -> object:
    """A tab for what people type who cannot type one."""
    return "\t" if delimiter in ("tab", r"\t") else delimiter


class CsvOptions(ExporterOptions):
    """Options of `csv`."""

    content: Literal["auto", "tables", "words"] = Field(
        default="auto", description="tables, words with boxes, or tables where there are any"
    )
    delimiter: Annotated[str, BeforeValidator(_tab_by_name), Field(min_length=1, max_length=1, pattern=r'[^"\r\n]')] = (
        Field(default=",", description="the character between fields, or `tab`")
    )
    bom: bool = Field(default=False, description="begin with a byte order mark, for Excel")
    formula_guard: bool = Field(
        default=True,
        description="put ' before a field that a spreadsheet would run as a formula (never before a number)",
    )


class DocxOptions(ExporterOptions):
    """Options of `docx`."""

    page_furniture: bool = Field(default=False, description="keep page headers and footers, as paragraphs")
    page_breaks: bool = Field(default=True, description="begin each page on a new page")
    images: bool = Field(
        default=False, description="put the pictures of the pages into the file; needs the original file"
    )


class HtmlOptions(ExporterOptions):
    """Options of `html`."""

    page_furniture: bool = Field(default=False, description="keep page headers and footers")
    images: bool = Field(
        default=False, description="put the pictures of the pages into the file; needs the original file"
    )


class PdfOptions(ExporterOptions):
    """Options of `pdf`."""

    allow_signed: bool = Field(default=False, description="rewrite a digitally signed PDF, which voids its signature")
    pdfa: bool = Field(default=False, description="write PDF/A-2b, for archives")


class ViewOptions(ExporterOptions):
    """Options of `view`."""

    layers: tuple[Layer, ...] = Field(
        default=DEFAULT_LAYERS, description="what is shown at first, of blocks, order, cells, lines, words, confidence"
    )
    max_side: Annotated[int, Field(ge=100)] = Field(
        default=2000, description="longest side of the page images in pixels; larger ones are made smaller"
    )


_SPECS = (
    ExporterSpec(
        name="txt",
        summary="Plain text in reading order, pages parted by form feeds",
        load="ocrkit.exporters.txt:TxtExporter",
        extension=".txt",
        media_type="text/plain; charset=utf-8",
    ),
    ExporterSpec(
        name="json",
        summary="Everything: pages, blocks, lines, words, boxes, confidences, provenance",
        load="ocrkit.exporters.json:JsonExporter",
        extension=".json",
        media_type="application/json",
    ),
    ExporterSpec(
        name="md",
        summary="Markdown for GitHub: headings, lists, tables, code, formulas",
        load="ocrkit.exporters.md:MarkdownExporter",
        extension=".md",
        media_type="text/markdown; charset=utf-8",
        options=MarkdownOptions,
    ),
    ExporterSpec(
        name="csv",
        summary="The tables, a blank line between them; words with their boxes where there is no table",
        load="ocrkit.exporters.csv:CsvExporter",
        extension=".csv",
        media_type="text/csv; charset=utf-8",
        options=CsvOptions,
    ),
    ExporterSpec(
        name="docx",
        summary="Word: headings, lists, tables with merged cells, page breaks",
        load="ocrkit.exporters.docx:DocxExporter",
        extension=".docx",
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        options=DocxOptions,
    ),
    ExporterSpec(
        name="pdf",
        summary="Searchable PDF: the pages as they were, their text invisibly on them",
        load="ocrkit.exporters.pdf:PdfExporter",
        extension=".pdf",
        media_type="application/pdf",
        options=PdfOptions,
        needs_source=True,
    ),
    ExporterSpec(
        name="html",
        summary="One self-contained HTML page: headings, lists, tables with spans",
        load="ocrkit.exporters.html:HtmlExporter",
        extension=".html",
        media_type="text/html; charset=utf-8",
        options=HtmlOptions,
    ),
    ExporterSpec(
        name="xlsx",
        summary="Excel: a sheet for each table, merged cells, numbers as numbers",
        load="ocrkit.exporters.xlsx:XlsxExporter",
        extension=".xlsx",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ExporterSpec(
        name="hocr",
        summary="hOCR 1.2: areas, lines and words with boxes and confidences",
        load="ocrkit.exporters.hocr:HocrExporter",
        extension=".hocr",
        media_type="application/xhtml+xml",
    ),
    ExporterSpec(
        name="alto",
        summary="ALTO 4.4 for libraries and archives: blocks, lines and words with boxes and confidences",
        load="ocrkit.exporters.alto:AltoExporter",
        extension=".alto.xml",
        media_type="application/xml",
    ),
    ExporterSpec(
        name="view",
        summary="HTML to look at: page images with blocks, order, words and confidence drawn on them",
        load="ocrkit.exporters.view:ViewExporter",
        extension=".view.html",
        media_type="text/html; charset=utf-8",
        options=ViewOptions,
        needs_source=True,
    ),
)


@hookimpl
def ocrkit_exporters() -> Iterable[ExporterSpec]:
    """The formats that come with ocrkit."""
    yield from _SPECS

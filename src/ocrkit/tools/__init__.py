"""The built-in tools, as a plugin like any other: presets of reading, after-work and format. Imports no after-work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.hookspecs import hookimpl
from ocrkit.toolspec import ToolSpec

if TYPE_CHECKING:
    from collections.abc import Iterable

_RECEIPT = "ocrkit.tools.receipts.tool:Receipt"
_TABLES_ONLY = "ocrkit.tools.tables:TablesOnly"

_SPECS = (
    ToolSpec("pdf-to-text", "Plain text of a PDF, its own where that can be trusted", format="txt"),
    ToolSpec("image-to-text", "Plain text of a picture or scan", format="txt", text_layer="never"),
    ToolSpec("pdf-to-markdown", "Markdown with headings, lists and tables", format="md"),
    ToolSpec("pdf-to-word", "A Word file with headings, lists and tables", format="docx"),
    ToolSpec("searchable-pdf", "The pages as they were, their text invisibly on them", format="pdf"),
    ToolSpec(
        "extract-tables",
        "The tables and nothing else, as CSV",
        load=_TABLES_ONLY,
        format="csv",
        format_options={"content": "tables"},
    ),
    ToolSpec("table-to-excel", "The tables and nothing else, a sheet for each", load=_TABLES_ONLY, format="xlsx"),
    ToolSpec(
        "handwriting-to-text",
        "Handwriting, line by line, by a vision model",
        tier="vlm",
        engine="vlm",
        options={"task": "handwriting"},
        text_layer="never",
        format="txt",
    ),
    ToolSpec(
        "math-to-latex",
        "Markdown with formulas as LaTeX, by a vision model",
        load="ocrkit.tools.formulas:Formulas",
        tier="vlm",
        format="md",
    ),
    ToolSpec(
        "receipt-to-json",
        "Vendor, address, date, number, tax and total of a receipt, each with its place",
        load=_RECEIPT,
        format="json",
        online=True,
    ),
    ToolSpec(
        "invoice-to-json",
        "Vendor, address, dates, number, tax and total of an invoice, each with its place",
        load=_RECEIPT,
        format="json",
        online=True,
    ),
    ToolSpec("translate", "The text in another language, its layout kept", format="md", needs=("translate_to",)),
)


@hookimpl
def ocrkit_tools() -> Iterable[ToolSpec]:
    """The tools that come with ocrkit."""
    yield from _SPECS

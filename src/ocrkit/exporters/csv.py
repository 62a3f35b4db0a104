"""CSV (RFC 4180): the document's tables, or its words with their boxes where it has none."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, BinaryIO

from ocrkit.layout.continued import whole_tables
from ocrkit.layout.flow import text_as_read
from ocrkit.model import Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.contracts import SourceFile
    from ocrkit.exporters import CsvOptions
    from ocrkit.model import Document, Line, Word

    Row = list[str]

_BLANK_LINES = re.compile(r"\n\s*\n")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORMULA = re.compile(r"[=@\t\r]|[-+](?![\s\d.,$€£¥%()-]*$)")
"""What a spreadsheet would run (OWASP, CSV injection); a signed number or a lone dash is none."""


class CsvExporter:
    """Writes `csv`."""

    def export(self, document: Document, out: BinaryIO, /, *, options: CsvOptions, source: SourceFile | None) -> None:
        """Writes UTF-8 with CRLF line ends, a blank line between tables."""
        del source
        if options.bom:
            out.write(b"\xef\xbb\xbf")
        with_tables = options.content == "tables" or (options.content == "auto" and any(_tables(document)))
        parts: Iterable[Iterable[Row]] = _tables(document) if with_tables else [_words(document)]
        for index, part in enumerate(parts):
            if index:
                out.write(b"\r\n")
            _write(part, out, options)


def _write(rows: Iterable[Row], out: BinaryIO, options: CsvOptions) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=options.delimiter)
    for row in rows:
        writer.writerow([_field(text, guard=options.formula_guard) for text in row])
        out.write(buffer.getvalue().encode())
        buffer.seek(0)
        buffer.truncate()


def _field(text: str, *, guard: bool) -> str:
    """The text without blank lines, which part tables here, and without what CSV cannot hold."""
    text = _BLANK_LINES.sub("\n", _ILLEGAL.sub("", text).replace("\r\n", "\n").strip("\n"))
    return "'" + text if guard and _FORMULA.match(text) else text


def _tables(document: Document) -> Iterator[list[Row]]:
    return (block.table.grid() for page in whole_tables(document.pages) for block in page.blocks if block.table)


def _words(document: Document) -> Iterator[Row]:
    yield ["page", "text", "x0", "y0", "x1", "y1", "confidence"]
    for page in document.pages:
        for block in page.blocks:
            for item in _finest(block):
                box = [f"{value:.10g}" for value in item.bbox]
                confidence = "" if item.confidence is None else f"{item.confidence:.4g}"
                text = text_as_read(item) if isinstance(item, Block) else item.text
                yield [str(page.number), text, *box, confidence]


def _finest(block: Block) -> Iterator[Word | Line | Block]:
    """The words, or the lines that have none, or the block that has neither."""
    if not block.lines and block.text.strip():
        yield block
    for line in block.lines:
        yield from line.words or (line,)

"""Plain text: UTF-8, reading order, pages parted by form feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from ocrkit.contracts import ExporterOptions, SourceFile
    from ocrkit.model import Document


class TxtExporter:
    """Writes `txt`."""

    def export(
        self, document: Document, out: BinaryIO, /, *, options: ExporterOptions, source: SourceFile | None
    ) -> None:
        """Writes `Document.text`, page by page; ends with one line break unless there is no text."""
        del options, source
        written = False
        for index, page in enumerate(document.pages):
            text = "\n\f" + page.text if index else page.text
            out.write(text.encode())
            written = written or bool(text)
        if written:
            out.write(b"\n")

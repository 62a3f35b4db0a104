"""Format `echo`: the blocks of a document, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from ocrkit.contracts import ExporterOptions, SourceFile
    from ocrkit.model import Document


class EchoExporter:
    """Writes `echo`."""

    def export(
        self, document: Document, out: BinaryIO, /, *, options: ExporterOptions, source: SourceFile | None
    ) -> None:
        """Writes page number, kind, box and text of each block, parted by tabs."""
        del options, source
        for page in document.pages:
            for block in page.blocks:
                box = ",".join(f"{value:g}" for value in block.bbox)
                text = " ".join(block.text.split())
                out.write(f"{page.number}\t{block.kind}\t{box}\t{text}\n".encode())

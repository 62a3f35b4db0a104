"""JSON: the document as it is, with its `schema_version`; `Document.from_json` reads it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from ocrkit.contracts import ExporterOptions, SourceFile
    from ocrkit.model import Document


class JsonExporter:
    """Writes `json`."""

    def export(
        self, document: Document, out: BinaryIO, /, *, options: ExporterOptions, source: SourceFile | None
    ) -> None:
        """Writes the document as one JSON object."""
        del options, source
        out.write(document.model_dump_json(indent=1).encode() + b"\n")

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
        """Writes the document as one JSON object, page by page."""
        del options, source
        about = document.model_dump_json(indent=1, exclude={"pages"})
        out.write(about.removesuffix("\n}").encode() + b',\n "pages": [')
        for index, page in enumerate(document.pages):
            # A line break in JSON is never within a string, so that indenting changes no value.
            text = page.model_dump_json(indent=1).replace("\n", "\n  ")
            out.write(b"," * bool(index) + b"\n  " + text.encode())
        out.write(b"\n ]\n}\n" if document.pages else b"]\n}\n")

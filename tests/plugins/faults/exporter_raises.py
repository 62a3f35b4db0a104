"""Planted fault: the exporter raises half way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import ExporterSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from ocrkit.contracts import ExporterOptions, SourceFile
    from ocrkit.model import Document


@hookimpl
def ocrkit_exporters() -> Iterable[ExporterSpec]:
    """Yields the format `faulty`."""
    yield ExporterSpec(
        name="faulty", summary="Faulty", load="exporter_raises:Faulty", extension=".faulty", media_type="text/plain"
    )


class Faulty:
    """An exporter with a fault."""

    def export(
        self, document: Document, out: BinaryIO, /, *, options: ExporterOptions, source: SourceFile | None
    ) -> None:
        """Writes a little, then raises."""
        del options, source
        out.write(b"half")
        raise IndexError(f"no page {len(document.pages) + 1}")

"""The built-in exporters, as a plugin like any other: one file a format, imported when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import ExporterSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def ocrkit_exporters() -> Iterable[ExporterSpec]:
    """The formats that come with ocrkit."""
    yield ExporterSpec(
        name="txt",
        summary="Plain text in reading order, pages parted by form feeds",
        load="ocrkit.exporters.txt:TxtExporter",
        extension=".txt",
        media_type="text/plain; charset=utf-8",
    )
    yield ExporterSpec(
        name="json",
        summary="Everything: pages, blocks, lines, words, boxes, confidences, provenance",
        load="ocrkit.exporters.json:JsonExporter",
        extension=".json",
        media_type="application/json",
    )

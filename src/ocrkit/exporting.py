"""A document into a format of the registry: options checked, the exporter held to its errors. Opens no output."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, BinaryIO

from ocrkit.discovery import named
from ocrkit.errors import ExportError, OcrkitError
from ocrkit.options import parse_options
from ocrkit.registry import Registry
from ocrkit.sources import Source, open_source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from ocrkit.model import Document
    from ocrkit.sources import SourceInput


def export_to(
    out: BinaryIO,
    document: Document,
    format: str,  # noqa: A002 - as in export
    *,
    source: SourceInput | Source | None = None,
    password: str | None = None,
    options: Mapping[str, object] | None = None,
    registry: Registry | None = None,
) -> None:
    """Writes what `api.export` gives to a binary stream, most formats page by page.

    Where it raises, what `export` does, part of the file may have been written.
    """
    registry = registry or Registry.discover()
    spec = registry.exporter_spec(format)
    parsed = parse_options(spec.options, options or {}, owner=f"format {format}")
    exporter = registry.exporter(format)
    with _at_hand(source, password) as file:
        try:
            exporter.export(document, out, options=parsed, source=file)
        except (OcrkitError, KeyboardInterrupt):
            raise
        except BaseException as error:
            raise ExportError(f"Format {format!r} failed: {named(error)}.", hint="Write another format.") from error


def _at_hand(source: SourceInput | Source | None, password: str | None) -> AbstractContextManager[Source | None]:
    """The source, opened and closed here unless the caller holds it open."""
    if source is None or isinstance(source, Source):
        return nullcontext(source)
    return open_source(source, password=password)

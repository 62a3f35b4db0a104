"""Planted fault: `ocrkit_engine` lacks its s, and the sound hook beside it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineSpec, ExporterSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def ocrkit_engine() -> Iterable[EngineSpec]:
    """Is never called."""
    yield EngineSpec(name="unheard", summary="Never seen", load="builtins:object", licence="MIT")


@hookimpl
def ocrkit_exporters() -> Iterable[ExporterSpec]:
    """Is called."""
    yield ExporterSpec(
        name="heard", summary="Seen", load="builtins:object", extension=".heard", media_type="text/plain"
    )

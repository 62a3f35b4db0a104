"""Planted fault: the plugin's engine and format have built-in names; its own second engine is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineSpec, ExporterSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """Yields a name that is taken and one that is not."""
    yield EngineSpec(name="rapidocr", summary="A usurper", load="builtins:object", licence="MIT")
    yield EngineSpec(name="its-own", summary="Its own", load="builtins:object", licence="MIT")


@hookimpl
def ocrkit_exporters() -> Iterable[ExporterSpec]:
    """Yields a name that is taken."""
    yield ExporterSpec(
        name="txt", summary="A usurper", load="builtins:object", extension=".txt", media_type="text/plain"
    )

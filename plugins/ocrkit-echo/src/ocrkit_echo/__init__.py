"""What ocrkit-echo adds to ocrkit. Light: ocrkit imports it to list engines and formats, so nothing heavy is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineOptions, EngineSpec, ExporterSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


class EchoOptions(EngineOptions):
    """Options of engine `echo`."""

    capitals: bool = False
    """Answer in capitals."""


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """The engine `echo`."""
    yield EngineSpec(
        name="echo",
        summary="Says what it was given: the size of each page",
        load="ocrkit_echo.engine:EchoEngine",
        licence="Apache-2.0",
        options=EchoOptions,
    )


@hookimpl
def ocrkit_exporters() -> Iterable[ExporterSpec]:
    """The format `echo`."""
    yield ExporterSpec(
        name="echo",
        summary="A line for each block: page, kind, box, text",
        load="ocrkit_echo.exporter:EchoExporter",
        extension=".echo.txt",
        media_type="text/plain; charset=utf-8",
    )

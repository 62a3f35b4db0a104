"""The kinds of things that plugins add, in one table: hook, spec, methods and errors of each. Finds no plugin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ocrkit.contracts import AnswererSpec, EngineSpec, ExporterSpec, TranslatorSpec
from ocrkit.errors import (
    AnswererUnavailableError,
    EngineUnavailableError,
    ExportError,
    OcrkitError,
    ToolError,
    TranslatorUnavailableError,
    UnknownAnswererError,
    UnknownEngineError,
    UnknownFormatError,
    UnknownToolError,
    UnknownTranslatorError,
)
from ocrkit.toolspec import ToolSpec


class Spec(Protocol):
    """What every spec has."""

    @property
    def name(self) -> str:
        """What users type."""
        ...

    @property
    def load(self) -> str:
        """`package.module:Class`."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that plugins add.

    Attributes:
        word: what users call it.
        hook: the hook that yields its specs.
        spec: the class of its specs.
        methods: what the loaded thing must have.
        unknown: raised for a name that does not exist.
        broken: raised for one that cannot be loaded.
    """

    word: str
    hook: str
    spec: type
    methods: tuple[str, ...]
    unknown: type[OcrkitError]
    broken: type[OcrkitError]


ENGINE = Kind(
    "engine", "ocrkit_engines", EngineSpec, ("recognize", "close"), UnknownEngineError, EngineUnavailableError
)
EXPORTER = Kind("format", "ocrkit_exporters", ExporterSpec, ("export",), UnknownFormatError, ExportError)
ANSWERER = Kind(
    "answerer", "ocrkit_answerers", AnswererSpec, ("answer", "close"), UnknownAnswererError, AnswererUnavailableError
)
TRANSLATOR = Kind(
    "translator",
    "ocrkit_translators",
    TranslatorSpec,
    ("pairs", "translate", "close"),
    UnknownTranslatorError,
    TranslatorUnavailableError,
)
TOOL = Kind("tool", "ocrkit_tools", ToolSpec, ("apply",), UnknownToolError, ToolError)
KINDS = (ENGINE, EXPORTER, ANSWERER, TRANSLATOR, TOOL)

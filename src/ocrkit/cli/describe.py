"""Specs as rows of plain values: what the listings print, and what the generated documentation holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ocrkit.cli.installed import missing
from ocrkit.errors import OcrkitError
from ocrkit.translation.choice import pair_names

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ocrkit.cli.tables import Row
    from ocrkit.contracts import AnswererSpec, EngineSpec, ExporterSpec, TranslatorSpec
    from ocrkit.languages import Language
    from ocrkit.registry import PluginInfo, Registry
    from ocrkit.toolspec import ToolSpec

ENGINE_COLUMNS = ("name", "tier", "state", "licence", "summary")
FORMAT_COLUMNS = ("name", "extension", "media_type", "summary")
ANSWERER_COLUMNS = ("name", "licence", "summary")
LANGUAGE_COLUMNS = ("code", "name", "script", "direction", "read_here_by", "get_it")
TOOL_COLUMNS = ("name", "tier", "format", "needs", "summary")
TRANSLATOR_COLUMNS = ("name", "state", "pairs", "summary")
PLUGIN_COLUMNS = ("name", "origin", "version", "licence", "state", "provides")


def engine_row(spec: EngineSpec) -> Row:
    """An engine: what `ocrkit engines` says of it."""
    lacks = missing(spec.requires)
    return {
        "name": spec.name,
        "tier": spec.tier,
        "state": f"needs {', '.join(lacks)}" if lacks else "installed",
        "licence": spec.licence,
        "summary": spec.summary,
        "provides": sorted(spec.provides),
        "languages": ["any"] if spec.languages == ("*",) else list(spec.languages),
        "requires": list(spec.requires),
        "install": spec.install,
        "options": option_rows(spec.options),
    }


def format_row(spec: ExporterSpec) -> Row:
    """A format: what `ocrkit formats` says of it."""
    return {
        "name": spec.name,
        "extension": spec.extension,
        "media_type": spec.media_type,
        "summary": spec.summary,
        "needs_source": spec.needs_source,
        "licence": spec.licence,
        "options": option_rows(spec.options),
    }


def answerer_row(spec: AnswererSpec) -> Row:
    """An answerer: what `ocrkit answerers` says of it."""
    return {
        "name": spec.name,
        "summary": spec.summary,
        "licence": spec.licence,
        "passages": spec.passages,
        "options": option_rows(spec.options),
    }


def option_rows(model: type[BaseModel]) -> list[Row]:
    """The options of an options model (or `Limits`), with the bounds and descriptions that its fields declare."""
    schema = model.model_json_schema()
    return [
        {
            "name": name,
            "type": _type(field),
            "default": json.dumps(field["default"], ensure_ascii=False) if "default" in field else "required",
            "description": " ".join(str(field.get("description", "")).split()),
        }
        for name, field in schema.get("properties", {}).items()
    ]


def language_row(language: Language) -> Row:
    """A language, and how users may name it."""
    return {
        "code": language.code,
        "name": language.name,
        "script": language.script,
        "direction": language.direction,
        "aliases": list(language.aliases),
    }


def translator_row(spec: TranslatorSpec, registry: Registry) -> Row:
    """A translator: what `ocrkit translators` says of it. Loads it, to ask what it serves here."""
    lacks = missing(spec.requires)
    pairs: list[str] = []
    state = f"needs {', '.join(lacks)}" if lacks else "no pairs"
    try:
        translator = registry.translator(spec.name)
        pairs = pair_names(translator.pairs())
        translator.close()
    except OcrkitError as error:
        state = f"broken: {error.message}"
    return {
        "name": spec.name,
        "state": "ready" if pairs else state,
        "pairs": pairs,
        "summary": spec.summary,
        "licence": spec.licence,
        "requires": list(spec.requires),
        "install": spec.install,
    }


def tool_row(spec: ToolSpec) -> Row:
    """A tool: what `ocrkit tools` says of it."""
    return {
        "name": spec.name,
        "tier": spec.tier,
        "format": spec.format,
        "needs": list(spec.needs),
        "summary": spec.summary,
        "engine": spec.engine or "the tier's",
        "text_layer": spec.text_layer,
    }


def plugin_row(plugin: PluginInfo) -> Row:
    """A plugin: what `ocrkit plugins` says of it."""
    state = "broken" if plugin.problems else "loaded" if plugin.enabled else "not loaded"
    return {
        "name": plugin.name,
        "origin": plugin.origin,
        "version": plugin.version,
        "licence": plugin.licence,
        "state": state,
        "provides": list(plugin.provides),
        "problems": list(plugin.problems),
    }


def _type(field: dict[str, object]) -> str:
    """A JSON Schema type in a few words, with its bounds."""
    choices = field.get("enum")
    if isinstance(choices, list):
        return " | ".join(map(str, choices))
    several = field.get("anyOf")
    if isinstance(several, list):
        return " | ".join(_type(one) for one in several)
    bounds = [
        f"{sign} {field[key]:g}"
        for key, sign in (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"))
        if isinstance(field.get(key), int | float)
    ]
    return " ".join([str(field.get("type", "any")), ", ".join(bounds)]).strip()

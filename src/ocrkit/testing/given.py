"""A registry for a spec that is not installed, made the way a plugin makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import AnswererSpec, EngineSpec, ExporterSpec
from ocrkit.hookspecs import hookimpl
from ocrkit.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Given:
    """A plugin that yields one spec."""

    def __init__(self, spec: AnswererSpec | EngineSpec | ExporterSpec) -> None:
        self._spec = spec

    @hookimpl
    def ocrkit_answerers(self) -> Iterable[AnswererSpec]:
        """The spec, if it is an answerer's."""
        return [self._spec] if isinstance(self._spec, AnswererSpec) else []

    @hookimpl
    def ocrkit_engines(self) -> Iterable[EngineSpec]:
        """The spec, if it is an engine's."""
        return [self._spec] if isinstance(self._spec, EngineSpec) else []

    @hookimpl
    def ocrkit_exporters(self) -> Iterable[ExporterSpec]:
        """The spec, if it is an exporter's."""
        return [self._spec] if isinstance(self._spec, ExporterSpec) else []


def registry_with(spec: AnswererSpec | EngineSpec | ExporterSpec) -> Registry:
    """A registry that holds this one spec."""
    registry = Registry()
    info = registry.add(_Given(spec), name=spec.name)
    assert not info.problems, "; ".join(info.problems)
    return registry


def sound(registry: Registry, label: str) -> None:
    """Asserts that the plugin which provides `label` (`engine:…`, `format:…`, `answerer:…`) has no problems."""
    [info] = [plugin for plugin in registry.plugins if label in plugin.provides]
    assert not info.problems, "; ".join(info.problems)

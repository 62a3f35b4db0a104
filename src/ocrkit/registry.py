"""Discovers plugins, filters them by name, then loads them; a broken one is a line in a list.

A registry is a value: build one with `Registry.discover()` and pass it on. It knows specs; what a spec
describes is imported by `engine()` and `exporter()` alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar, cast

import pluggy

from ocrkit import engines, exporters
from ocrkit.contracts import EngineOptions, EngineSpec, ExporterOptions, ExporterSpec
from ocrkit.errors import EngineUnavailableError, ExportError, UnknownEngineError, UnknownFormatError
from ocrkit.hookspecs import PROJECT, OcrkitHooks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from ocrkit.contracts import Engine, Exporter

_PREFIX = f"{PROJECT}_"
_Spec = TypeVar("_Spec", EngineSpec, ExporterSpec)


@dataclass(slots=True)
class PluginInfo:
    """One line of `ocrkit plugins`.

    Attributes:
        name: of the entry point.
        origin: the distribution it comes from, `built-in`, or `given` for one passed in.
        version: of that distribution, empty where unknown.
        licence: of that distribution, empty where it does not say.
        provides: names of the specs taken from it, `engine:…` and `format:…`.
        problems: what was refused and why; empty for a sound plugin.
        enabled: false where it was filtered out, and so never imported.
    """

    name: str
    origin: str
    version: str = ""
    licence: str = ""
    provides: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    enabled: bool = True


class Registry:
    """The engines and exporters there are, and the plugins they come from."""

    def __init__(self) -> None:
        self._engines: dict[str, EngineSpec] = {}
        self._exporters: dict[str, ExporterSpec] = {}
        self._plugins: list[PluginInfo] = []
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(OcrkitHooks)
        self._known_hooks = {name for name in dir(OcrkitHooks) if name.startswith(_PREFIX)}

    @classmethod
    def discover(cls, *, disabled: Collection[str] = (), only: Collection[str] | None = None) -> Registry:
        """A registry of the built-in plugins and of every installed one.

        Args:
            disabled: entry-point names that are not even imported.
            only: if given, the only entry-point names that are imported.
        """
        registry = cls()
        registry.add(engines, name="engines", origin="built-in", version=metadata.version(PROJECT))
        registry.add(exporters, name="exporters", origin="built-in", version=metadata.version(PROJECT))
        points = sorted(metadata.entry_points(group=PROJECT), key=lambda point: point.name)
        for point in points:
            wanted = point.name not in disabled and (only is None or point.name in only)
            registry._add_entry_point(point, wanted=wanted)
        return registry

    def add(self, plugin: object, *, name: str, origin: str = "given", version: str = "") -> PluginInfo:
        """Takes the specs of a plugin object; what is wrong with it stands in the answer's `problems`."""
        info = PluginInfo(name=name, origin=origin, version=version)
        self._plugins.append(info)
        self._take(plugin, info)
        return info

    @property
    def plugins(self) -> tuple[PluginInfo, ...]:
        """Every plugin found, in the order of loading, the broken and the disabled too."""
        return tuple(self._plugins)

    @property
    def engines(self) -> tuple[EngineSpec, ...]:
        """The specs of all engines, by name."""
        return tuple(self._engines[name] for name in sorted(self._engines))

    @property
    def exporters(self) -> tuple[ExporterSpec, ...]:
        """The specs of all exporters, by name."""
        return tuple(self._exporters[name] for name in sorted(self._exporters))

    def engine_spec(self, name: str) -> EngineSpec:
        """The spec of the engine of this name.

        Raises:
            UnknownEngineError: there is none; the hint names those there are.
        """
        if name not in self._engines:
            raise UnknownEngineError(
                f"There is no engine {name!r}.", hint=f"Engines: {', '.join(sorted(self._engines))}."
            )
        return self._engines[name]

    def exporter_spec(self, name: str) -> ExporterSpec:
        """The spec of the exporter of this name.

        Raises:
            UnknownFormatError: there is none; the hint names those there are.
        """
        if name not in self._exporters:
            raise UnknownFormatError(
                f"There is no format {name!r}.", hint=f"Formats: {', '.join(sorted(self._exporters))}."
            )
        return self._exporters[name]

    def engine(self, name: str) -> Engine[EngineOptions]:
        """A new engine of this name; its code is imported now.

        Raises:
            UnknownEngineError: there is no such engine.
            EngineUnavailableError: it cannot be imported or made; the hint says how to get what it needs.
        """
        spec = self.engine_spec(name)
        try:
            return cast("Engine[EngineOptions]", _imported(spec.load)())
        except EngineUnavailableError:
            raise
        except _ANY_FAILURE as error:
            hint = f"Install it: {spec.install}" if spec.install else "Run `ocrkit doctor`."
            raise EngineUnavailableError(f"Engine {name!r} cannot be loaded: {_named(error)}.", hint=hint) from error

    def exporter(self, name: str) -> Exporter[ExporterOptions]:
        """A new exporter for this format; its code is imported now.

        Raises:
            UnknownFormatError: there is no such format.
            ExportError: it cannot be imported or made.
        """
        spec = self.exporter_spec(name)
        try:
            return cast("Exporter[ExporterOptions]", _imported(spec.load)())
        except _ANY_FAILURE as error:
            raise ExportError(
                f"Format {name!r} cannot be loaded: {_named(error)}.", hint="Run `ocrkit doctor`."
            ) from error

    def _add_entry_point(self, point: metadata.EntryPoint, *, wanted: bool) -> None:
        info = PluginInfo(name=point.name, origin=point.value, enabled=wanted)
        if point.dist is not None:
            info.origin, info.version = point.dist.name, point.dist.version
            info.licence = _licence(point.dist.metadata)
        self._plugins.append(info)
        if not wanted:
            return
        try:
            plugin = point.load()
        except _ANY_FAILURE as error:
            info.problems.append(f"cannot be imported: {_named(error)}")
            return
        self._take(plugin, info)

    def _take(self, plugin: object, info: PluginInfo) -> None:
        info.problems.extend(self._misspelt(plugin))
        try:
            self._manager.register(plugin, name=info.name)
        except _ANY_FAILURE as error:
            info.problems.append(f"cannot be registered: {_named(error)}")
            return
        for spec in self._specs(plugin, "ocrkit_engines", info):
            if _fits(spec, EngineSpec, info) and _is_new(spec.name, self._engines, info, what="engine"):
                self._engines[spec.name] = spec
        for spec in self._specs(plugin, "ocrkit_exporters", info):
            if _fits(spec, ExporterSpec, info) and _is_new(spec.name, self._exporters, info, what="format"):
                self._exporters[spec.name] = spec

    def _misspelt(self, plugin: object) -> Iterator[str]:
        for name in dir(plugin):
            if not name.startswith(_PREFIX):
                continue
            if name not in self._known_hooks:
                yield f"unknown hook {name!r}; hooks: {', '.join(sorted(self._known_hooks))}"
            elif not hasattr(getattr(plugin, name), f"{PROJECT}_impl"):
                yield f"{name} is not marked with @hookimpl"

    def _specs(self, plugin: object, hook: str, info: PluginInfo) -> list[object]:
        """What one plugin's hook yields; called alone, since pluggy's own call stops at the first failure."""
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        found: list[object] = []
        for impl in caller.get_hookimpls():
            if impl.plugin is not plugin:
                continue
            try:
                found.extend(cast("Callable[[], Iterable[object]]", impl.function)())
            except _ANY_FAILURE as error:
                info.problems.append(f"{hook} failed: {_named(error)}")
        return found


_ANY_FAILURE = (Exception, SystemExit)
"""A plugin that exits at import fails like one that raises; Ctrl-C stays the user's."""


def _fits(spec: object, kind: type[_Spec], info: PluginInfo) -> TypeGuard[_Spec]:
    if isinstance(spec, kind):
        return True
    info.problems.append(f"yields {type(spec).__name__} where {kind.__name__} is due")
    return False


def _is_new(name: str, kept: Collection[str], info: PluginInfo, *, what: str) -> bool:
    if name in kept:
        info.problems.append(f"{what} {name!r} is already there")
        return False
    info.provides.append(f"{what}:{name}")
    return True


def _imported(load: str) -> Any:
    module, _, attribute = load.partition(":")
    return getattr(import_module(module), attribute)


def _named(error: BaseException) -> str:
    text = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _licence(meta: metadata.PackageMetadata) -> str:
    for key in ("License-Expression", "License"):
        text = "".join(meta.get_all(key) or []).strip()
        if text:
            return text.splitlines()[0]
    classifiers = meta.get_all("Classifier") or []
    licences = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License ::")]
    return ", ".join(licences)

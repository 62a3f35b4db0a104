"""Discovers plugins, filters them by name, then loads them; a broken one is a line in a list.

A registry is a value: build one with `Registry.discover()` and pass it on. It knows specs; what a spec
describes is imported by `engine()` and `exporter()` alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar, cast

import pluggy
from pydantic import TypeAdapter, ValidationError

from ocrkit import engines, exporters
from ocrkit.contracts import EngineOptions, EngineSpec, ExporterOptions, ExporterSpec
from ocrkit.discovery import Alone, find, named, own
from ocrkit.errors import EngineUnavailableError, ExportError, UnknownEngineError, UnknownFormatError
from ocrkit.hookspecs import PROJECT, OcrkitHooks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from ocrkit.contracts import Engine, Exporter
    from ocrkit.discovery import Found

_PREFIX = f"{PROJECT}_"
_Spec = TypeVar("_Spec", EngineSpec, ExporterSpec)

_WHAT: dict[type, str] = {EngineSpec: "engine", ExporterSpec: "format"}
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LOAD = re.compile(r"\w+(\.\w+)*:\w+")


GIVEN = "given"
"""Origin of a plugin object passed to `Registry.add`; another process cannot find it by itself."""


@dataclass(slots=True)
class PluginInfo:
    """One line of `ocrkit plugins`.

    Attributes:
        name: of the entry point.
        origin: the distribution it comes from, `built-in`, or `GIVEN` for one passed to `add`.
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
        self._origins: dict[str, str] = {}
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
        ocrkit = own(PROJECT)
        for name, plugin in (("engines", engines), ("exporters", exporters)):
            info = PluginInfo(name=name, origin="built-in", version=ocrkit.version, licence=ocrkit.licence)
            registry._plugins.append(info)
            registry._take(plugin, info)
        for found in find(PROJECT):
            registry._add_found(found, wanted=found.name not in disabled and (only is None or found.name in only))
        return registry

    def add(self, plugin: object, *, name: str) -> PluginInfo:
        """Takes the specs of a plugin object; what is wrong with it stands in the answer's `problems`."""
        info = PluginInfo(name=name, origin="given")
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
            return cast("Engine[EngineOptions]", _made(spec.load, methods=("recognize", "close")))
        except (EngineUnavailableError, KeyboardInterrupt):
            raise
        except BaseException as error:
            hint = f"Install it: {spec.install}" if spec.install else "Run `ocrkit doctor`."
            raise EngineUnavailableError(f"Engine {name!r} cannot be loaded: {named(error)}.", hint=hint) from error

    def exporter(self, name: str) -> Exporter[ExporterOptions]:
        """A new exporter for this format; its code is imported now.

        Raises:
            UnknownFormatError: there is no such format.
            ExportError: it cannot be imported or made.
        """
        spec = self.exporter_spec(name)
        try:
            return cast("Exporter[ExporterOptions]", _made(spec.load, methods=("export",)))
        except (ExportError, KeyboardInterrupt):
            raise
        except BaseException as error:
            raise ExportError(
                f"Format {name!r} cannot be loaded: {named(error)}.", hint="Run `ocrkit doctor`."
            ) from error

    def _add_found(self, found: Found, *, wanted: bool) -> None:
        info = PluginInfo(
            name=found.name,
            origin=found.origin,
            version=found.version,
            licence=found.licence,
            problems=found.problems,
            enabled=wanted,
        )
        self._plugins.append(info)
        if found.point is not None and wanted:
            with Alone(info.problems, "cannot be imported"):
                self._take(found.point.load(), info)

    def _take(self, plugin: object, info: PluginInfo) -> None:
        """Takes what a plugin gives; what is wrong with it ends in `info.problems`."""
        with Alone(info.problems, "cannot be registered"):
            same = self._manager.get_name(plugin)
            if same is not None:
                info.problems.append(f"is the same object as plugin {same!r}")
                return
            info.problems.extend(self._misspelt(plugin))
            # Two distributions may use one entry-point name; what must be unique is what they yield.
            self._manager.register(plugin, name=f"{info.name} #{len(self._plugins)}")
            for spec in self._specs(plugin, "ocrkit_engines", info):
                self._keep(spec, info, kept=self._engines, kind=EngineSpec)
            for spec in self._specs(plugin, "ocrkit_exporters", info):
                self._keep(spec, info, kept=self._exporters, kind=ExporterSpec)

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
            if impl.plugin is plugin:
                with Alone(info.problems, f"{hook} failed"):
                    # One by one, so that what came before the failure is kept.
                    for spec in cast("Callable[[], Iterable[object]]", impl.function)():
                        found.append(spec)  # noqa: PERF402 - `extend` need not keep what came before an error
        return found

    def _keep(self, spec: object, info: PluginInfo, *, kept: dict[str, _Spec], kind: type[_Spec]) -> None:
        """Takes a spec into `kept`, or says in `info.problems` why not."""
        what = _WHAT[kind]
        if not isinstance(spec, kind):
            info.problems.append(f"yields {type(spec).__name__} where {kind.__name__} is due")
            return
        flaw = _flaw(spec)
        label = f"{what}:{spec.name}"
        if flaw:
            info.problems.append(f"{what} {spec.name!r}: {flaw}")
        elif spec.name in kept:
            info.problems.append(f"{what} {spec.name!r} is already there, from {self._origins[label]}")
        else:
            kept[spec.name] = spec
            self._origins[label] = info.origin
            info.provides.append(label)


@cache
def _adapter(what: str) -> TypeAdapter[object]:
    # Keyed by a word since mypy takes no class for hashable; cached since making one costs 5 ms.
    return TypeAdapter(EngineSpec if what == "engine" else ExporterSpec)


def _flaw(spec: EngineSpec | ExporterSpec) -> str | None:
    """What is wrong with a spec; its author may not run a type checker, and one bad name would break every listing."""
    values = {each.name: getattr(spec, each.name) for each in fields(spec)}
    try:
        _adapter("engine" if isinstance(spec, EngineSpec) else "format").validate_python(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return f"{first['loc'][0]}: {first['msg']}"
    if not _NAME.fullmatch(spec.name):
        return "a name is lower case letters, digits and hyphens"
    if not _LOAD.fullmatch(spec.load):
        return f"load must be 'package.module:Class', not {spec.load!r}"
    if isinstance(spec, ExporterSpec) and not spec.extension.startswith("."):
        return f"extension must begin with a dot, not {spec.extension!r}"
    return None


def _made(load: str, *, methods: tuple[str, ...]) -> object:
    """A new instance of the class that `load` names.

    Raises:
        TypeError: it lacks one of the methods.
    """
    module, _, attribute = load.partition(":")
    made: object = getattr(import_module(module), attribute)()
    missing = [name for name in methods if not callable(getattr(made, name, None))]
    if missing:
        raise TypeError(f"{load} has no method {missing[0]!r}")
    return made

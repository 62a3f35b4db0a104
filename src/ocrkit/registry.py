"""Discovers plugins, filters them by name, then loads them; a broken one is a line in a list.

A registry is a value: build one with `Registry.discover()` and pass it on. It knows specs; what a spec
describes is imported by `engine()` and `exporter()` alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

import pluggy
from pydantic import TypeAdapter, ValidationError

from ocrkit import answerers, engines, exporters, tools, translators
from ocrkit.contracts import AnswererSpec, EngineOptions, EngineSpec, ExporterOptions, ExporterSpec, TranslatorSpec
from ocrkit.discovery import Alone, find, named, own
from ocrkit.errors import EngineUnavailableError
from ocrkit.hookspecs import PROJECT, OcrkitHooks
from ocrkit.kinds import ANSWERER, ENGINE, EXPORTER, KINDS, TOOL, TRANSLATOR, Kind, Spec

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from ocrkit.contracts import Answerer, AnswererOptions, Engine, Exporter, Translator
    from ocrkit.discovery import Found
    from ocrkit.toolspec import Tool, ToolSpec

_PREFIX = f"{PROJECT}_"
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
        provides: names of the specs taken from it: `engine:…`, `format:…`.
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
    """The engines, exporters and other things that plugins add, and the plugins they come from."""

    def __init__(self) -> None:
        self._specs: dict[str, dict[str, Spec]] = {kind.word: {} for kind in KINDS}
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
        for name, plugin in (
            ("engines", engines),
            ("exporters", exporters),
            ("answerers", answerers),
            ("translators", translators),
            ("tools", tools),
        ):
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
        return cast("tuple[EngineSpec, ...]", self._all(ENGINE))

    @property
    def exporters(self) -> tuple[ExporterSpec, ...]:
        """The specs of all exporters, by name."""
        return cast("tuple[ExporterSpec, ...]", self._all(EXPORTER))

    @property
    def answerers(self) -> tuple[AnswererSpec, ...]:
        """The specs of all answerers, by name."""
        return cast("tuple[AnswererSpec, ...]", self._all(ANSWERER))

    def engine_spec(self, name: str) -> EngineSpec:
        """The spec of the engine of this name.

        Raises:
            UnknownEngineError: there is none; the hint names those there are.
        """
        return cast("EngineSpec", self._spec(ENGINE, name))

    def exporter_spec(self, name: str) -> ExporterSpec:
        """The spec of the exporter of this name.

        Raises:
            UnknownFormatError: there is none; the hint names those there are.
        """
        return cast("ExporterSpec", self._spec(EXPORTER, name))

    def answerer_spec(self, name: str) -> AnswererSpec:
        """The spec of the answerer of this name.

        Raises:
            UnknownAnswererError: there is none; the hint names those there are.
        """
        return cast("AnswererSpec", self._spec(ANSWERER, name))

    def engine(self, name: str) -> Engine[EngineOptions]:
        """A new engine of this name; its code is imported now.

        Raises:
            UnknownEngineError: there is no such engine.
            EngineUnavailableError: it cannot be imported or made; the hint says how to get what it needs.
        """
        return cast("Engine[EngineOptions]", self._loaded(ENGINE, self.engine_spec(name)))

    def lacking(self, name: str) -> Mapping[str, str]:
        """The languages that the engine says it reads but cannot on this machine, each with the command that helps.

        Raises:
            UnknownEngineError: there is no such engine.
            EngineUnavailableError: it cannot be asked; the hint says how to get what it needs.
        """
        spec = self.engine_spec(name)
        if not spec.lacking:
            return {}
        module, _, attribute = spec.lacking.partition(":")
        try:
            told = TypeAdapter(dict[str, str]).validate_python(getattr(import_module(module), attribute)())
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            message = f"Engine {name!r} cannot say what it reads here: {named(error)}."
            raise EngineUnavailableError(message, hint="Run `ocrkit doctor`.") from error
        return told

    def exporter(self, name: str) -> Exporter[ExporterOptions]:
        """A new exporter for this format; its code is imported now.

        Raises:
            UnknownFormatError: there is no such format.
            ExportError: it cannot be imported or made.
        """
        return cast("Exporter[ExporterOptions]", self._loaded(EXPORTER, self.exporter_spec(name)))

    def answerer(self, name: str) -> Answerer[AnswererOptions]:
        """A new answerer of this name; its code is imported now.

        Raises:
            UnknownAnswererError: there is no such answerer.
            AnswererUnavailableError: it cannot be imported or made.
        """
        return cast("Answerer[AnswererOptions]", self._loaded(ANSWERER, self.answerer_spec(name)))

    @property
    def translators(self) -> tuple[TranslatorSpec, ...]:
        """The specs of all translators, by name."""
        return cast("tuple[TranslatorSpec, ...]", self._all(TRANSLATOR))

    def translator_spec(self, name: str) -> TranslatorSpec:
        """The spec of the translator of this name.

        Raises:
            UnknownTranslatorError: there is none; the hint names those there are.
        """
        return cast("TranslatorSpec", self._spec(TRANSLATOR, name))

    def translator(self, name: str) -> Translator:
        """A new translator of this name; its code is imported now.

        Raises:
            UnknownTranslatorError: there is no such translator.
            TranslatorUnavailableError: it cannot be imported or made; the hint says how to get what it needs.
        """
        return cast("Translator", self._loaded(TRANSLATOR, self.translator_spec(name)))

    @property
    def tools(self) -> tuple[ToolSpec, ...]:
        """The specs of all tools, by name."""
        return cast("tuple[ToolSpec, ...]", self._all(TOOL))

    def tool_spec(self, name: str) -> ToolSpec:
        """The spec of the tool of this name.

        Raises:
            UnknownToolError: there is none; the hint names those there are.
        """
        return cast("ToolSpec", self._spec(TOOL, name))

    def tool(self, name: str) -> Tool:
        """The after-work of this tool; its code is imported now.

        Raises:
            UnknownToolError: there is no such tool.
            ToolError: it cannot be imported or made.
        """
        return cast("Tool", self._loaded(TOOL, self.tool_spec(name)))

    def _all(self, kind: Kind) -> tuple[Spec, ...]:
        specs = self._specs[kind.word]
        return tuple(specs[name] for name in sorted(specs))

    def _spec(self, kind: Kind, name: str) -> Spec:
        specs = self._specs[kind.word]
        if name not in specs:
            there = ", ".join(sorted(specs)) or "none"
            raise kind.unknown(f"There is no {kind.word} {name!r}.", hint=f"{kind.word.capitalize()}s: {there}.")
        return specs[name]

    @staticmethod
    def _loaded(kind: Kind, spec: Spec) -> object:
        """A new instance of what the spec describes; whatever foreign code raises becomes the kind's error."""
        try:
            return _made(spec.load, methods=kind.methods)
        except (kind.broken, KeyboardInterrupt):
            raise
        except BaseException as error:
            install: str = getattr(spec, "install", "")
            hint = f"Install it: {install}" if install else "Run `ocrkit doctor`."
            what = f"{kind.word.capitalize()} {spec.name!r}"
            raise kind.broken(f"{what} cannot be loaded: {named(error)}.", hint=hint) from error

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
            for kind in KINDS:
                for spec in self._yielded(plugin, kind.hook, info):
                    self._keep(spec, kind, info)

    def _misspelt(self, plugin: object) -> Iterator[str]:
        for name in dir(plugin):
            if not name.startswith(_PREFIX):
                continue
            if name not in self._known_hooks:
                yield f"unknown hook {name!r}; hooks: {', '.join(sorted(self._known_hooks))}"
            elif not hasattr(getattr(plugin, name), f"{PROJECT}_impl"):
                yield f"{name} is not marked with @hookimpl"

    def _yielded(self, plugin: object, hook: str, info: PluginInfo) -> list[object]:
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

    def _keep(self, spec: object, kind: Kind, info: PluginInfo) -> None:
        """Takes a spec, or says in `info.problems` why not."""
        if not isinstance(spec, kind.spec):
            info.problems.append(f"yields {type(spec).__name__} where {kind.spec.__name__} is due")
            return
        kept, described = self._specs[kind.word], cast("Spec", spec)
        flaw = _flaw(described, kind)
        label = f"{kind.word}:{described.name}"
        if flaw:
            info.problems.append(f"{kind.word} {described.name!r}: {flaw}")
        elif described.name in kept:
            info.problems.append(f"{kind.word} {described.name!r} is already there, from {self._origins[label]}")
        else:
            kept[described.name] = described
            self._origins[label] = info.origin
            info.provides.append(label)


@cache
def _adapter(word: str) -> TypeAdapter[object]:
    # Keyed by a word since mypy takes no class for hashable; cached since making one costs 5 ms.
    return TypeAdapter(next(kind.spec for kind in KINDS if kind.word == word))


def _flaw(spec: Spec, kind: Kind) -> str | None:
    """What is wrong with a spec; its author may not run a type checker, and one bad name would break every listing."""
    values = {each.name: getattr(spec, each.name) for each in fields(kind.spec)}
    try:
        _adapter(kind.word).validate_python(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return f"{first['loc'][0]}: {first['msg']}"
    if not _NAME.fullmatch(spec.name):
        return "a name is lower case letters, digits and hyphens"
    if not _LOAD.fullmatch(spec.load):
        return f"load must be 'package.module:Class', not {spec.load!r}"
    if isinstance(spec, EngineSpec) and spec.lacking and not _LOAD.fullmatch(spec.lacking):
        return f"lacking must be 'package.module:function', not {spec.lacking!r}"
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

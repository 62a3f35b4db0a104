"""What a registry takes, what it refuses, and that it says why."""

from __future__ import annotations

import pickle
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from ocrkit.contracts import EngineOptions, EngineSpec, ExporterSpec
from ocrkit.errors import EngineUnavailableError, ExportError, UnknownEngineError, UnknownFormatError
from ocrkit.hookspecs import hookimpl
from ocrkit.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ENGINE = EngineSpec(name="mine", summary="An engine", load="builtins:object", licence="MIT")
EXPORTER = ExporterSpec(name="mine", summary="A format", load="builtins:object", extension=".m", media_type="text/m")


def plugin(*, engines: Iterable[object] = (), exporters: Iterable[object] = ()) -> SimpleNamespace:
    def ocrkit_engines() -> Iterable[object]:
        yield from engines

    def ocrkit_exporters() -> Iterable[object]:
        yield from exporters

    return SimpleNamespace(ocrkit_engines=hookimpl(ocrkit_engines), ocrkit_exporters=hookimpl(ocrkit_exporters))


def test_specs_come_out_by_name_and_listings_name_what_each_plugin_provides() -> None:
    registry = Registry()
    info = registry.add(
        plugin(engines=[replace(ENGINE, name="zz"), replace(ENGINE, name="aa")], exporters=[EXPORTER]), name="p"
    )
    assert [spec.name for spec in registry.engines] == ["aa", "zz"]
    assert info.provides == ["engine:zz", "engine:aa", "format:mine"]
    assert info.problems == []


def test_two_registries_do_not_see_each_other() -> None:
    one, other = Registry(), Registry()
    one.add(plugin(engines=[ENGINE]), name="p")
    assert other.engines == ()
    assert other.plugins == ()


def test_the_built_in_plugins_are_sound_and_say_their_licence() -> None:
    built_in = [info for info in Registry.discover(only=()).plugins if info.origin == "built-in"]
    assert [info.name for info in built_in] == ["engines", "exporters", "answerers", "translators", "tools"]
    for info in built_in:
        assert info.problems == []
        assert info.licence == "Apache-2.0"
        assert info.version


def test_unknown_names_are_errors_that_list_the_known_ones() -> None:
    registry = Registry()
    registry.add(plugin(engines=[ENGINE], exporters=[EXPORTER]), name="p")
    with pytest.raises(UnknownEngineError, match="mine"):
        registry.engine_spec("yours")
    with pytest.raises(UnknownFormatError, match="mine"):
        registry.exporter_spec("yours")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "My Engine"}, "lower case"),
        ({"name": None}, "name: "),
        ({"name": 7}, "name: "),
        ({"load": "no_colon"}, "package.module:Class"),
        ({"load": None}, "load: "),
        ({"options": dict}, "options: "),
        ({"tier": "gpu"}, "tier: "),
        ({"languages": "en"}, "languages: "),
        ({"provides": frozenset({"magic"})}, "provides: "),
    ],
)
def test_an_engine_spec_with_a_flaw_is_refused_and_its_neighbours_are_taken(
    changes: dict[str, Any], words: str
) -> None:
    registry = Registry()
    bad, good = replace(ENGINE, **changes), replace(ENGINE, name="good")
    info = registry.add(plugin(engines=[bad, good]), name="p")
    assert [spec.name for spec in registry.engines] == ["good"]
    assert len(info.problems) == 1
    assert words in info.problems[0]


def test_an_exporter_spec_without_a_dot_in_its_extension_is_refused() -> None:
    info = Registry().add(plugin(exporters=[replace(EXPORTER, extension="txt")]), name="p")
    assert info.provides == []
    assert "dot" in info.problems[0]


def test_a_spec_of_the_wrong_hook_is_refused() -> None:
    info = Registry().add(plugin(engines=[EXPORTER], exporters=[ENGINE]), name="p")
    assert info.problems == [
        "yields ExporterSpec where EngineSpec is due",
        "yields EngineSpec where ExporterSpec is due",
    ]


def test_the_first_owner_of_a_name_keeps_it_and_the_second_is_told_whose_it_is() -> None:
    registry = Registry()
    registry.add(plugin(engines=[ENGINE]), name="first")
    info = registry.add(plugin(engines=[replace(ENGINE, summary="Another")]), name="second")
    assert registry.engine_spec("mine").summary == "An engine"
    assert info.problems == ["engine 'mine' is already there, from given"]


def test_plugins_of_the_same_name_both_count() -> None:
    registry = Registry()
    registry.add(plugin(engines=[ENGINE]), name="p")
    second = registry.add(plugin(exporters=[EXPORTER]), name="p")
    assert second.problems == []
    assert [spec.name for spec in registry.exporters] == ["mine"]


def test_the_same_object_twice_is_told() -> None:
    registry, same = Registry(), plugin(engines=[ENGINE])
    registry.add(same, name="first")
    assert registry.add(same, name="second").problems == ["is the same object as plugin 'first #1'"]


class Panic(BaseException):
    """What a Rust extension raises, say."""


class Speechless(Exception):  # noqa: N818 - not an error of ours
    def __str__(self) -> str:
        raise ValueError("no words")


@pytest.mark.parametrize("failure", [RuntimeError("boom"), SystemExit(3), Panic("boom"), Speechless(), GeneratorExit()])
def test_whatever_a_hook_raises_is_one_problem_and_keeps_what_came_before(failure: BaseException) -> None:
    def engines() -> Iterable[EngineSpec]:
        yield ENGINE
        raise failure

    registry = Registry()
    info = registry.add(plugin(engines=engines(), exporters=[EXPORTER]), name="p")
    assert info.provides == ["engine:mine", "format:mine"]
    assert len(info.problems) == 1
    assert info.problems[0].startswith(f"ocrkit_engines failed: {type(failure).__name__}")


def test_ctrl_c_stays_the_users() -> None:
    def interrupted() -> Iterable[EngineSpec]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Registry().add(SimpleNamespace(ocrkit_engines=hookimpl(interrupted)), name="p")


def test_a_plugin_whose_attributes_raise_fails_alone() -> None:
    class Hostile:
        @property
        def ocrkit_engines(self) -> object:
            raise RuntimeError("boom")

    info = Registry().add(Hostile(), name="p")
    assert info.problems == ["cannot be registered: RuntimeError: boom"]


def test_a_hook_with_arguments_that_ocrkit_does_not_give_is_told() -> None:
    @hookimpl
    def ocrkit_engines(settings: object) -> Iterable[EngineSpec]:
        del settings
        return [ENGINE]

    info = Registry().add(SimpleNamespace(ocrkit_engines=ocrkit_engines), name="p")
    assert info.provides == []
    assert len(info.problems) == 1
    assert "settings" in info.problems[0] or "PluginValidationError" in info.problems[0]


class Incomplete:
    def recognize(self) -> None:
        """Has no `close`."""


class Exits:
    def __init__(self) -> None:
        raise SystemExit(1)


class Explains:
    def __init__(self) -> None:
        raise EngineUnavailableError("No weights.", hint="Fetch them.")


def registry_with(load: Callable[..., object] | str, install: str = "") -> Registry:
    where = load if isinstance(load, str) else f"{load.__module__}:{load.__qualname__}"
    registry = Registry()
    specs = [replace(ENGINE, load=where, install=install)], [replace(EXPORTER, load=where)]
    registry.add(plugin(engines=specs[0], exporters=specs[1]), name="p")
    return registry


@pytest.mark.parametrize(
    ("load", "words"),
    [
        ("no.such.module:Engine", "ModuleNotFoundError"),
        ("builtins:Engine", "AttributeError"),
        (Incomplete, "has no method 'close'"),
        (Exits, "SystemExit: 1"),
    ],
)
def test_an_engine_that_cannot_be_made_is_a_typed_error(load: Callable[..., object] | str, words: str) -> None:
    with pytest.raises(EngineUnavailableError, match=words):
        registry_with(load).engine("mine")
    with pytest.raises(ExportError):
        registry_with(load).exporter("mine")


def test_the_hint_of_an_unavailable_engine_is_how_to_install_it() -> None:
    with pytest.raises(EngineUnavailableError, match=r"pip install mine"):
        registry_with("no.such:Engine", install="pip install mine").engine("mine")


def test_an_engine_that_explains_itself_is_quoted() -> None:
    with pytest.raises(EngineUnavailableError, match=r"No weights\. Fetch them\."):
        registry_with(Explains).engine("mine")


def test_errors_of_the_registry_travel_between_processes() -> None:
    with pytest.raises(UnknownEngineError) as caught:
        Registry().engine("mine")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - our own bytes


def test_options_default_to_the_base_model() -> None:
    assert ENGINE.options is EngineOptions

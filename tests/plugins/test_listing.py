"""A plugin that is broken before it does any work costs one line of `ocrkit plugins`; all else goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocrkit.hookspecs import OcrkitHooks

if TYPE_CHECKING:
    from tests.plugins.conftest import SitePackages

HOOKS = sorted(name for name in dir(OcrkitHooks) if name.startswith("ocrkit_"))

AT_IMPORT = {
    "raises_at_import": "cannot be imported: RuntimeError: no licence file",
    "exits_at_import": "cannot be imported: SystemExit: goodbye",
    "imports_what_is_missing": (
        "cannot be imported: ModuleNotFoundError: No module named 'a_module_that_is_not_installed'"
    ),
    "clashes_with_sound": "engine 'sound' is already there, from ocrkit-another",
    "forgets_the_mark": "ocrkit_engines is not marked with @hookimpl",
    "misspells_a_hook": f"unknown hook 'ocrkit_engine'; hooks: {', '.join(HOOKS)}",
    "raises_in_a_hook": "ocrkit_engines failed: LookupError: no configuration",
    "yields_the_wrong_type": "yields str where EngineSpec is due",
    "yields_a_bad_name": "engine 'My Engine': a name is lower case letters, digits and hyphens",
}


def assert_the_rest_works(site: SitePackages) -> None:
    """Sound and built-in engines are listed, and the sound one reads."""
    engines = site.ocrkit("engines")
    assert engines.returncode == 0
    assert "rapidocr" in engines.stdout
    read = site.ocrkit("recognize", "page.png", "--engine", "sound", "-f", "txt")
    assert (read.returncode, read.stdout.strip()) == (0, "sound")


@pytest.mark.parametrize(("fault", "problem"), AT_IMPORT.items(), ids=AT_IMPORT)
def test_a_broken_plugin_costs_one_line(site: SitePackages, fault: str, problem: str) -> None:
    if fault == "clashes_with_sound":
        another = {"another.py": "from sound import *\nfrom sound import ocrkit_engines\n"}
        site.install(another, points={"another": "another"}, distribution="ocrkit-another")
    site.install_fault(fault)
    plugins = site.plugins()
    assert plugins[fault].problems == [problem]
    assert plugins[fault].version == "1.2"
    assert plugins["engines"].problems == []
    assert_the_rest_works(site)


def test_a_clash_with_built_in_names_leaves_the_built_in_ones_and_the_plugins_own(site: SitePackages) -> None:
    site.install_fault("clashes_with_built_in")
    plugin = site.plugins()["clashes_with_built_in"]
    assert plugin.problems == [
        "engine 'rapidocr' is already there, from built-in",
        "format 'txt' is already there, from built-in",
    ]
    assert plugin.provides == ["engine:its-own"]
    assert_the_rest_works(site)


@pytest.mark.parametrize(
    ("fault", "provides"),
    [("misspells_a_hook", ["format:heard"]), ("raises_in_a_hook", ["engine:before-the-fall"])],
)
def test_what_is_sound_in_a_broken_plugin_counts(site: SitePackages, fault: str, provides: list[str]) -> None:
    site.install_fault(fault)
    assert site.plugins()[fault].provides == provides


def test_a_hook_that_asks_for_too_much_is_one_line(site: SitePackages) -> None:
    site.install_fault("asks_for_too_much")
    [problem] = site.plugins()["asks_for_too_much"].problems
    assert problem.startswith("cannot be registered: PluginValidationError")


def test_a_problem_is_one_line_of_the_table_too(site: SitePackages) -> None:
    sound = site.ocrkit("plugins")
    assert "problem:" not in sound.stdout + sound.stderr
    site.install_fault("raises_at_import")
    done = site.ocrkit("plugins")
    assert done.returncode == 0
    lines = [line for line in (done.stdout + done.stderr).splitlines() if "no licence file" in line]
    assert len(lines) == 1
    assert "second line" not in done.stdout + done.stderr


def test_strict_makes_a_problem_a_failure(site: SitePackages) -> None:
    assert site.ocrkit("plugins", "--strict").returncode == 0
    site.install_fault("misspells_a_hook")
    assert site.ocrkit("plugins", "--strict").returncode == 1


def test_a_disabled_plugin_is_not_even_imported(site: SitePackages) -> None:
    marker = "import pathlib\npathlib.Path('imported').touch()\n"
    site.install({"marked.py": marker}, points={"marked": "marked"}, distribution="ocrkit-marked")
    done = site.ocrkit("plugins", "--without-plugin", "marked")
    assert done.returncode == 0
    assert not (site.work / "imported").exists()
    site.plugins()
    assert (site.work / "imported").exists()


def test_the_same_module_under_two_names_is_told(site: SitePackages) -> None:
    site.install({}, points={"twice": "sound"}, distribution="ocrkit-twice")
    [problem] = site.plugins()["twice"].problems
    assert problem.startswith("is the same object as plugin 'sound")
    assert_the_rest_works(site)


BAD_METADATA = {
    "no module": ("entry_points.txt", b"[ocrkit]\nbroken = ocrkit-broken\n", "must be 'module' or 'module:object'"),
    "not UTF-8": ("METADATA", b"Name: \xff\xfe\n", "metadata of its distribution cannot be read"),
}


@pytest.mark.parametrize(("file", "content", "words"), BAD_METADATA.values(), ids=BAD_METADATA)
def test_broken_metadata_hides_no_other_plugin(site: SitePackages, file: str, content: bytes, words: str) -> None:
    info = site.install({"broken.py": ""}, points={"broken": "broken"}, distribution="ocrkit-broken")
    (info / file).write_bytes(content)
    [problem] = [problem for plugin in site.plugins().values() for problem in plugin.problems]
    assert words in problem
    assert_the_rest_works(site)


def test_a_distribution_without_metadata_still_gives_its_plugin(site: SitePackages) -> None:
    source = "from ocrkit.hookspecs import hookimpl\n"
    info = site.install({"bare.py": source}, points={"bare": "bare"}, distribution="ocrkit-bare")
    (info / "METADATA").unlink()
    assert site.plugins()["bare"].state == "loaded"
    assert_the_rest_works(site)

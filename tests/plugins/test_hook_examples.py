"""The plugin in each hook's docstring is complete: installed as it stands, it works."""

from __future__ import annotations

import inspect
import re
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from ocrkit.hookspecs import OcrkitHooks

if TYPE_CHECKING:
    from tests.plugins.conftest import SitePackages

HOOKS = [name for name in dir(OcrkitHooks) if name.startswith("ocrkit_")]

USES = {
    "ocrkit_answerers": (
        "answerer:first-line",
        ["chat", "page.png", "Is it sound?", "--engine", "sound", "--answerer", "first-line"],
        "p. 1",
    ),
    "ocrkit_translators": (
        "translator:backwards",
        [
            "recognize",
            "page.png",
            "--engine",
            "sound",
            "--translate-to",
            "eo",
            "--translator",
            "backwards",
            "-f",
            "txt",
        ],
        "dnuos",
    ),
    "ocrkit_tools": (
        "tool:first-block",
        ["recognize", "page.png", "--engine", "sound", "--tool", "first-block"],
        "sound",
    ),
    "ocrkit_engines": ("engine:blank", ["recognize", "page.png", "--engine", "blank", "-f", "json"], '"blank"'),
    "ocrkit_exporters": ("format:shout", ["recognize", "page.png", "--engine", "sound", "-f", "shout"], "SOUND"),
}


def example_of(hook: str) -> dict[str, str]:
    """The files in the docstring: the first block is the package itself, the others name their files."""
    text = inspect.getdoc(getattr(OcrkitHooks, hook)) or ""
    pieces = re.split(r"((?:^(?: {4}.*)?\n)+)", text + "\n", flags=re.MULTILINE)
    blocks = [(prose, code) for prose, code in zip(pieces[::2], pieces[1::2], strict=False) if code.strip()]
    files = {}
    for prose, code in blocks:
        named = re.search(r"`(\S+\.py)`:\s*$", prose)
        files[named.group(1) if named else "my_package/__init__.py"] = dedent(code)
    return files


@pytest.mark.parametrize("hook", HOOKS)
def test_the_plugin_in_the_docstring_works(site: SitePackages, hook: str) -> None:
    provides, command, words = USES[hook]
    files = example_of(hook)
    assert len(files) == 2
    site.install(files, points={"example": "my_package"}, distribution="ocrkit-example")
    plugin = site.plugins()["example"]
    assert (plugin.problems, plugin.provides) == ([], [provides])
    done = site.ocrkit(*command)
    assert done.returncode == 0, done.stderr
    assert words in done.stdout

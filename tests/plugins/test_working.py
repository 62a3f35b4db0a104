"""A plugin that fails when it is used fails with a typed error of one line; a page at a time where it can."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.plugins.conftest import SitePackages

WHEN_LOADED = {
    "loads_a_missing_module": "ModuleNotFoundError",
    "loads_a_missing_class": "AttributeError",
    "raises_when_made": "weights.bin is damaged",
    "lacks_a_method": "has no method 'recognize'",
}

AT_WORK = {
    "exits_at_work": "SystemExit",
    "gives_no_page": "gave no page",
    "gives_too_many_pages": "gave more than one page",
    "gives_something_else": "gave str where a Page is due",
    "gives_a_wrong_number": "says number 7",
    "gives_a_wrong_size": "pixels, the image",
    "draws_boxes_outside": "leaves the page",
}

LIBRARY = """
import json, ocrkit
try:
    document = ocrkit.recognize({file!r}, engine="faulty")
except ocrkit.OcrkitError as error:
    print(json.dumps([type(error).__name__, str(error)]))
else:
    print(json.dumps([[page.status, page.error and page.error.code] for page in document.pages]))
"""


def in_library(site: SitePackages, file: str) -> list[object]:
    done = site.run("-c", LIBRARY.format(file=file))
    assert done.returncode == 0, done.stderr
    answer: list[object] = json.loads(done.stdout)
    return answer


def assert_one_line_of_error(site: SitePackages, *arguments: str, words: str) -> None:
    done = site.ocrkit("recognize", *arguments)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    errors = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert len(errors) == 1, done.stderr
    assert words in errors[0]


@pytest.mark.parametrize(("fault", "words"), WHEN_LOADED.items(), ids=WHEN_LOADED)
def test_an_engine_that_cannot_be_made_is_listed_and_fails_when_used(
    site: SitePackages, fault: str, words: str
) -> None:
    site.install_fault(fault)
    plugin = site.plugins()[fault]
    assert (plugin.problems, plugin.provides) == ([], ["engine:faulty"])
    kind, message = in_library(site, "page.png")
    assert kind == "EngineUnavailableError"
    assert words in str(message)
    assert_one_line_of_error(site, "page.png", "--engine", "faulty", words=words)


@pytest.mark.parametrize(("fault", "words"), AT_WORK.items(), ids=AT_WORK)
def test_an_engine_that_breaks_its_promise_fails_by_name(site: SitePackages, fault: str, words: str) -> None:
    site.install_fault(fault)
    kind, message = in_library(site, "page.png")
    assert kind == "NothingReadError"
    assert "faulty" in str(message)
    assert words in str(message)
    assert_one_line_of_error(site, "page.png", "--engine", "faulty", words=words)


def test_an_engine_that_raises_on_a_page_fails_that_page_alone(site: SitePackages) -> None:
    site.install_fault("raises_at_work")
    assert in_library(site, "pages.tiff") == [["ok", None], ["failed", "engine_failed"], ["ok", None]]


@pytest.mark.parametrize(
    ("fault", "words"), [("exporter_raises", "IndexError: no page 2"), ("exporter_exits", "SystemExit")]
)
def test_an_exporter_that_fails_is_one_error_and_leaves_no_file(site: SitePackages, fault: str, words: str) -> None:
    site.install_fault(fault)
    assert_one_line_of_error(site, "page.png", "--engine", "sound", "-f", "faulty", "-o", "out/", words=words)
    assert list((site.work / "out").glob("*")) == []


def test_one_format_that_fails_spares_the_other(site: SitePackages) -> None:
    site.install_fault("exporter_raises")
    done = site.ocrkit("recognize", "page.png", "--engine", "sound", "-f", "faulty", "-f", "txt", "-o", "out/")
    assert done.returncode == 1
    assert (site.work / "out" / "page.txt").read_text("utf-8").strip() == "sound"


@pytest.mark.parametrize("fault", ["gives_no_page", "raises_when_made"])
def test_a_faulty_engine_spares_the_others(site: SitePackages, fault: str) -> None:
    site.install_fault(fault)
    done = site.ocrkit("recognize", "page.png", "--engine", "sound", "-f", "txt")
    assert (done.returncode, done.stdout.strip()) == (0, "sound")

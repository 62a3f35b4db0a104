"""The translator on Argos Translate: its packages as they lie on disk, and a library that answers as the real one."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from ocrkit.errors import TranslationError
from ocrkit.translators.argos import ArgosTranslator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIBRARY = """
class Translation:
    def __init__(self, codes):
        self.codes = codes

    def translate(self, text):
        if text == "break":
            raise RuntimeError("no memory")
        return "->".join(self.codes) + ": " + text


def get_translation_from_codes(from_code, to_code):
    return None if from_code == "fr" else Translation((from_code, to_code))
"""


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path / "packages"))
    for name, about in {
        "en_es": {"from_code": "en", "to_code": "es", "package_version": "1.0"},
        "pt_en": {"from_code": "pt", "to_code": "en"},
        "fr_en": {"from_code": "fr", "to_code": "en"},
        "tongues": {"from_code": "xq", "to_code": "en"},
        "other": {"type": "sbd"},
    }.items():
        folder = tmp_path / "packages" / name
        folder.mkdir(parents=True)
        (folder / "metadata.json").write_text(json.dumps(about))
    (tmp_path / "packages" / "half").mkdir()
    (tmp_path / "packages" / "half" / "metadata.json").write_text("{")
    return tmp_path


@pytest.fixture
def library(packages: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A module with the one function that is called (argostranslate 1.11, translate.py)."""
    (packages / "argostranslate").mkdir()
    (packages / "argostranslate" / "__init__.py").touch()
    (packages / "argostranslate" / "translate.py").write_text(LIBRARY)
    monkeypatch.syspath_prepend(str(packages))
    yield
    for name in [name for name in sys.modules if name.split(".")[0] == "argostranslate"]:
        del sys.modules[name]


@pytest.mark.usefixtures("packages")
def test_packages_without_the_library_serve_nothing() -> None:
    assert ArgosTranslator().pairs() == frozenset()


@pytest.mark.usefixtures("library")
def test_the_pairs_are_those_of_the_packages_and_listing_them_imports_nothing() -> None:
    assert ArgosTranslator().pairs() == {("en", "es"), ("pt", "en"), ("fr", "en")}
    assert "argostranslate" not in sys.modules


@pytest.mark.usefixtures("library")
def test_texts_go_through_the_library_under_its_own_codes() -> None:
    translator = ArgosTranslator()
    assert list(translator.translate(["a", "b"], source="en", target="es")) == ["en->es: a", "en->es: b"]
    translator.close()


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(("source", "text"), [("en", "break"), ("fr", "a"), ("de", "a")])
def test_whatever_goes_wrong_is_a_translation_error(source: str, text: str) -> None:
    with pytest.raises(TranslationError):
        ArgosTranslator().translate([text], source=source, target="es" if source == "en" else "en")

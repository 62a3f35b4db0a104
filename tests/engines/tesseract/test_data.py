"""Which models there are is read off the file names alone; what is missing is named with its package."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ocrkit.engines.tesseract import data
from ocrkit.engines.tesseract.data import (
    debian_package,
    installed_languages,
    installed_models,
    missing_languages,
    model_for,
)
from ocrkit.errors import EngineUnavailableError
from ocrkit.languages import LANGUAGES, resolve

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tessdata(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three models, the only one beside the system's."""
    (tmp_path / "script").mkdir()
    for name in ("aaa", "eng", "script/Cyrillic"):
        (tmp_path / f"{name}.traineddata").touch()
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    return tmp_path


def test_a_given_folder_hides_the_models_of_the_system(tessdata: Path) -> None:
    models = installed_models(str(tessdata))
    assert models["eng"] == tessdata / "eng.traineddata"
    assert models["Cyrillic"] == tessdata / "script" / "Cyrillic.traineddata"


def test_the_folder_of_the_environment_is_found(tessdata: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tessdata))
    assert installed_models()["aaa"] == tessdata / "aaa.traineddata"


def test_a_language_is_readable_by_the_model_of_its_script(tessdata: Path) -> None:
    models = {"Cyrillic": tessdata}
    assert model_for(resolve("ru"), models) == "Cyrillic"
    assert model_for(resolve("ru"), {**models, "rus": tessdata}) == "rus"


@pytest.mark.parametrize(
    ("code", "package"),
    [("de", "tesseract-ocr-deu"), ("zh-Hant", "tesseract-ocr-chi-tra"), ("so", "tesseract-ocr-script-latn")],
)
def test_a_missing_model_is_named_with_its_debian_package(code: str, package: str) -> None:
    with pytest.raises(EngineUnavailableError) as caught:
        model_for(resolve(code), {})
    assert package in caught.value.hint.split()[-1]


@pytest.mark.parametrize(
    ("model", "package"),
    [
        ("jpn_vert", "tesseract-ocr-jpn-vert"),
        ("HanS_vert", "tesseract-ocr-script-hans-vert"),
        ("Fraktur", "tesseract-ocr-script-frak"),
        ("Hangul", "tesseract-ocr-script-hang"),
        ("Vietnamese", "tesseract-ocr-script-viet"),
        ("srp_latn", "tesseract-ocr-srp-latn"),
    ],
)
def test_packages_are_named_as_debian_names_them(model: str, package: str) -> None:
    assert debian_package(model) == package


def test_listing_the_languages_loads_neither_tesseract_nor_numpy() -> None:
    code = (
        "import sys; from ocrkit.engines.tesseract.data import installed_languages; installed_languages();"
        "print([m for m in ('tesserocr', 'numpy', 'cv2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_no_model_reads_here_is_told_with_the_command_that_brings_one(
    tessdata: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "_PLACES", ())
    monkeypatch.setenv("TESSDATA_PREFIX", str(tessdata))
    missing = missing_languages()
    assert missing["am"] == "apt-get install tesseract-ocr-amh"
    assert missing["haw"] == "apt-get install tesseract-ocr-script-latn"
    assert not {"en", "ru", "kk"} & set(missing), "eng and Cyrillic are there"
    assert len(missing) + len(installed_languages()) == len(LANGUAGES)

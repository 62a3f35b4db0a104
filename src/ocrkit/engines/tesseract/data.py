"""Which Tesseract models this machine has, and which Debian package brings one that is missing.

Light: looks at file names only, so that `ocrkit languages` need not load Tesseract.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ocrkit.errors import EngineUnavailableError
from ocrkit.languages import LANGUAGES, SCRIPT_MODELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ocrkit.languages import Language

_PLACES = (
    "/usr/share/tesseract-ocr/*/tessdata",  # Debian, Ubuntu
    "/usr/share/tesseract/tessdata",  # Fedora
    "/usr/share/tessdata",  # Arch, Alpine
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)

_DEBIAN_SCRIPTS = {"Vietnamese": "viet", "Fraktur": "frak", "Hangul": "hang"} | {
    model: script.lower() for script, model in SCRIPT_MODELS.items() if script not in {"Latf", "Kore"}
}


def installed_models(tessdata: str = "") -> dict[str, Path]:
    """The file of each model by its name (`eng`, `Cyrillic`); an earlier folder hides a later one's."""
    found: dict[str, Path] = {}
    for folder in _folders(tessdata):
        for pattern in ("*.traineddata", "script/*.traineddata"):
            for path in sorted(folder.glob(pattern)):
                found.setdefault(path.stem, path)
    return found


def installed_languages(tessdata: str = "") -> tuple[Language, ...]:
    """The languages that an installed model reads, by its own model or that of its script."""
    models = installed_models(tessdata)
    return tuple(language for language in LANGUAGES if _first(language.tesseract, models))


def missing_languages() -> dict[str, str]:
    """The codes of the languages that no installed model reads, each with the command that brings one."""
    models = installed_models()
    return {
        language.code: f"apt-get install {debian_package(language.tesseract[0])}"
        for language in LANGUAGES
        if not _first(language.tesseract, models)
    }


def model_for(language: Language, models: Mapping[str, Path]) -> str:
    """The best of the installed models that reads the language.

    Raises:
        EngineUnavailableError: none does; the hint names the Debian package.
    """
    model = _first(language.tesseract, models)
    if model is None:
        wanted = language.tesseract[0]
        raise EngineUnavailableError(
            f"No Tesseract model for {language.name} ({language.code}) is installed.",
            hint=f"Install one: apt-get install {debian_package(wanted)}.",
        )
    return model


def debian_package(model: str) -> str:
    """The Debian package that brings the model: `tesseract-ocr-chi-sim`, `tesseract-ocr-script-cyrl`."""
    base, vertical, _ = model.partition("_vert")
    if base in _DEBIAN_SCRIPTS:
        return f"tesseract-ocr-script-{_DEBIAN_SCRIPTS[base]}{vertical.replace('_', '-')}"
    return f"tesseract-ocr-{model.replace('_', '-')}"


def _first(wanted: Sequence[str], models: Mapping[str, Path]) -> str | None:
    return next((model for model in wanted if model in models), None)


def _folders(tessdata: str) -> Iterator[Path]:
    if tessdata:
        yield Path(tessdata)
    prefix = os.environ.get("TESSDATA_PREFIX")
    if prefix:
        yield Path(prefix)
        yield Path(prefix, "tessdata")
    yield Path(sys.prefix, "share", "tessdata")
    for place in _PLACES:
        yield from _newest_first(Path("/").glob(place.removeprefix("/")))


def _newest_first(folders: Iterable[Path]) -> list[Path]:
    return sorted(folders, reverse=True)

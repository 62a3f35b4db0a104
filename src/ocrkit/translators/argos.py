"""Argos Translate: neural translation, offline, with the language packages that the user installed.

Which pairs there are is read from the packages' own descriptions, so that listing them loads no network.
"""

from __future__ import annotations

import json
import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocrkit.errors import TranslationError, UnknownLanguageError
from ocrkit.languages import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LIBRARY = "argostranslate"


class ArgosTranslator:
    """Serves the pairs for which a package is installed; it pivots over no third language."""

    def __init__(self) -> None:
        self._translations: dict[tuple[str, str], Any] = {}

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs of the installed packages as codes of ocrkit; none without the library."""
        return frozenset(_known())

    def translate(self, texts: Sequence[str], /, *, source: str, target: str) -> Sequence[str]:
        """One translation for each text, in order.

        Raises:
            TranslationError: no package serves the pair, or Argos fails.
        """
        codes = _known().get((source, target))
        if codes is None:
            raise TranslationError(f"Argos Translate has no package {source}-{target} here.")
        if codes not in self._translations:
            self._translations[codes] = _loaded(codes)
        translation = self._translations[codes]
        try:
            return [str(translation.translate(text)) for text in texts]
        except Exception as error:
            # The library lets through whatever its five dependencies raise.
            raise TranslationError(f"Argos Translate failed: {type(error).__name__}: {error}.") from error

    def close(self) -> None:
        """Lets the networks go."""
        self._translations.clear()


def _loaded(codes: tuple[str, str]) -> Any:
    try:
        found = import_module(f"{_LIBRARY}.translate").get_translation_from_codes(*codes)
    except Exception as error:
        raise TranslationError(f"Argos Translate cannot be loaded: {type(error).__name__}: {error}.") from error
    if found is None:
        raise TranslationError(f"Argos Translate does not find its package {codes[0]}-{codes[1]}.")
    return found


def _known() -> dict[tuple[str, str], tuple[str, str]]:
    """The pairs there are, each with the codes that Argos has for it."""
    known: dict[tuple[str, str], tuple[str, str]] = {}
    for codes in _packages() if find_spec(_LIBRARY) else ():
        try:
            known[normalize(codes[0]), normalize(codes[1])] = codes
        except UnknownLanguageError:
            continue  # a language that ocrkit has no code for
    return known


def _packages() -> Iterator[tuple[str, str]]:
    """Source and target of each installed package, as its `metadata.json` says."""
    folder = _folder()
    for path in sorted(folder.glob("*/metadata.json")) if folder.is_dir() else ():
        try:
            about = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue  # half a package: Argos itself fails on it, which `translate` then says
        if isinstance(about, dict) and about.get("from_code") and about.get("to_code"):
            yield str(about["from_code"]), str(about["to_code"])


def _folder() -> Path:
    """Where Argos keeps its packages, by the same variables as its own settings."""
    named = os.environ.get("ARGOS_PACKAGES_DIR")
    if named:
        return Path(named)
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "argos-translate" / "packages"

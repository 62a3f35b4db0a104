"""Apertium: rule-based translation, by its programs on this machine or by its HTTP service (apertium-apy).

Knows texts and language codes, nothing of documents. The programs run as processes: nothing is linked.
"""

from __future__ import annotations

import os
import re
import subprocess
from shutil import which
from typing import TYPE_CHECKING, Protocol

import httpx

from ocrkit.errors import TranslationError, TranslatorUnavailableError, UnknownLanguageError
from ocrkit.languages import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

URL_VARIABLE = "OCRKIT_APERTIUM_URL"
"""Names the HTTP service, such as `http://localhost:2737`; without it the programs are used."""

_LIST_SECONDS = 10.0
_TEXT_SECONDS = 30.0
"""For one text, and for starting: a text takes some milliseconds."""

_SECONDS_A_TEXT = 0.5

# Apertium stream format (wiki.apertium.org/wiki/Apertium_stream_format): what means something is escaped, brackets
# hold blanks, and a NUL ends a text and flushes every program of the pipeline.
_RESERVED = re.compile(r"[\\^$/@<>{}\[\]]")
_ESCAPED = re.compile(r"\\(.)")
_STOP = ".[]"
"""A full stop that is taken out again: Apertium's own formatters end titles so, lest they run into what follows."""

_SPACES = re.compile(r" {2,}")
_COMPOUND = re.compile(r"(?<=\d)-(?=[^\W\d_])")
"""Of `30-day`, which Apertium would run together with what stands before it."""


class _Backend(Protocol):
    """Where the translations come from."""

    def modes(self) -> Iterable[tuple[str, str]]:
        """The pairs in Apertium's own codes."""
        ...

    def translate(self, texts: Sequence[str], pair: tuple[str, str]) -> list[str]:
        """One translation for each text; the pair in Apertium's own codes."""
        ...

    def close(self) -> None:
        """Frees what it holds."""
        ...


class ApertiumTranslator:
    """Serves the pairs that are installed.

    Args:
        url: of the HTTP service; `None` takes that of `OCRKIT_APERTIUM_URL`, and without that the programs.
    """

    def __init__(self, url: str | None = None) -> None:
        url = url or os.environ.get(URL_VARIABLE)
        self._backend: _Backend = _Service(url) if url else _Programs()
        self._modes: dict[tuple[str, str], tuple[str, str]] | None = None

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs that Apertium lists, as codes of ocrkit; those of languages that ocrkit does not know left out.

        Raises:
            TranslatorUnavailableError: the service does not answer, or the program fails.
        """
        return frozenset(self._known())

    def translate(self, texts: Sequence[str], /, *, source: str, target: str) -> Sequence[str]:
        """One translation for each text, in order; words that Apertium does not know stay as they are.

        Raises:
            TranslationError: it serves no such pair, or fails.
        """
        mode = self._known().get((source, target))
        if mode is None:
            raise TranslationError(f"Apertium has no {source}-{target} here.")
        translated = self._backend.translate(texts, mode)
        return [_cased(text, before) for text, before in zip(translated, texts, strict=True)]

    def close(self) -> None:
        """Closes the connections to the service, if there is one."""
        self._backend.close()

    def _known(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Apertium's own codes of each pair; of a pair's variants (`spa-eng`, `spa-eng_US`) the plain one."""
        if self._modes is None:
            self._modes = {}
            for mode in sorted(self._backend.modes(), key=lambda pair: len("".join(pair))):
                try:
                    pair = normalize(mode[0]), normalize(mode[1])
                except UnknownLanguageError:
                    continue  # one of Apertium's languages that ocrkit has no code for
                self._modes.setdefault(pair, mode)
        return self._modes


class _Programs:
    """The programs on this machine."""

    def modes(self) -> Iterable[tuple[str, str]]:
        program = which("apertium")
        if program is None:
            return []
        listed = self._run([program, "-l"], b"", seconds=_LIST_SECONDS).decode(errors="replace").split()
        return [(parts[0], parts[1]) for parts in (name.split("-") for name in listed) if len(parts) == 2]  # noqa: PLR2004 - longer names are stages of a pair

    def translate(self, texts: Sequence[str], pair: tuple[str, str]) -> list[str]:
        program = which("apertium")
        if program is None:
            raise TranslatorUnavailableError("The program apertium is gone.", hint="Install it again.")
        # -u: no marks at unknown words; -z: flush at each NUL; -f none: the input is the stream format already.
        command = [program, "-u", "-z", "-f", "none", "-".join(pair)]
        stream = "".join(_as_stream(text.removesuffix(".")) + "\0" for text in texts)
        seconds = _TEXT_SECONDS + _SECONDS_A_TEXT * len(texts)
        out = self._run(command, stream.encode(), seconds=seconds).decode(errors="replace").split("\0")
        if len(out) < len(texts):
            raise TranslationError(f"Apertium gave {len(out)} translations for {len(texts)} texts.")
        return [_of_stream(text) + "." * before.endswith(".") for text, before in zip(out, texts, strict=False)]

    def close(self) -> None:
        pass

    @staticmethod
    def _run(command: list[str], data: bytes, *, seconds: float) -> bytes:
        try:
            done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, check=False)  # noqa: S603 - the program found on the path, its arguments are ours
        except subprocess.TimeoutExpired as error:
            raise TranslationError(f"Apertium took longer than {seconds:.0f} s.") from error
        except OSError as error:
            raise TranslatorUnavailableError(f"Apertium cannot be started: {error.strerror}.") from error
        if done.returncode:
            said = (done.stderr.decode(errors="replace").strip() or f"exit code {done.returncode}").splitlines()[0]
            raise TranslationError(f"Apertium failed: {said}")
        return done.stdout


class _Service:
    """The HTTP service (github.com/apertium/apertium-apy, section "Usage"): `/listPairs` and `/translate`."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url.rstrip("/"), timeout=_TEXT_SECONDS)

    def modes(self) -> Iterable[tuple[str, str]]:
        found = self._asked("GET", "/listPairs", {})
        if not isinstance(found, list):
            raise TranslatorUnavailableError("The Apertium service does not say what pairs it has.")
        return [(str(pair["sourceLanguage"]), str(pair["targetLanguage"])) for pair in found]

    def translate(self, texts: Sequence[str], pair: tuple[str, str]) -> list[str]:
        asked = {"langpair": "|".join(pair), "format": "txt", "markUnknown": "no"}
        return [self._text(asked | {"q": text}) for text in texts]

    def close(self) -> None:
        self._client.close()

    def _text(self, asked: dict[str, str]) -> str:
        found = self._asked("POST", "/translate", asked)
        text = found.get("translatedText") if isinstance(found, dict) else None
        if not isinstance(text, str):
            raise TranslationError("The Apertium service gave no translation.")
        return text.rstrip("\n")

    def _asked(self, method: str, path: str, data: dict[str, str]) -> object:
        """The `responseData` of an answer. No error tells the address, which may hold a password."""
        try:
            answer = self._client.request(method, path, data=data)
            answer.raise_for_status()
            return answer.json()["responseData"]
        except httpx.HTTPStatusError as error:
            code = error.response.status_code
            raise TranslationError(f"The Apertium service answers with status {code}.") from error
        except httpx.HTTPError as error:
            raise TranslatorUnavailableError(
                f"The Apertium service does not answer: {type(error).__name__}.", hint=f"Look at {URL_VARIABLE}."
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise TranslationError("The Apertium service gives an answer that is none of Apertium's.") from error


def _as_stream(text: str) -> str:
    text = _COMPOUND.sub(" ", text.replace("\0", ""))
    return _RESERVED.sub(lambda sign: "\\" + sign[0], text) + _STOP


def _of_stream(text: str) -> str:
    return _SPACES.sub(" ", _ESCAPED.sub(r"\1", text.removesuffix(_STOP).replace("[]", "")).strip())


def _cased(text: str, source: str) -> str:
    """The translation in the case of its source: Apertium takes every text for the beginning of a sentence."""
    letters = [letter for letter in source if letter.isalpha()]
    if len(letters) > 1 and source.isupper():
        return text.upper()
    first = next((place for place, letter in enumerate(text) if letter.isalpha()), None)
    if first is None or not letters or not letters[0].islower() or text[first : first + 2].isupper():
        return text
    return text[:first] + text[first].lower() + text[first + 1 :]

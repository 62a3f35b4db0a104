"""Into which languages this server translates: asked of the translators, and remembered for a while."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from ocrkit.errors import NoTranslatorError, UnknownLanguageError
from ocrkit.languages import AUTO, resolve
from ocrkit.server.problems import Problem
from ocrkit.translation import Choice

if TYPE_CHECKING:
    from ocrkit.registry import Registry

_FRESH_SECONDS = 60.0
"""For which the pairs are taken to be what they were: to ask starts a process, or a request to a service."""


class Translations:
    """What submissions may ask for; safe from several threads.

    Args:
        registry: the translators to choose from.
        named: the operator's choice; `None` for the first that serves.
    """

    def __init__(self, registry: Registry, *, named: str | None) -> None:
        self._registry = registry
        self._named = named
        self._lock = threading.Lock()
        self._choice: Choice | None = None
        self._made = 0.0

    def target(self, asked: str, *, source: str) -> str:
        """The code of the language that is asked for.

        Args:
            asked: a code, as clients write it.
            source: code of the language of the file; `auto` where it is to be found out, and any will do for now.

        Raises:
            Problem: it is no language, or nobody here translates into it; the message names the pairs there are.
            TranslatorUnavailableError: the operator's translator lacks something, or does not answer.
            UnknownTranslatorError: there is no such translator as the operator's.
        """
        with self._lock:
            choice = self._fresh()
            try:
                code = resolve(asked).code
                if source != code:
                    choice.require(code, source=None if source == AUTO else source)
            except UnknownLanguageError as error:
                message = f"Unknown translate_to {asked[:60]!r}. {choice.told()}"
                raise Problem(400, "unknown_translate_to", message=message) from error
            except NoTranslatorError as error:
                raise Problem(400, "unknown_translate_to", message=str(error)) from error
            return code

    def _fresh(self) -> Choice:
        if self._choice is None or time.monotonic() - self._made > _FRESH_SECONDS:
            if self._choice is not None:
                self._choice.close()
            self._choice = Choice(self._registry, self._named)
            self._made = time.monotonic()
        return self._choice

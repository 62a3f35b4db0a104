"""Which translator serves a pair of languages: the one that is named, else the first of a fixed order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from ocrkit.contracts import ANY_LANGUAGE
from ocrkit.errors import NoTranslatorError, TranslationError
from ocrkit.languages import AUTO, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocrkit.contracts import Translator
    from ocrkit.registry import Registry

ORDER = ("llm", "apertium", "argos")
"""Who is asked first; others follow by name. A model counts only once an endpoint is configured."""

Pair = tuple[str, str]

_SHOWN_PAIRS = 60


class Choice:
    """The translators there are, each loaded when it is first looked at; a context manager for what they hold.

    Args:
        registry: the translators to choose from.
        named: the only one to use; `None` for the first that serves.
    """

    def __init__(self, registry: Registry, named: str | None = None) -> None:
        self._registry = registry
        self._names = [registry.translator_spec(named).name] if named else _ordered(registry)
        self._named = named
        self._loaded: dict[str, Translator] = {}
        self._pairs: dict[str, frozenset[Pair]] = {}
        self._troubles: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Frees what the translators hold."""
        for translator in self._loaded.values():
            translator.close()
        self._loaded.clear()

    def pairs(self) -> dict[str, frozenset[Pair]]:
        """The pairs of each translator that serves any, in the order in which they are asked."""
        found = {name: self._pairs_of(name) for name in self._names}
        return {name: pairs for name, pairs in found.items() if pairs}

    def translator(self, source: str, target: str) -> tuple[str, Translator] | None:
        """The name and the translator that serves the pair; `None` where none does.

        Args:
            source: code of a language, or `auto` for one that is not known.
            target: code of a language.
        """
        for name in self._names:
            if serves(self._pairs_of(name), source, target):
                return name, self._loaded[name]
        return None

    def require(self, target: str, *, source: str | None = None) -> None:
        """Lets pass what some translator may serve; without a source, any that leads to the target.

        Raises:
            NoTranslatorError: there is none; the hint names the pairs there are.
        """
        for pairs in self.pairs().values():
            if source is None and any(to in (target, ANY_LANGUAGE) for _, to in pairs):
                return
            if source is not None and serves(pairs, source, target):
                return
        raise self.none_for(target, source=source)

    def none_for(self, target: str, *, source: str | None = None) -> NoTranslatorError:
        """The error that says so."""
        given = "" if source is None else f" from {_named(source)}"
        who = f"The translator {self._named} does not translate" if self._named else "No translator here translates"
        return NoTranslatorError(f"{who}{given} into {_named(target)}.", hint=self.told())

    def told(self) -> str:
        """What there is, in a sentence: the pairs of each translator, and what is wrong with those that have none."""
        listed = [f"{_told(pairs)} ({name})" for name, pairs in self.pairs().items()]
        troubles = [f"{name}: {message}" for name, message in self._troubles.items()]
        known = (
            f"Pairs: {'; '.join(listed)}."
            if listed
            else "There are no pairs; `ocrkit translators` says how to get some."
        )
        return " ".join([known, *troubles])

    def _pairs_of(self, name: str) -> frozenset[Pair]:
        if name not in self._pairs:
            try:
                translator = self._loaded[name] = self._registry.translator(name)
                self._pairs[name] = translator.pairs()
            except TranslationError as error:
                if self._named:
                    raise
                # One that is broken must not cost the others; what it said is told where no other serves.
                self._troubles[name] = error.message
                self._pairs[name] = frozenset()
        return self._pairs[name]


def serves(pairs: frozenset[Pair], source: str, target: str) -> bool:
    """Whether the pairs hold this one, by name or by a language that stands for any."""
    return any((one, other) in pairs for one in (source, ANY_LANGUAGE) for other in (target, ANY_LANGUAGE))


def pair_names(pairs: Iterable[Pair]) -> list[str]:
    """The pairs as people write them: `en-es`, `any-any`."""
    return sorted("-".join("any" if code == ANY_LANGUAGE else code for code in pair) for pair in pairs)


def _told(pairs: Iterable[Pair]) -> str:
    names = pair_names(pairs)
    more = len(names) - _SHOWN_PAIRS
    return ", ".join(names[:_SHOWN_PAIRS]) + (f" and {more} more" if more > 0 else "")


def _ordered(registry: Registry) -> list[str]:
    names = [spec.name for spec in registry.translators]
    return [name for name in ORDER if name in names] + [name for name in names if name not in ORDER]


def _named(code: str) -> str:
    return "a language that was not recognized" if code == AUTO else f"{resolve(code).name} ({code})"

"""A translator that is not trusted: what it gives is compared with what it got. Knows texts, no documents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocrkit.translation.marks import Shielded, faithful, restored, shielded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocrkit.contracts import Translator

_SENTENCE_END = re.compile(r"(?<=[.!?…])(\s+)(?=[^\W\d_a-z]|[¿¡\"“«(\[⟦])|(?<=[。！？])(\s*)(?=\S)")


class CheckedTranslator:
    """Translates texts from one language into another, each distinct one once.

    Args:
        translator: that does it.
        source: code of the language of the texts, or `auto`.
        target: code of the language to translate into.
    """

    def __init__(self, translator: Translator, *, source: str, target: str) -> None:
        self._translator = translator
        self._source = source
        self._target = target
        self._known: dict[str, str] = {}

    def translated(self, texts: Iterable[str]) -> dict[str, str | None]:
        """Each text with its translation, or `None` where there is none that says the same numbers and addresses.

        A text that fails is tried again in smaller pieces: sentence by sentence with all its numbers behind marks,
        and then what stands between the marks, of which some translators can keep none.

        Raises:
            TranslationError: the translator fails.
        """
        found = self._restored({text: [shielded(text)] for text in dict.fromkeys(texts)})
        for pieces in (_sentences, _between_marks):
            failed = [text for text, translation in found.items() if translation is None]
            found |= self._restored({text: pieces(text) for text in failed})
        return found

    def _restored(self, texts: dict[str, list[Shielded]]) -> dict[str, str | None]:
        """Each text from the translations of its pieces, checked."""
        self._learn(piece.text.strip() for pieces in texts.values() for piece in pieces if piece.wordy)
        found: dict[str, str | None] = {}
        for text, pieces in texts.items():
            made = [self._made(piece) for piece in pieces]
            whole = "".join(part for part in made if part is not None)
            found[text] = whole if None not in made and faithful(whole, text) else None
        return found

    def _made(self, piece: Shielded) -> str | None:
        """The translation of the piece in the blanks that stand around it; `None` where there is none that is whole."""
        if not piece.wordy:
            return restored(piece.text, piece)
        core = piece.text.strip()
        translation = self._known[core]
        return restored(piece.text.replace(core, translation, 1), piece) if translation else None

    def _learn(self, texts: Iterable[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            made = self._translator.translate(new, source=self._source, target=self._target)
            self._known |= dict(zip(new, (" ".join(text.split()) for text in made), strict=True))


def _sentences(text: str) -> list[Shielded]:
    whole = shielded(text, digits=True)
    return [Shielded(part, whole.kept) for part in _SENTENCE_END.split(whole.text) if part]


def _between_marks(text: str) -> list[Shielded]:
    return shielded(text, digits=True).between_marks()

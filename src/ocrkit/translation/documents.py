"""Whole documents: which language each page is in, a few pages at a time through a translator, the record of it."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Self

from ocrkit.errors import TranslationError
from ocrkit.languages import AUTO, resolve
from ocrkit.model import Block, Document, Page, Table, Translation
from ocrkit.registry import Registry
from ocrkit.spool import kept
from ocrkit.translation.checked import CheckedTranslator
from ocrkit.translation.choice import Choice
from ocrkit.translation.pages import WARNING, not_translated, texts_of, translated_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType

_AT_ONCE = 8
"""Pages whose texts go to the translator together: starting Apertium, or asking a model, costs more than a page."""

_SHORT = 200
"""Characters of a page below which its language is taken to be the document's: so little text is often misjudged."""


class DocumentTranslator:
    """Translates documents into one language; a context manager, which frees the translators.

    Args:
        to: code of the language to translate into.
        source: code of the language of the documents; `None` takes what was detected, page by page.
        translator: name of one of `ocrkit translators`; `None` takes the first that serves the pair.
        lenient: whether what cannot be translated stays as it was read, with the warning `not_translated` on its
            page that says why; else that is an error.
        registry: the translators to choose from; by default the built-in and installed ones.

    Raises:
        UnknownLanguageError: a code is no language.
        UnknownTranslatorError: there is no translator of this name.
        NoTranslatorError: no translator leads there; the hint names the pairs there are.
        TranslatorUnavailableError: the translator that was named lacks something, or does not answer.
    """

    def __init__(
        self,
        to: str,
        *,
        source: str | None = None,
        translator: str | None = None,
        lenient: bool = False,
        registry: Registry | None = None,
    ) -> None:
        self.target = resolve(to).code
        self._source = resolve(source).code if source and source != AUTO else None
        self._lenient = lenient
        self._changed = False
        self._choice = Choice(registry or Registry.discover(), translator)
        self._checked: dict[str, CheckedTranslator] = {}
        if self._source != self.target:
            self._choice.require(self.target, source=self._source)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Frees what the translators hold."""
        self._choice.close()

    def document(self, document: Document) -> Document:
        """The document in the other language.

        Each block and cell keeps what was read as `source_text`; lines and words stay what stands on the page. Pages
        that are in the language already stay as they are, and those in a language that no translator here knows stay
        with the warning `not_translated`. A document that was translated before is translated from what was read.

        Raises:
            NoTranslatorError: no translator serves the language of most of the document, and this is not lenient.
            TranslationError: the translator fails, and this is not lenient.
        """
        document = as_read(document)
        source = self._source or _main_language(document.pages)
        chosen = None if source == self.target else self._choice.translator(source, self.target)
        unserved = chosen is None and source != self.target and any(any(texts_of(page)) for page in document.pages)
        if unserved and not self._lenient:
            raise self._choice.none_for(self.target, source=source)
        # Another document is another start: what its words mean is not looked up in the one before.
        self._checked.clear()
        self._changed = False
        pages = kept(self.pages(document.pages, language=source), len(document.pages))
        if not self._changed:
            return document.model_copy(update={"pages": pages})
        name = chosen[0] if chosen else next(iter(self._choice.pairs()))
        record = Translation(source=source, target=self.target, translator=name)
        return document.model_copy(update={"pages": pages, "translation": record})

    def pages(self, pages: Iterable[Page], *, language: str = AUTO, at_once: int = _AT_ONCE) -> Iterator[Page]:
        """The pages in the other language, in order.

        Args:
            pages: as they were read.
            language: code of the language of those that say none, and of those with little text.
            at_once: pages that are held together, for fewer questions to the translator.

        Raises:
            TranslationError: the translator fails, and this is not lenient.
        """
        waiting = iter(pages)
        while group := list(islice(waiting, at_once)):
            languages = [self._language(page, language) for page in group]
            by_language: dict[str, list[str]] = {}
            for page, own in zip(group, languages, strict=True):
                by_language.setdefault(own, []).extend(texts_of(page))
            found = {own: self._found(own, texts) for own, texts in by_language.items()}
            for page, own in zip(group, languages, strict=True):
                yield self._page(page, found[own])

    def _found(self, language: str, texts: Sequence[str]) -> dict[str, str | None] | str:
        """The translation of each text, or the sentence that says why there are none."""
        if language == self.target or not texts:
            return {text: text for text in texts}
        if language not in self._checked:
            chosen = self._choice.translator(language, self.target)
            if chosen is None:
                return self._choice.none_for(self.target, source=language).message
            self._checked[language] = CheckedTranslator(chosen[1], source=language, target=self.target)
        try:
            return self._checked[language].translated(texts)
        except TranslationError as error:
            if not self._lenient:
                raise
            return error.message

    def _page(self, page: Page, found: dict[str, str | None] | str) -> Page:
        if isinstance(found, str):
            return not_translated(page, found) if any(texts_of(page)) else page
        made = translated_page(page, found)
        self._changed = self._changed or made.blocks != page.blocks
        return made

    def _language(self, page: Page, otherwise: str) -> str:
        if self._source:
            return self._source
        if otherwise != AUTO and len(page.text) < _SHORT:
            return otherwise
        return page.detected_language or otherwise


def translate(
    document: Document,
    to: str,
    *,
    source: str | None = None,
    translator: str | None = None,
    registry: Registry | None = None,
) -> Document:
    """The document in another language; see `DocumentTranslator`, which to use for several documents.

    Args:
        document: what was recognized.
        to: code of the language to translate into, of `ocrkit languages`.
        source: code of the language of the document; `None` takes what was detected, page by page.
        translator: name of one of `ocrkit translators`; `None` takes the first that serves the pair.
        registry: the translators to choose from; by default the built-in and installed ones.

    Raises:
        OptionError: a language or translator does not exist, or no translator serves the pair (`NoTranslatorError`,
            whose hint names the pairs there are).
        TranslationError: the translator fails.
    """
    with DocumentTranslator(to, source=source, translator=translator, registry=registry) as made:
        return made.document(document)


def untranslated(document: Document) -> bool:
    """Whether something of the document was to be translated, and nothing is."""
    if document.translation is not None:
        return False
    return any(warning.code == WARNING for page in document.pages for warning in page.warnings)


def as_read(document: Document) -> Document:
    """The document as it was before it was translated; one that was not, as it is."""
    if document.translation is None:
        return document
    pages = (
        page.model_copy(update={"blocks": tuple(_block_as_read(block) for block in page.blocks)})
        for page in document.pages
    )
    return document.model_copy(update={"pages": kept(pages, len(document.pages)), "translation": None})


def _block_as_read(block: Block) -> Block:
    if block.source_text is None:
        return block
    table = _table_as_read(block.table) if block.table else None
    return block.model_copy(update={"text": block.source_text, "source_text": None, "table": table})


def _table_as_read(table: Table) -> Table:
    cells = tuple(
        cell if cell.source_text is None else cell.model_copy(update={"text": cell.source_text, "source_text": None})
        for cell in table.cells
    )
    return table.model_copy(update={"cells": cells})


def _main_language(pages: Sequence[Page]) -> str:
    """The language of most of the text; `auto` where no page says one."""
    characters: Counter[str] = Counter()
    for page in pages:
        if page.detected_language:
            characters[page.detected_language] += len(page.text)
    return characters.most_common(1)[0][0] if characters else AUTO

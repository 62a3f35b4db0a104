"""What `import ocrkit` gives: recognize, stream, export, and the Recognizer that keeps engines loaded."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

from ocrkit.asked import RecognizeOptions
from ocrkit.errors import EngineUnavailableError, NothingReadError, OptionError, SourceError
from ocrkit.exporting import export_to
from ocrkit.languages import AUTO
from ocrkit.layout import arrange_document
from ocrkit.model import Document, PageStatus
from ocrkit.pipeline import Ceiling, Pipeline
from ocrkit.presets import applied, filled
from ocrkit.reading import Reading, Spread, spreading_pays
from ocrkit.registry import GIVEN, Registry
from ocrkit.sources import DEFAULT_DPI, Limits, open_source, parse_pages
from ocrkit.spool import kept
from ocrkit.translation import DocumentTranslator, translate
from ocrkit.workers import PageTask, Pool
from ocrkit.workers.pool import in_threads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Unpack

    from ocrkit.model import Page
    from ocrkit.pipeline import Request
    from ocrkit.sources import Source, SourceInput
    from ocrkit.workers import ShieldLimits

__all__ = [
    "RecognizeOptions",
    "Recognizer",
    "aexport",
    "arecognize",
    "astream",
    "export",
    "export_to",
    "recognize",
    "stream",
    "translate",
]


class Recognizer:
    """Recognizes documents and keeps the engines loaded in between; a context manager.

        with ocrkit.Recognizer() as recognizer:
            for path in paths:
                document = recognizer.recognize(path)

    Args:
        registry: the engines to choose from; by default the built-in and installed ones.
        workers: processes that read pages side by side. `None`: as many as there are cores, as soon as a document
            turns out to be long enough to gain by it; 0: none, every page is read in this process; from 1: that
            many for every page, so that not even a crash of a native library reaches this process.
        shield: what one page and one process may cost.
    """

    def __init__(
        self, registry: Registry | None = None, *, workers: int | None = None, shield: ShieldLimits | None = None
    ) -> None:
        self._registry = registry or Registry.discover()
        self._pipeline = Pipeline(self._registry)
        self._workers = workers
        self._shield = shield
        self._pool: Pool | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(at_once=kind is not None)

    def close(self, *, at_once: bool = False) -> None:
        """Closes the engines and ends the processes: after the pages they are reading, or at once."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close(at_once=at_once)
        self._pipeline.close()

    def recognize(
        self,
        source: SourceInput,
        *,
        on_page: Callable[[Page, int], None] | None = None,
        **options: Unpack[RecognizeOptions],
    ) -> Document:
        """The document, with a page for every page asked for, the failed ones too.

        Args:
            source: path, bytes, binary stream, PIL image, numpy array, or `-` for standard input.
            on_page: called with each page as it is ready, and how many there will be.
            **options: see `RecognizeOptions`.

        Raises:
            SourceError: the input cannot be opened; its subclasses say why.
            OptionError: an option does not exist or has a bad value.
            EngineUnavailableError: the engine needs something that is not installed.
            NothingReadError: every page failed.
            StorageError: the document is long, and the folder of temporary files is full or cannot be written.
        """
        return self._recognized(source, options, on_page=on_page)

    def _recognized(
        self,
        source: SourceInput,
        options: RecognizeOptions,
        *,
        on_page: Callable[[Page, int], None] | None,
        abreast: bool = False,
    ) -> Document:
        options = self._preset(options)
        tool = options.get("tool")
        # What is wrong with the wish for a translation is said before anything is read.
        with self._translating(options) as translator:
            document = self._document(self._reading(source, options, abreast=abreast), on_page)
            document = applied(self._registry, tool, document) if tool else document
            return translator.document(document) if translator else document

    def _preset(self, options: RecognizeOptions) -> RecognizeOptions:
        """The options with those of the tool where they were left out.

        Raises:
            UnknownToolError: there is no such tool.
            OptionError: it needs something that was not given.
        """
        name = options.get("tool")
        return cast("RecognizeOptions", filled(self._registry.tool_spec(name), options)) if name else options

    def _translating(self, options: RecognizeOptions) -> AbstractContextManager[DocumentTranslator | None]:
        to = options.get("translate_to")
        if not to:
            return nullcontext()
        language = options.get("language", AUTO)
        return DocumentTranslator(
            to,
            source=None if "+" in language else language,
            translator=options.get("translator"),
            lenient=True,
            registry=self._registry,
        )

    @staticmethod
    def _document(reading: Reading, on_page: Callable[[Page, int], None] | None) -> Document:
        count = len(reading.numbers)

        def told() -> Iterator[Page]:
            for page in reading.pages():
                if on_page:
                    on_page(page, count)
                yield page

        document = Document(
            source=reading.file.name,
            media_type=reading.file.media_type,
            page_count=reading.file.page_count,
            metadata=reading.file.metadata,
            pages=kept(told(), count),
        )
        _raise_if_nothing_was_read(document)
        return arrange_document(document)

    def recognize_all(
        self,
        sources: Sequence[SourceInput],
        *,
        on_page: Callable[[int, Page, int], None] | None = None,
        **options: Unpack[RecognizeOptions],
    ) -> Iterator[Document | Exception]:
        """One result for each source, in order: its document, or what `recognize` would have raised for it.

        After the first sources, which show what one costs, the rest is read side by side if that pays.

        Args:
            sources: inputs as `recognize` takes them.
            on_page: called with the index of the source, each page as it is ready, and how many there will be of
                that source; it may be called from several threads, one at a time.
            **options: see `RecognizeOptions`.

        Raises:
            OptionError: an option does not exist or has a bad value.
            EngineUnavailableError: the engine needs something that is not installed.
        """
        alone = threading.Lock()

        def attempt(index: int, *, abreast: bool) -> Document | Exception:
            def counted(page: Page, total: int) -> None:
                if on_page:
                    with alone:
                        on_page(index, page, total)

            try:
                return self._recognized(sources[index], options, on_page=counted, abreast=abreast)
            except (OptionError, EngineUnavailableError):
                raise
            except Exception as error:  # noqa: BLE001 - one input must not cost the others; the caller gets it as a value
                return error

        at_once = self._pipeline.at_once(self._request(self._preset(options)))
        if at_once > 1 and not self._workers:
            yield from in_threads(partial(attempt, abreast=False), range(len(sources)), at_once=at_once)
            return
        seconds = 0.0
        for index in range(len(sources)):
            if self._may_spread() and spreading_pays(seconds, done=index, ahead=len(sources) - index):
                pool = self._shared_pool()
                yield from pool.abreast(partial(attempt, abreast=True), range(index, len(sources)))
                return
            started = time.perf_counter()
            result = attempt(index, abreast=False)
            seconds += time.perf_counter() - started
            yield result

    def stream(self, source: SourceInput, **options: Unpack[RecognizeOptions]) -> Iterator[Page]:
        """The pages, each as soon as it is read, in order.

        Bad options and inputs raise at the call, as `recognize` does; a page that cannot be read comes with
        status `failed`. What needs all pages (heading levels across the document, repeated headers) is not
        done here, nor what a tool does to a document.
        """
        options = self._preset(options)
        translating = self._translating(options)
        return _translated(self._reading(source, options).pages(), translating)

    def _reading(self, source: SourceInput, options: RecognizeOptions, *, abreast: bool = False) -> Reading:
        request = self._request(options)
        ceiling = Ceiling(options.get("max_vlm_pages"))
        file = open_source(
            source,
            password=options.get("password"),
            limits=options.get("limits", Limits()),
            dpi=options.get("dpi", DEFAULT_DPI),
        )
        try:
            numbers = parse_pages(options.get("pages"), file.page_count)
        except SourceError:
            file.close()
            raise
        spread = self._spread(source, options, always=abreast or self._workers is not None)
        return Reading(
            file=file, numbers=numbers, request=request, pipeline=self._pipeline, spread=spread, ceiling=ceiling
        )

    def _request(self, options: RecognizeOptions) -> Request:
        return self._pipeline.request(
            tier=options.get("tier", "cpu"),
            engine=options.get("engine"),
            language=options.get("language", "auto"),
            text_layer=options.get("text_layer", "auto"),
            options=options.get("options"),
            align=options.get("align", True),
        )

    def _may_spread(self) -> bool:
        """Whether other processes would read as this one does: they find installed plugins, not given ones."""
        return self._workers != 0 and all(plugin.origin != GIVEN for plugin in self._registry.plugins)

    def _spread(self, source: SourceInput, options: RecognizeOptions, *, always: bool) -> Spread | None:
        if not self._may_spread():
            return None
        path = str(Path(source).resolve()) if isinstance(source, str | Path) and str(source) != "-" else ""
        task = PageTask(
            path=path,
            number=1,
            password=options.get("password"),
            limits=options.get("limits", Limits()),
            dpi=options.get("dpi", DEFAULT_DPI),
            tier=options.get("tier", "cpu"),
            engine=options.get("engine"),
            language=options.get("language", "auto"),
            text_layer=options.get("text_layer", "auto"),
            options=dict(options.get("options") or {}),
            align=options.get("align", True),
            disabled_plugins=tuple(plugin.name for plugin in self._registry.plugins if not plugin.enabled),
        )
        return Spread(pool=self._shared_pool, task=task, always=always)

    def _shared_pool(self) -> Pool:
        with self._lock:
            if self._pool is None:
                self._pool = Pool(self._workers, self._shield)
            return self._pool


def recognize(source: SourceInput, **options: Unpack[RecognizeOptions]) -> Document:
    """The document of one input; see `Recognizer.recognize`, which to use for several inputs."""
    with Recognizer() as recognizer:
        return recognizer.recognize(source, **options)


def stream(source: SourceInput, **options: Unpack[RecognizeOptions]) -> Iterator[Page]:
    """The pages of one input, each as soon as it is read; see `Recognizer.stream`."""
    recognizer = Recognizer()
    return _until_done(recognizer, recognizer.stream(source, **options))


def export(
    document: Document,
    format: str,  # noqa: A002 - the word users know, in the HTTP API too
    *,
    source: SourceInput | Source | None = None,
    password: str | None = None,
    options: Mapping[str, object] | None = None,
    registry: Registry | None = None,
) -> bytes:
    """The document in a format of `ocrkit formats`, as the bytes of a file.

    Args:
        document: what to write.
        format: `txt`, `md`, `docx`, `pdf`, …
        source: the original input; a searchable PDF needs it.
        password: opens `source` where it is an encrypted PDF.
        options: options of the exporter, as `ocrkit formats` lists them.
        registry: the formats to choose from; by default the built-in and installed ones.

    Raises:
        UnknownFormatError: there is no such format.
        OptionError: an option does not exist or has a bad value.
        SourceRequiredError: the format needs `source`.
        ExportError: the document cannot be written in this format.
    """
    out = io.BytesIO()
    export_to(out, document, format, source=source, password=password, options=options, registry=registry)
    return out.getvalue()


async def arecognize(source: SourceInput, **options: Unpack[RecognizeOptions]) -> Document:
    """`recognize` in a thread, for callers with an event loop."""
    return await asyncio.to_thread(lambda: recognize(source, **options))


async def astream(source: SourceInput, **options: Unpack[RecognizeOptions]) -> AsyncIterator[Page]:
    """`stream` with every page read in a thread, for callers with an event loop."""
    pages = stream(source, **options)
    while (page := await asyncio.to_thread(next, pages, None)) is not None:
        yield page


async def aexport(document: Document, format: str, *, source: SourceInput | None = None) -> bytes:  # noqa: A002 - as in export
    """`export` in a thread, for callers with an event loop."""
    return await asyncio.to_thread(lambda: export(document, format, source=source))


def _translated(
    pages: Iterator[Page], translating: AbstractContextManager[DocumentTranslator | None]
) -> Iterator[Page]:
    with translating as translator:
        yield from translator.pages(pages, at_once=1) if translator else pages


def _until_done(recognizer: Recognizer, pages: Iterator[Page]) -> Iterator[Page]:
    with recognizer:
        yield from pages


def _raise_if_nothing_was_read(document: Document) -> None:
    if any(page.status is not PageStatus.FAILED for page in document.pages):
        return
    first = next(iter(document.pages), None)
    if first is not None and first.error:
        raise NothingReadError(f"No page could be read; page {first.number}: {first.error.message}")

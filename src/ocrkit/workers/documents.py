"""Documents as a whole, in a child: pages put together, and exports. Reads and writes the paths it is given."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ocrkit.errors import OcrkitError, OptionError, TranslationError
from ocrkit.exporting import export_to
from ocrkit.layout import arrange_document
from ocrkit.model import Document, Page, PageStatus
from ocrkit.presets import applied
from ocrkit.sources import open_source
from ocrkit.spool import kept
from ocrkit.translation import DocumentTranslator, not_translated
from ocrkit.workers.task import Assembled, Exported, Translated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrkit.registry import Registry
    from ocrkit.workers.task import AssembleTask, ExportTask, RenderTask, ToolTask, TranslateTask


def assemble(task: AssembleTask, registry: Registry) -> Assembled:
    """Writes the document of the task's pages.

    Raises:
        OSError: a page cannot be read, or the document not written.
        StorageError: the folder of temporary files is full or cannot be written.
        ToolError: the tool asked for failed.
    """
    document = Document(
        source=task.source,
        media_type=task.media_type,
        page_count=task.page_count,
        metadata=_metadata(task),
        pages=kept(_pages(task), len(task.numbers)),
    )
    document = arrange_document(document)
    if task.tool:
        document = applied(registry, task.tool, document)
    with Path(task.out).open("wb") as out:
        export_to(out, document, "json", registry=registry)
    return Assembled(mean_confidence=document.confidence, detected_language=_language(document.pages))


def tooled(task: ToolTask, registry: Registry) -> Exported:
    """Writes what the task's tool makes of the document.

    Raises:
        OSError: the document cannot be read, or the other not written.
        StorageError: the folder of temporary files is full or cannot be written.
        ToolError: the tool failed.
    """
    document = applied(registry, task.tool, Document.from_json(Path(task.document).read_bytes()))
    with Path(task.out).open("wb") as out:
        export_to(out, document, "json", registry=registry)
        return Exported(size=out.tell())


def translate(task: TranslateTask, registry: Registry) -> Translated:
    """Writes the document of the task in the other language; what cannot be translated stays, with a warning.

    Raises:
        OSError: the document cannot be read, or the translation not written.
        StorageError: the folder of temporary files is full or cannot be written.
    """
    document = Document.from_json(Path(task.document).read_bytes())
    try:
        document = document if task.failure else _translated(document, task, registry)
        failure = task.failure
    except (OptionError, TranslationError) as error:
        failure = str(error)
    if failure:
        pages = (not_translated(page, failure) for page in document.pages)
        document = document.model_copy(update={"pages": kept(pages, len(document.pages))})
    with Path(task.out).open("wb") as out:
        export_to(out, document, "json", registry=registry)
    return Translated(translator=document.translation.translator if document.translation else None)


def _translated(document: Document, task: TranslateTask, registry: Registry) -> Document:
    with DocumentTranslator(
        task.to, source=task.source, translator=task.translator, lenient=True, registry=registry
    ) as translator:
        return translator.document(document)


def export(task: ExportTask, registry: Registry) -> Exported:
    """Writes the export of the task.

    Raises:
        OcrkitError: as `ocrkit.export`.
        OSError: the document cannot be read, or the export not written.
    """
    document = Document.from_json(Path(task.document).read_bytes())
    with Path(task.out).open("wb") as out:
        export_to(
            out,
            document,
            task.format,
            source=task.source,
            password=task.password,
            options=task.options,
            registry=registry,
        )
        return Exported(size=out.tell())


def render(task: RenderTask, registry: Registry) -> Exported:
    """Writes what the task's function makes of the document.

    Raises:
        OSError: the document cannot be read, or its answer not written.
    """
    module, _, name = task.load.partition(":")
    made = getattr(import_module(module), name)(Document.from_json(Path(task.document).read_bytes()), registry)
    return Exported(size=Path(task.out).write_bytes(made))


def _pages(task: AssembleTask) -> Iterator[Page]:
    for number in task.numbers:
        if number in task.errors:
            # Nobody has seen it: even its size could be known only by opening what ended a worker.
            yield Page(number=number, width=1, height=1, status=PageStatus.FAILED, error=task.errors[number])
        else:
            yield Page.model_validate_json((Path(task.folder) / f"{number}.json").read_bytes())


def _metadata(task: AssembleTask) -> dict[str, str]:
    if task.path is None:
        return {}
    try:
        with open_source(task.path, limits=task.limits) as source:
            return source.metadata
    except OcrkitError:
        return {}  # its pages were read somehow; what it says of itself is no reason to lose them


def _language(pages: Sequence[Page]) -> str | None:
    """The language of most of the text."""
    characters: Counter[str] = Counter()
    for page in pages:
        if page.detected_language:
            characters[page.detected_language] += len(page.text)
    return characters.most_common(1)[0][0] if characters else None

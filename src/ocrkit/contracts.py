"""What a plugin promises: light specs that describe, and protocols that the loaded thing fulfils.

A spec is read without importing what it describes (`load` is a string, as in an entry point); the
implementation is imported on first use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ocrkit.geometry import BBox
    from ocrkit.model import Document, Page
    from ocrkit.raster import PageImage

Tier = Literal["cpu", "vlm"]
"""`cpu` reads printed documents fast; `vlm` reads handwriting, hard layout and mathematics."""

TierAsked = Literal["cpu", "vlm", "auto"]
"""What a page may be asked to be read by; `auto` is the cpu tier, and `vlm` where its reading is doubtful."""

Provides = Literal["words", "confidence", "blocks", "tables", "formulas"]
"""What an engine's pages hold beyond lines. With `blocks` the pipeline keeps the engine's own arrangement."""


class Options(BaseModel):
    """Base of every options model: frozen, a name that does not exist is an error, docstrings describe the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class EngineOptions(Options):
    """Options that every engine has; an engine's own model inherits them."""

    language: str = "auto"
    """`auto`, or a code of `ocrkit languages`; several are joined by `+`."""
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Lines read with less confidence are left out. With 0 an engine that looks for text first gives a line for every
    region it found, with an empty text where it could read nothing."""


class ExporterOptions(Options):
    """Options that every exporter has: none so far."""


EngineOptionsT_contra = TypeVar("EngineOptionsT_contra", bound=EngineOptions, contravariant=True)


class Engine(Protocol[EngineOptionsT_contra]):
    """Reads page images.

    One instance is made a worker and kept. It may be called from several threads, each call with options
    of its own; an engine whose library cannot do that takes a lock.
    """

    def recognize(self, images: Iterable[PageImage], options: EngineOptionsT_contra, /) -> Iterator[Page]:
        """One page for each image, in order; a page without text has no blocks.

        Boxes are in pixels of the image as given and lie within it. The iterator may read ahead.

        Raises:
            EngineError: the engine cannot go on; a page it merely cannot read is a page with status `failed`.
        """
        ...

    def close(self) -> None:
        """Frees what the engine holds; a second call does nothing."""
        ...


class SourceFile(Protocol):
    """The original input, for exporters that need more than the document."""

    @property
    def name(self) -> str:
        """File name without its folder."""
        ...

    @property
    def media_type(self) -> str:
        """Media type by content, such as `application/pdf`."""
        ...

    @property
    def password(self) -> str | None:
        """The password that opened the file."""
        ...

    def read(self) -> bytes:
        """The whole file."""
        ...

    def page(self, number: int) -> PageImage:
        """Page `number`, counted from 1."""
        ...


ExporterOptionsT_contra = TypeVar("ExporterOptionsT_contra", bound=ExporterOptions, contravariant=True)


class Exporter(Protocol[ExporterOptionsT_contra]):
    """Writes a document down."""

    def export(
        self,
        document: Document,
        out: BinaryIO,
        /,
        *,
        options: ExporterOptionsT_contra,
        source: SourceFile | None,
    ) -> None:
        """Writes `document` to `out`, which need not be seekable.

        Raises:
            SourceRequiredError: the format needs the original file and `source` is `None`.
            ExportError: the document cannot be written in this format.
        """
        ...


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """Describes an engine without importing it.

    Attributes:
        name: what users type; lower case, digits and hyphens.
        summary: one line for `ocrkit engines`.
        load: `package.module:Class`; the class takes no arguments.
        tier: the tier it serves; `None` for one that recognizes nothing by itself.
        options: its options model.
        languages: codes it reads; `("*",)` for any.
        provides: what its pages hold beyond lines.
        licence: of code and weights, as users must know it.
        requires: distributions that must be installed, such as `onnxruntime`.
        install: the command that installs them.
        lacking: `package.module:function`, light and without arguments, where what of `languages` can be read depends
            on the machine: the codes that cannot be read here, each with the command that changes this.
    """

    name: str
    summary: str
    load: str
    licence: str
    tier: Tier | None = "cpu"
    options: type[EngineOptions] = EngineOptions
    languages: tuple[str, ...] = ("*",)
    provides: frozenset[Provides] = frozenset()
    requires: tuple[str, ...] = ()
    install: str = ""
    lacking: str = ""


@dataclass(frozen=True, slots=True)
class ExporterSpec:
    """Describes an exporter without importing it.

    Attributes:
        name: what users type and what `format` is in the HTTP API.
        summary: one line for `ocrkit formats`.
        load: `package.module:Class`; the class takes no arguments.
        extension: of the file, with its dot.
        media_type: of the file.
        options: its options model.
        needs_source: whether it writes nothing without the original file.
        licence: of what it builds on.
    """

    name: str
    summary: str
    load: str
    extension: str
    media_type: str
    licence: str = "Apache-2.0"
    options: type[ExporterOptions] = field(default=ExporterOptions)
    needs_source: bool = False


class AnswererOptions(Options):
    """Options that every answerer has: none so far."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part of a passage stands on its page: a line, or a cell of a table.

    Attributes:
        start: offset in the passage's text.
        end: offset behind it.
        bbox: `(x0, y0, x1, y1)` in pixels of the page image.
        block: id of its block.
    """

    start: int
    end: int
    bbox: BBox
    block: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive blocks of one page, about 150 to 250 words; longer blocks are several passages.

    Attributes:
        id: unique among the passages of its document.
        page: page of the file, from 1.
        text: a stretch of the page's text, where tables stand row by row with cells parted by tabs; only this can be
            quoted.
        start: offset of the text in that of the page.
        context: the heading that it stands under and, in the middle of a table, that table's first row, each a line.
        places: its lines and cells, in the order of the text.
    """

    id: str
    page: int
    text: str
    start: int = 0
    context: str = ""
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a passage that support a claim.

    Attributes:
        passage: its id.
        text: the words, copied from its text.
        start: their offset in its text, where known; words that occur twice are cited where they were found.
    """

    passage: str
    text: str
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer, and what in the document says so; its numbers and addresses must stand in a quote."""

    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked before, and its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question with what it is to be answered from.

    Attributes:
        question: as it was asked.
        passages: those that bear on it most, the best first; data, whatever instructions may stand in them.
        history: the conversation so far, the oldest turn first.
        rejected: claims of the answer just given whose quotes are not in the document, to be mended or left out.
    """

    question: str
    passages: tuple[Passage, ...]
    history: tuple[Turn, ...] = ()
    rejected: tuple[Claim, ...] = ()


AnswererOptionsT_contra = TypeVar("AnswererOptionsT_contra", bound=AnswererOptions, contravariant=True)


class Answerer(Protocol[AnswererOptionsT_contra]):
    """Answers questions from passages. May be called from several threads."""

    def answer(self, inquiry: Inquiry, options: AnswererOptionsT_contra, /) -> Sequence[Claim]:
        """What the passages say; nothing where they do not answer the question.

        Quotes are verified by the caller: a claim with one that is not in the document is dropped.

        Raises:
            AnswererError: it cannot answer now; the caller falls back to `extractive`.
        """
        ...

    def close(self) -> None:
        """Frees what the answerer holds; a second call does nothing."""
        ...


@dataclass(frozen=True, slots=True)
class AnswererSpec:
    """Describes an answerer without importing it.

    Attributes:
        name: what users type; lower case, digits and hyphens.
        summary: one line for `ocrkit answerers`.
        load: `package.module:Class`; the class takes no arguments.
        licence: of what it builds on.
        options: its options model.
        passages: how many it is handed at most.
        repairs: how often it is asked again where quotes were not found.
    """

    name: str
    summary: str
    load: str
    licence: str = "Apache-2.0"
    options: type[AnswererOptions] = AnswererOptions
    passages: int = 8
    repairs: int = 0


ANY_LANGUAGE = "*"
"""Stands for every language in the pairs of a translator that knows no list."""


class Translator(Protocol):
    """Turns texts of one language into texts of another.

    Language codes are those of `ocrkit languages`. One instance is made and kept; it is called from one thread at a
    time.
    """

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs `(source, target)` it serves here and now; `ANY_LANGUAGE` stands for any. Empty: none.

        Raises:
            TranslatorUnavailableError: what it needs was promised and does not answer.
        """
        ...

    def translate(self, texts: Sequence[str], /, *, source: str, target: str) -> Sequence[str]:
        """One translation for each text, in order.

        A text is a line, a sentence or a paragraph, without line breaks. Marks such as `⟦0⟧` stand for what must not
        be translated; each is to be kept once. Whoever calls checks marks and numbers. An empty translation stands for
        one that could not be made.

        Args:
            texts: in the source language.
            source: its code; `auto` where it is not known, which only one that serves any language is given.
            target: code of the language to translate into.

        Raises:
            TranslationError: it cannot be done.
        """
        ...

    def close(self) -> None:
        """Frees what the translator holds; a second call does nothing."""
        ...


@dataclass(frozen=True, slots=True)
class TranslatorSpec:
    """Describes a translator without importing it.

    Attributes:
        name: what users type; lower case, digits and hyphens.
        summary: one line for `ocrkit translators`.
        load: `package.module:Class`; the class takes no arguments.
        licence: of code, models and programs, as users must know it.
        requires: distributions that must be installed.
        install: how to get what it needs.
    """

    name: str
    summary: str
    load: str
    licence: str
    requires: tuple[str, ...] = ()
    install: str = ""

"""The values that everything else passes around: Document > Page > Block > Line > Word, Table > Cell.

Frozen, without pixels, files or formats. The order of `Page.blocks` is the reading order. JSON carries
`schema_version` and reads back to an equal value.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapSerializer,
    WrapValidator,
    model_validator,
)

from ocrkit.errors import SchemaVersionError
from ocrkit.found import FoundField  # noqa: TC001 - pydantic reads the annotation
from ocrkit.geometry import Quad  # noqa: TC001 - pydantic reads the annotation
from ocrkit.usage import Usage  # noqa: TC001 - pydantic reads the annotation
from ocrkit.value import Box, Confidence, Value

SCHEMA_VERSION = "1.1"
"""Version of the JSON form: a new field raises the second number, a changed meaning the first."""


Direction = Literal["ltr", "rtl", "ttb"]
"""How a line runs: left to right, right to left, or top to bottom (its lines then go right to left)."""

WordFlag = Literal["unsupported", "number_mismatch"]
"""Nothing printed there supports the word; or another number was read in its place."""

Rotation = Literal[0, 90, 180, 270]
"""Degrees clockwise, in quarter turns."""


class BlockKind(StrEnum):
    """What a block is on its page; the labels that document layout work (DocLayNet) has settled on."""

    TEXT = "text"
    TITLE = "title"
    SECTION_HEADER = "section_header"
    LIST_ITEM = "list_item"
    TABLE = "table"
    PICTURE = "picture"
    FORMULA = "formula"
    CODE = "code"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    PAGE_HEADER = "page_header"
    PAGE_FOOTER = "page_footer"


class PageStatus(StrEnum):
    """How the reading of a page ended."""

    OK = "ok"
    PARTIAL = "partial"
    """Some of the page was read; `warnings` say what is missing."""
    FALLBACK = "fallback"
    """Read by another engine than the one asked for; `provenance` names both."""
    FAILED = "failed"
    """Nothing was read; `error` says why."""


class Word(Value):
    """One word (or, in scripts without spaces, one character or run) with its place."""

    text: str
    bbox: Box
    confidence: Confidence | None = None
    quad: Quad | None = None
    """The exact corners where the word is not upright; `None` means the bbox itself."""
    flag: WordFlag | None = None
    """What speaks against it, where it was compared with another reading; since schema 1.1."""


class Line(Value):
    """One printed line in logical order.

    `text` is the line as read; words joined by spaces need not equal it (scripts without spaces).
    """

    text: str
    bbox: Box
    confidence: Confidence | None = None
    words: tuple[Word, ...] = ()
    quad: Quad | None = None
    """The exact corners where the line is not upright; `None` means the bbox itself."""
    direction: Direction = "ltr"
    font_size: float | None = None
    """Size of the type in pixels of the page image where the engine knows it."""
    bold: bool = False
    italic: bool = False


class Cell(Value):
    """One cell of a table; rows and columns count from 0."""

    row: Annotated[int, Field(ge=0)]
    column: Annotated[int, Field(ge=0)]
    row_span: Annotated[int, Field(ge=1)] = 1
    column_span: Annotated[int, Field(ge=1)] = 1
    text: str = ""
    bbox: Box | None = None
    confidence: Confidence | None = None
    header: bool = False
    source_text: str | None = None
    """What was read, where `text` is a translation of it."""


class Table(Value):
    """A grid of cells. Every position belongs to at most one cell; a position without a cell is empty."""

    rows: Annotated[int, Field(ge=1)]
    columns: Annotated[int, Field(ge=1)]
    cells: tuple[Cell, ...] = ()
    continues: bool = False
    """Whether it goes on with the last table of the page before, in the same columns; its header rows repeat that
    table's."""

    @model_validator(mode="after")
    def _cells_fit(self) -> Self:
        taken: set[tuple[int, int]] = set()
        for cell in self.cells:
            if cell.row + cell.row_span > self.rows or cell.column + cell.column_span > self.columns:
                raise ValueError(f"cell at row {cell.row}, column {cell.column} reaches outside the table")
            spots = {
                (r, c)
                for r in range(cell.row, cell.row + cell.row_span)
                for c in range(cell.column, cell.column + cell.column_span)
            }
            if spots & taken:
                raise ValueError(f"cell at row {cell.row}, column {cell.column} overlaps another")
            taken |= spots
        return self

    @property
    def has_spans(self) -> bool:
        """Whether any cell covers more than one position."""
        return any(c.row_span > 1 or c.column_span > 1 for c in self.cells)

    def grid(self) -> list[list[str]]:
        """The texts as `rows` lists of `columns` strings; a spanning cell's text stands at its first position."""
        grid = [[""] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            grid[cell.row][cell.column] = cell.text
        return grid


class Block(Value):
    """One paragraph, heading, list item, table, … of a page.

    `text` is what a reader reads: the lines of a paragraph joined, a hyphen at a line's end resolved;
    for a table its rows, one a line, cells parted by tabs.
    """

    kind: BlockKind = BlockKind.TEXT
    text: str
    bbox: Box
    id: str = ""
    """Unique in its document (`p3-b7`: page 3, seventh block); given by the pipeline."""
    confidence: Confidence | None = None
    lines: tuple[Line, ...] = ()
    level: Annotated[int, Field(ge=1)] | None = None
    """Depth of a title or section header (1 is the highest) or of a list item."""
    marker: str = ""
    """The bullet or number of a list item as printed; it is not part of `text`."""
    table: Table | None = None
    latex: str | None = None
    """Source of a formula, without delimiters."""
    formulas: tuple[str, ...] = ()
    r"""LaTeX of the formulas within `text`, each of which stands there between `\(` and `\)`; since schema 1.1."""
    agreement: Confidence | None = None
    """Share of its words that another engine read too; `None` where nothing was compared; since schema 1.1."""
    source_text: str | None = None
    """What was read, where `text` is a translation of it; `lines` and `words` always are what stands on the page."""

    @property
    def printed(self) -> str:
        """The block line by line as it stands on the page, its list marker too; a table, and a translation, as text."""
        if self.table is not None or not self.lines or self.source_text is not None:
            return f"{self.marker} {self.text}" if self.marker else self.text
        text = "\n".join(line.text for line in self.lines)
        return text if text.startswith(self.marker) else f"{self.marker} {text}"


class PageWarning(Value):
    """Something a reader of the page should know; `code` is a stable word such as `no_text`."""

    code: str
    message: str
    boxes: tuple[Box, ...] = ()
    """Where on the page that is, where it has places; since schema 1.1."""


class PageError(Value):
    """Why a page could not be read: the `code` of the ocrkit error, and its message."""

    code: str
    message: str


class EngineRun(Value):
    """One engine that contributed to a page."""

    engine: str
    version: str | None = None
    model: str | None = None
    usage: Usage | None = None
    """What it cost, where a model behind an endpoint was asked."""


class TextLayerUse(StrEnum):
    """What became of the text that a PDF page already carried."""

    USED = "used"
    MERGED = "merged"
    """The text layer, plus what an engine read in the page's pictures."""
    IGNORED = "ignored"
    ABSENT = "absent"


class TextLayerDecision(Value):
    """Why the page's own text was used or not: `reason` is a stable word, `detail` the figures behind it."""

    use: TextLayerUse
    reason: str
    detail: str = ""


class Provenance(Value):
    """Who read the page. `runs[0]` is the engine whose text it mainly is."""

    runs: tuple[EngineRun, ...]
    requested: str | None = None
    """The engine asked for, where another read the page."""
    doubt: str | None = None
    """Why tier `auto` gave the page to an engine of tier `vlm`; since schema 1.1."""
    tier: Literal["cpu", "vlm"] | None = None
    """The tier that read the page, whose price it has; since schema 1.1."""
    text_layer: TextLayerDecision | None = None
    seconds: float | None = None
    """Wall time spent on this page."""


class Page(Value):
    """One page: blocks in reading order, in pixels of a page image of `width` × `height` at `dpi`."""

    number: Annotated[int, Field(ge=1)]
    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]
    dpi: float | None = None
    """Pixels an inch of the page image; `None` where the image does not say."""
    blocks: tuple[Block, ...] = ()
    status: PageStatus = PageStatus.OK
    error: PageError | None = None
    warnings: tuple[PageWarning, ...] = ()
    detected_language: str | None = None
    detected_script: str | None = None
    rotation: Rotation = 0
    """Degrees clockwise that the page image must be turned to stand upright; boxes are in the image as given."""
    skew: float = 0.0
    """Degrees clockwise that the text is tilted on the page, after `rotation`."""
    provenance: Provenance | None = None
    agreement: Confidence | None = None
    """Share of the words of this reading and another that both have; `None`: not compared; since schema 1.1."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all blocks in reading order."""
        return tuple(line for block in self.blocks for line in block.lines)

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all blocks in reading order."""
        return tuple(word for line in self.lines for word in line.words)

    @property
    def text(self) -> str:
        """What is printed, in reading order: line by line, one blank line between blocks, none within a list.

        `Block.text` is the flowing text, its line ends and hyphens resolved.
        """
        parts: list[str] = []
        before: BlockKind | None = None
        for block in self.blocks:
            text = block.printed
            if not text.strip():
                continue
            if parts:
                parts.append("\n" if before is block.kind is BlockKind.LIST_ITEM else "\n\n")
            parts.append(text)
            before = block.kind
        return "".join(parts)

    @property
    def confidence(self) -> float | None:
        """Mean confidence of the words, else of the lines, else of the blocks; `None` where no one knows."""
        for items in (self.words, self.lines, self.blocks):
            known = [item.confidence for item in items if item.confidence is not None]
            if known:
                return sum(known) / len(known)
        return None


class Translation(Value):
    """From which language (`auto` where none was found) into which a document was translated, and by what."""

    source: str
    target: str
    translator: str


class PageStore(Sequence[Page]):
    """Base of sequences that keep pages elsewhere than in memory; a `Document` keeps one as it is.

    It holds valid pages, never changes, and equals a tuple of equal pages.
    """


def _in_place(pages: object, validate: ValidatorFunctionWrapHandler) -> Sequence[Page]:
    return pages if isinstance(pages, PageStore) else tuple(validate(pages))


def _as_tuple(pages: Sequence[Page], serialize: SerializerFunctionWrapHandler) -> object:
    return serialize(tuple(pages))


class Document(Value):
    """What ocrkit returns: the pages that were asked for, in order, and where they came from."""

    schema_version: str = SCHEMA_VERSION
    source: str = ""
    """Name of the input, without its folder."""
    media_type: str = ""
    page_count: Annotated[int, Field(ge=0)] = 0
    """Pages of the input, which may be more than `pages` holds."""
    metadata: dict[str, str] = Field(default_factory=dict)
    """What the file says of itself: `title`, `author`, …"""
    translation: Translation | None = None
    """Where the texts of blocks and cells are translations: from what, into what."""
    fields: tuple[FoundField, ...] = ()
    """Values that a tool found, such as the total of a receipt; since schema 1.1."""
    pages: Annotated[Sequence[Page], WrapValidator(_in_place), WrapSerializer(_as_tuple)] = ()
    """A tuple, or a sequence that keeps the pages of a long document on disk and reads each when asked for.

    The last field, since writers of JSON append page after page.
    """

    @property
    def text(self) -> str:
        """The text of all pages, parted by form feeds, as `pdftotext` does it."""
        return "\n\f".join(page.text for page in self.pages)

    @property
    def confidence(self) -> float | None:
        """Mean confidence of the pages that know theirs; `None` where none does."""
        known = [page.confidence for page in self.pages if page.confidence is not None]
        return sum(known) / len(known) if known else None

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table of the document in reading order; one that goes on over pages is several, page by page."""
        return tuple(block.table for page in self.pages for block in page.blocks if block.table)

    def to_json(self) -> str:
        """The document as JSON on one line, every field present."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str | bytes) -> Document:
        """The document that `to_json` wrote.

        Raises:
            SchemaVersionError: the text is no such JSON, or its major version is another.
        """
        try:
            document = cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "the file"
            raise SchemaVersionError(
                f"This is not an ocrkit document: {where}: {first['msg']}.",
                hint="Pass a file written by the json exporter.",
            ) from error
        if document.schema_version.split(".")[0] != SCHEMA_VERSION.split(".", maxsplit=1)[0]:
            raise SchemaVersionError(
                f"The document has schema version {document.schema_version}; this ocrkit reads {SCHEMA_VERSION}.",
                hint="Use the ocrkit that wrote it, or recognize the file again.",
            )
        return document

"""Who is measured: one light record each; what does the work is loaded in the child process that runs it.

A contender turns a file into the outputs asked for. All get the same files, the same cores and the same
clock, from the start of their process to its end.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

Format = Literal["txt", "md", "csv", "json", "pdf"]

Outputs: TypeAlias = dict[str, bytes]
"""What was made of one file, by format. In `txt` the pages are parted by form feeds."""


class Read(Protocol):
    """Reads one file."""

    def __call__(self, path: Path, /) -> Outputs:
        """The outputs of `path` in the formats asked for."""
        ...


@dataclass(frozen=True, slots=True)
class Setup:
    """How a contender is to work.

    Attributes:
        formats: what to make of each file.
        engine: name of an ocrkit engine; `None` is ocrkit's own choice. Peers have no say in it.
        options: of that engine, as typed.
        workers: processes of ocrkit, 0 for none; `None` is ocrkit's own choice.
        language: for ocrkit, a code of its own or `auto`.
        peer_languages: Tesseract codes joined by `+`, for peers that must be told.
        jobs: processes for peers that must be told.
        scratch: an empty folder for files in between.
    """

    formats: tuple[Format, ...] = ("txt",)
    engine: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    workers: int | None = None
    language: str = "auto"
    peer_languages: str = "eng"
    jobs: int = 1
    scratch: str = "."


class Load(Protocol):
    """Makes a contender ready."""

    def __call__(self, setup: Setup, /) -> AbstractContextManager[Read]:
        """A context that gives the reader; leaving it ends what was started."""
        ...


@dataclass(frozen=True, slots=True)
class Contender:
    """One program in the race.

    Attributes:
        name: what users type.
        summary: how it is run, for the report.
        load: module with a `contend: Load`, imported in the child process.
        formats: what it can make.
        modules: Python modules it needs.
        programs: programs it needs on PATH.
    """

    name: str
    summary: str
    load: str
    formats: frozenset[Format]
    modules: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()

    def missing(self) -> list[str]:
        """What it needs and is not installed."""
        modules = [name for name in self.modules if find_spec(name) is None]
        return modules + [name for name in self.programs if shutil.which(name) is None]


OCRKIT = Contender(
    name="ocrkit",
    summary="ocrkit.Recognizer().recognize(file), then ocrkit.export",
    load="bench.contenders.library",
    formats=frozenset({"txt", "md", "csv", "json", "pdf"}),
    modules=("ocrkit",),
)

STREAM = Contender(
    name="ocrkit-stream",
    summary="ocrkit.Recognizer().stream(file), each page let go once written",
    load="bench.contenders.stream",
    formats=frozenset({"txt"}),
    modules=("ocrkit",),
)

COMMAND = Contender(
    name="ocrkit-command",
    summary="the command `ocrkit recognize`",
    load="bench.contenders.command",
    formats=frozenset({"txt", "md", "csv", "json", "pdf"}),
    modules=("ocrkit",),
)

PEERS = (
    Contender(
        name="rapidocr",
        summary="one RapidOCR() in a loop over the pages, PDFs rendered by pypdfium2 at 200 dpi",
        load="bench.contenders.rapidocr_loop",
        formats=frozenset({"txt"}),
        modules=("rapidocr", "onnxruntime", "pypdfium2"),
    ),
    Contender(
        name="tesseract",
        summary="the tesseract program a page, --jobs at a time, PDFs rendered by pypdfium2 at 300 dpi",
        load="bench.contenders.tesseract_program",
        formats=frozenset({"txt"}),
        modules=("pypdfium2",),
        programs=("tesseract",),
    ),
    Contender(
        name="ocrmypdf",
        summary="ocrmypdf --jobs N --output-type pdf",
        load="bench.contenders.ocrmypdf_program",
        formats=frozenset({"pdf"}),
        programs=("ocrmypdf", "tesseract", "gs"),
    ),
)

FIND_TABLES = Contender(
    name="find_tables",
    summary="PyMuPDF's Page.find_tables() with its defaults",
    load="bench.contenders.pymupdf_tables",
    formats=frozenset({"csv"}),
    modules=("pymupdf",),
)

IMG2TABLE = Contender(
    name="img2table",
    summary="img2table with RapidOCR or the PDF's own text, tables without borders included",
    load="bench.contenders.img2table_reader",
    formats=frozenset({"csv"}),
    modules=("img2table", "rapidocr"),
)

ALL = {contender.name: contender for contender in (OCRKIT, STREAM, COMMAND, *PEERS, FIND_TABLES, IMG2TABLE)}

"""The work of `ocrkit recognize`: file after file, each failing alone, and nothing about it silent."""

from __future__ import annotations

import sys
import tempfile
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import click

from ocrkit.api import Recognizer
from ocrkit.cli.outputs import write
from ocrkit.cli.problems import error_line
from ocrkit.cli.progress import Progress
from ocrkit.cli.remarks import failure_lines, warning_lines
from ocrkit.errors import EngineUnavailableError, OptionError
from ocrkit.exporting import export_to
from ocrkit.sources import DEFAULT_DPI, open_source
from ocrkit.translation import untranslated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from ocrkit.api import RecognizeOptions
    from ocrkit.cli.inputs import Input
    from ocrkit.contracts import ExporterSpec
    from ocrkit.model import Document
    from ocrkit.registry import Registry
    from ocrkit.sources import Source, SourceInput

_ENDS_THE_RUN = (OptionError, EngineUnavailableError, BrokenPipeError)
"""What the next file would meet too."""

_IN_MEMORY = 16 * 2**20
"""Bytes of a written document up to which it waits in memory for its destination."""


@dataclass
class Run:
    """One call of `recognize`.

    Attributes:
        registry: engines and formats.
        formats: what to write of each document.
        options: how to read.
        exporter_options: options by format.
        workers: processes that read pages, as `Recognizer` takes it.
        quiet: print errors only.
        debug: print the traceback of each failure.
    """

    registry: Registry
    formats: Sequence[ExporterSpec]
    options: RecognizeOptions
    exporter_options: Mapping[str, Mapping[str, object]]
    workers: int | None = None
    quiet: bool = False
    debug: bool = False
    _progress: Progress = field(init=False)
    _failed: set[str] = field(init=False, default_factory=set)

    def all(self, work: Sequence[tuple[Input, Sequence[Path | None]]]) -> int:
        """Reads each input and writes it to its paths; the number of inputs that failed, wholly or in part.

        Raises:
            OptionError: an option does not exist or has a bad value.
            EngineUnavailableError: the engine cannot be loaded.
            BrokenPipeError: the reader of standard output has gone.
        """
        self._progress = Progress(len(work), quiet=self.quiet)
        try:
            with Recognizer(self.registry, workers=self.workers) as recognizer:
                sources = [one.path or self._stdin() for one, _ in work]
                results = recognizer.recognize_all(sources, on_page=self._progress.page, **self.options)
                for (one, paths), source in zip(work, sources, strict=True):
                    self._progress.begin(one.label)
                    with self._alone(one, one.label):
                        self._write(_read(next(results)), one, paths, source=source)
            self._progress.summary(len(self._failed))
        finally:
            self._progress.clear()
        return len(self._failed)

    def _write(self, document: Document, one: Input, paths: Sequence[Path | None], *, source: SourceInput) -> None:
        if one.path is None:
            document = document.model_copy(update={"source": one.label})
        self._remark(one, document)
        written = []
        options = self.options
        dpi = options.get("dpi", DEFAULT_DPI)
        with open_source(source, password=options.get("password"), limits=options["limits"], dpi=dpi) as original:
            for spec, path in zip(self.formats, paths, strict=True):
                with self._alone(one, f"{one.label} as {spec.name}"):
                    self._export(document, spec, path, source=original)
                    written.append(path)
        self._progress.end([path for path in written if path])

    def _export(self, document: Document, spec: ExporterSpec, path: Path | None, *, source: Source) -> None:
        options = self.exporter_options[spec.name]
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spooled:
            out = cast("BinaryIO", spooled)
            export_to(out, document, spec.name, source=source, options=options, registry=self.registry)
            out.seek(0)
            self._progress.clear()
            write(out, path)

    def _stdin(self) -> bytes:
        """Standard input, and no more of it than it takes to see that it is too large."""
        return sys.stdin.buffer.read(self.options["limits"].max_bytes + 1)

    @contextmanager
    def _alone(self, one: Input, about: str) -> Iterator[None]:
        """Turns a failure into an error line, so that it costs nothing else."""
        try:
            yield
        except _ENDS_THE_RUN:
            raise
        except Exception as error:  # noqa: BLE001 - a file that trips over a bug must not cost the others
            self._fail(one, error_line(error, about=about))

    def _fail(self, one: Input, line: str) -> None:
        self._failed.add(one.label)
        self._progress.clear()
        if self.debug and sys.exc_info()[0]:
            traceback.print_exc()
        click.echo(line, err=True)

    def _remark(self, one: Input, document: Document) -> None:
        """Tells of the pages that were not read, and of what a reader of the others should know."""
        for line in failure_lines(document, one.label):
            self._fail(one, line)
        if self.options.get("translate_to") and untranslated(document):
            self._fail(one, f"error: {one.label}: nothing of it could be translated. It is written as it was read.")
        for line in () if self.quiet else warning_lines(document, one.label):
            self._progress.clear()
            click.echo(line, err=True)


def _read(result: Document | Exception) -> Document:
    if isinstance(result, Exception):
        raise result
    return result

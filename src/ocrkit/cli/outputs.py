"""Where documents are written: standard output, one file, or a folder, and never over an input or one another."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ocrkit.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from ocrkit.cli.inputs import Input
    from ocrkit.contracts import ExporterSpec

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where everything goes.

    Attributes:
        folder: the folder of all outputs, if they go into one.
        file: the one output, if it is a named file; neither means standard output.
    """

    folder: Path | None = None
    file: Path | None = None


def destination(output: str | None) -> Destination:
    """What `-o` names: a folder if it is one, ends with a slash or has no ending; else a file.

    Anything that exists and is no folder (a device, a pipe) is a file too.
    """
    if output is None or output == STDOUT:
        return Destination()
    path = Path(output)
    if path.is_dir() or output.endswith(("/", os.sep)) or not (path.suffix or path.exists()):
        return Destination(folder=path)
    return Destination(file=path)


def plan(inputs: Sequence[Input], formats: Sequence[ExporterSpec], destination: Destination) -> list[list[Path | None]]:
    """For each input the path of each format; `None` is standard output.

    Raises:
        click.UsageError: the outputs do not fit the destination.
    """
    if destination.folder is not None:
        return _below(destination.folder, inputs, formats)
    if destination.file is None:
        _check_stdout(inputs, formats)
        return [[None] for _ in inputs]
    if len(inputs) * len(formats) > 1:
        raise click.UsageError(f"Several outputs do not fit into {destination.file}; name a folder: -o FOLDER/.")
    if destination.file.exists() and any(
        one.path and one.path.exists() and one.path.samefile(destination.file) for one in inputs
    ):
        raise click.UsageError(f"{destination.file} is the input; write to another file.")
    return [[destination.file]]


def write(data: BinaryIO, path: Path | None) -> None:
    """Writes what is left of `data`, all or nothing: whoever looks at `path` sees the old file or the whole new one.

    Raises:
        ExportError: the file cannot be written.
        BrokenPipeError: the reader of standard output has gone.
    """
    if path is None:
        shutil.copyfileobj(data, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as out:  # a device or a pipe: renaming would replace it by a file
                shutil.copyfileobj(data, out)
        else:
            _replace(path.resolve(), data)
    except OSError as error:
        raise ExportError(
            f"{path} cannot be written: {error.strerror}.", hint="Choose another place with -o."
        ) from error


def _replace(path: Path, data: BinaryIO) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".ocrkit-{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            shutil.copyfileobj(data, out)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _check_stdout(inputs: Sequence[Input], formats: Sequence[ExporterSpec]) -> None:
    if len(formats) > 1:
        raise click.UsageError("Several formats need a folder: -o FOLDER.")
    if _is_text(formats[0]):
        return
    if len(inputs) > 1:
        raise click.UsageError(f"Several {formats[0].name} files need a folder: -o FOLDER.")
    if sys.stdout.isatty():
        raise click.UsageError(f"Format {formats[0].name} is not for a terminal; write it to a file: -o FILE.")


def _is_text(spec: ExporterSpec) -> bool:
    return spec.media_type.startswith("text/") or spec.media_type == "application/json"


def _below(folder: Path, inputs: Sequence[Input], formats: Sequence[ExporterSpec]) -> list[list[Path | None]]:
    """Named after the input with the ending of the format; where that is taken, after its full name, then numbered."""
    taken = {one.path.resolve() for one in inputs if one.path}
    planned: list[list[Path | None]] = []
    for one in inputs:
        for stem in _stems(one):
            paths = [folder / one.place.parent / f"{stem}{spec.extension}" for spec in formats]
            if taken.isdisjoint(path.resolve() for path in paths):
                break
        taken.update(path.resolve() for path in paths)
        planned.append([*paths])
    return planned


def _stems(one: Input) -> Iterator[str]:
    yield one.place.stem
    yield one.place.name
    number = 2
    while True:
        yield f"{one.place.name}-{number}"
        number += 1

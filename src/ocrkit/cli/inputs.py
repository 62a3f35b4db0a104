"""What the FILE arguments name: files, folders, patterns that the shell left alone, and standard input."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STDIN = "-"

FOLDER_ENDINGS = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"})
"""What is taken from a folder. A file named by itself is read whatever its name: its content tells what it is."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input.

    Attributes:
        label: how messages name it: as the user wrote it.
        path: where it is; `None` for standard input.
        place: name of the file; for one out of a folder, its path below that folder.
    """

    label: str
    path: Path | None
    place: PurePath


def find_inputs(arguments: Iterable[str], *, outputs: Path | None = None) -> list[Input]:
    """The inputs in the order of the arguments, each once; the folder `outputs` is not searched for inputs.

    Raises:
        click.UsageError: standard input is named twice, or a folder holds nothing to read.
    """
    found: dict[Path | None, Input] = {}
    for argument in arguments:
        if argument == STDIN and None in found:
            raise click.UsageError("Standard input (-) can be read once.")
        for one in _named_by(argument, outputs):
            found.setdefault(one.path.resolve() if one.path else None, one)
    return list(found.values())


def _named_by(argument: str, outputs: Path | None) -> Iterator[Input]:
    if argument == STDIN:
        yield Input(label="stdin", path=None, place=PurePath("stdin"))
        return
    named = Path(argument)
    # A pattern that nothing matches goes on as the name of a file, which then is not found, and is said so.
    for path in sorted(_matches(named)) or [named]:
        if path.is_dir():
            yield from _within(path, outputs)
        else:
            yield Input(label=str(path), path=path, place=PurePath(path.name))


def _matches(pattern: Path) -> Iterator[Path]:
    if any(sign in str(pattern) for sign in "*?[") and not pattern.exists():
        yield from Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor)))


def _within(folder: Path, outputs: Path | None) -> list[Input]:
    away = outputs.resolve() if outputs and outputs.resolve() != folder.resolve() else None
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _passed_over(Path(place, name), away))
        readable = (name for name in sorted(files) if Path(name).suffix.lower() in FOLDER_ENDINGS)
        found += [Path(place, name) for name in readable if not name.startswith(".")]
    if not found:
        raise click.UsageError(f"The folder {folder} holds no file that ends in {', '.join(sorted(FOLDER_ENDINGS))}.")
    return [Input(label=str(path), path=path, place=path.relative_to(folder)) for path in found]


def _passed_over(folder: Path, away: Path | None) -> bool:
    return folder.name.startswith(".") or folder.resolve() == away

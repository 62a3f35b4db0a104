"""Folders of documents with the truth beside them: `<id>.jpg` (or .png, .tif, .pdf, …) and `<id>.gt.txt`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PICTURES = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
DOCUMENTS = PICTURES | {".pdf"}


@dataclass(frozen=True, slots=True)
class Item:
    """One file and what stands on it."""

    path: Path
    truth: str

    @property
    def ident(self) -> str:
        """The file's name without its ending."""
        return self.path.stem


class NoDataError(Exception):
    """A folder holds nothing that can be measured."""


def items(folder: Path, *, endings: Iterable[str] = DOCUMENTS) -> list[Item]:
    """The items of `folder` in the order of their names.

    Raises:
        NoDataError: the folder holds no file with such an ending and a `.gt.txt` beside it.
    """
    wanted = frozenset(endings)
    found = [
        Item(path, truth.read_text("utf-8-sig"))
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in wanted and (truth := path.with_name(f"{path.stem}.gt.txt")).is_file()
    ]
    if not found:
        raise NoDataError(f"{folder} holds no document with a <id>.gt.txt beside it ({', '.join(sorted(wanted))}).")
    return found


def mixed(folders: Iterable[Path]) -> list[Item]:
    """The pictures of all folders, one of each in turn, so that any stretch of the list is a mixture.

    Raises:
        NoDataError: a folder holds no picture with a `.gt.txt` beside it.
    """
    ranked = [
        (place / len(found), number, item)
        for number, folder in enumerate(folders)
        for found in [items(folder, endings=PICTURES)]
        for place, item in enumerate(found)
    ]
    return [item for _, _, item in sorted(ranked, key=lambda entry: entry[:2])]

"""Reads each file once; what was read is kept between runs where a folder for it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit import Document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Reader:
    """Recognizes files.

    Args:
        recognize: does it.
        kept: folder of documents as JSON, by the path of their file.
    """

    def __init__(self, recognize: Callable[[Path], Document], kept: Path | None) -> None:
        self._recognize = recognize
        self._kept = kept

    def read(self, path: Path) -> Document:
        """The document of a file."""
        if self._kept is None:
            return self._recognize(path)
        self._kept.mkdir(parents=True, exist_ok=True)
        copy = self._kept / ("_".join(path.parts[-2:]) + ".json")
        if not copy.exists():
            copy.write_text(self._recognize(path).to_json(), "utf-8")
        return Document.from_json(copy.read_bytes())

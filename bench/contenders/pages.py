"""Pages of a file as pictures, the plain way, for peers that read pictures only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2
from PIL import Image, ImageOps, ImageSequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def rendered(path: Path, *, dpi: int) -> Iterator[Image.Image]:
    """The pages of a PDF at `dpi`, or the frames of a picture as they are, turned upright by their EXIF tag."""
    if path.suffix.lower() != ".pdf":
        with Image.open(path) as picture:
            for frame in ImageSequence.Iterator(picture):
                yield ImageOps.exif_transpose(frame)
        return
    document = pypdfium2.PdfDocument(path)
    try:
        for page in document:
            yield page.render(scale=dpi / 72).to_pil()
    finally:
        document.close()

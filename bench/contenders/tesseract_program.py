"""Contender `tesseract`: the program as Debian ships it, one process a page and one thread a process."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.contenders.pages import rendered
from bench.contenders.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL import Image

    from bench.contenders import Outputs, Read, Setup

DPI = 300


def _recognized(page: Image.Image, *, languages: str) -> bytes:
    picture = io.BytesIO()
    # PNG at its lowest effort: packing is no part of what is measured.
    page.save(picture, "PNG", compress_level=1, dpi=page.info.get("dpi", (DPI, DPI)))
    text = run_program(
        ["tesseract", "stdin", "stdout", "-l", languages], given=picture.getvalue(), OMP_THREAD_LIMIT="1"
    )
    return text.rstrip(b"\n\f")


@contextmanager
def contend(setup: Setup) -> Iterator[Read]:
    """As many programs at a time as there are jobs: faster than its own threads."""
    with ThreadPoolExecutor(setup.jobs) as pool:

        def read(path: Path, /) -> Outputs:
            # Rendered one by one in this thread: PDFium must not be used from two.
            waiting = [
                pool.submit(_recognized, page, languages=setup.peer_languages)
                for page in (page.convert("RGB") for page in rendered(path, dpi=DPI))
            ]
            return {"txt": b"\n\f".join(one.result() for one in waiting)}

        yield read

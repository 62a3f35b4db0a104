"""Contender `ocrkit-stream`: the library, page by page, with no document ever held."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import ocrkit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.contenders import Outputs, Read, Setup


@contextmanager
def contend(setup: Setup) -> Iterator[Read]:
    """One `Recognizer` for all files; of each page its text is kept."""
    with ocrkit.Recognizer(workers=setup.workers) as recognizer:

        def read(path: Path, /) -> Outputs:
            pages = recognizer.stream(path, engine=setup.engine, language=setup.language, options=setup.options)
            return {"txt": "\n\f".join(page.text for page in pages).encode()}

        yield read

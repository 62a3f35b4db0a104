"""Contender `ocrkit`: the library, its engine kept loaded between files."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import ocrkit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.contenders import Outputs, Read, Setup

OPTIONS = {"csv": {"content": "tables"}}
"""Of formats; a CSV of words, which stands for a document without tables, is no table."""


@contextmanager
def contend(setup: Setup) -> Iterator[Read]:
    """One `Recognizer` for all files."""
    with ocrkit.Recognizer(workers=setup.workers) as recognizer:

        def read(path: Path, /) -> Outputs:
            document = recognizer.recognize(path, engine=setup.engine, language=setup.language, options=setup.options)
            return {
                name: ocrkit.export(document, name, source=path, options=OPTIONS.get(name)) for name in setup.formats
            }

        yield read

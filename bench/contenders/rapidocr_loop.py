"""Contender `rapidocr`: what a user of the package writes, and no more."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import numpy as np
from rapidocr import RapidOCR

from bench.contenders.pages import rendered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rapidocr.utils.output import RapidOCROutput

    from bench.contenders import Outputs, Read, Setup

DPI = 200


@contextmanager
def contend(setup: Setup) -> Iterator[Read]:
    """One `RapidOCR()` with its defaults, which take every core."""
    del setup  # it has no language, no jobs and one format
    engine = RapidOCR()

    def read(path: Path, /) -> Outputs:
        pages = []
        for page in rendered(path, dpi=DPI):
            # RapidOCR takes BGR, as OpenCV loads it.
            result = cast("RapidOCROutput", engine(np.ascontiguousarray(np.asarray(page.convert("RGB"))[:, :, ::-1])))
            pages.append("\n".join(result.txts or ()))
        return {"txt": "\n\f".join(pages).encode()}

    yield read

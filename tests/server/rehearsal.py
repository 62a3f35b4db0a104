"""An engine for tests, as a plugin: fast, and its faults are planted by the width of a page."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ocrkit.contracts import EngineOptions, EngineSpec
from ocrkit.hookspecs import hookimpl
from ocrkit.model import EngineRun, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.model import Page
    from ocrkit.raster import PageImage

UNREADABLE = 333
"""Pixels of a page that the engine raises at."""
SLOW = 444
"""Pixels of a page that it takes SECONDS for."""
SECONDS = 0.7

NAME = "rehearsal"


class RehearsalEngine:
    """Says which page it was given."""

    def recognize(self, images: Iterable[PageImage], options: EngineOptions, /) -> Iterator[Page]:
        del options
        for image in images:
            if image.width == UNREADABLE:
                raise ValueError("planted")
            if image.width == SLOW:
                time.sleep(SECONDS)
            box = (10.0, 20.0, image.width - 10.0, 60.0)
            line = Line(text=f"Page {image.number} of the rehearsal", bbox=box, confidence=0.98)
            yield image.page(run=EngineRun(engine=NAME, version="1"), lines=[line])

    def close(self) -> None:
        pass


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    yield EngineSpec(name=NAME, summary="For tests", load="rehearsal:RehearsalEngine", licence="Apache-2.0")


def installed(folder: Path) -> dict[str, str]:
    """The variables of a process that finds this plugin, installed into `folder`."""
    info = folder / "rehearsal-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: rehearsal\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[ocrkit]\nrehearsal = rehearsal\n", "utf-8")
    (folder / "rehearsal.py").write_text(Path(__file__).read_text("utf-8"), "utf-8")
    return {**os.environ, "PYTHONPATH": str(folder)}

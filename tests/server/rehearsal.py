"""An engine for tests, as a plugin: fast, and its faults are planted by the width of a page."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ocrkit.contracts import EngineOptions, EngineSpec
from ocrkit.errors import EndpointUnavailableError
from ocrkit.hookspecs import hookimpl
from ocrkit.model import Block, EngineRun, Line, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.model import Page
    from ocrkit.raster import PageImage

UNREADABLE = 333
"""Pixels of a page that the engine raises at."""
SLOW = 444
"""Pixels of a page that it takes SECONDS for."""
SECONDS = 0.7
STUCK = 1234
"""Pixels of a page that it never comes back from."""
DOUBTFUL = 555
"""Pixels of a page that the engine reads and is not sure of."""
BEYOND = 556
"""Pixels of such a page, which the engine of tier `vlm` raises at."""

NAME = "rehearsal"
VISION = "rehearsal-vision"


class RehearsalEngine:
    """Says which page it was given."""

    def recognize(self, images: Iterable[PageImage], options: EngineOptions, /) -> Iterator[Page]:
        del options
        for image in images:
            if image.width == UNREADABLE:
                raise ValueError("planted")
            if image.width == SLOW:
                time.sleep(SECONDS)
            if image.width == STUCK:
                time.sleep(3600)
            box = (10.0, 20.0, image.width - 10.0, 60.0)
            sure = 0.3 if image.width in {DOUBTFUL, BEYOND} else 0.98
            words = (Word(text=f"Page {image.number} of the rehearsal", bbox=box, confidence=sure),)
            line = Line(text=words[0].text, bbox=box, confidence=sure, words=words)
            yield image.page(run=EngineRun(engine=NAME, version="1"), lines=[line])

    def close(self) -> None:
        pass


class VisionEngine:
    """Says that it saw a page."""

    def recognize(self, images: Iterable[PageImage], options: EngineOptions, /) -> Iterator[Page]:
        del options
        for image in images:
            if image.width == BEYOND:
                raise EndpointUnavailableError("The vision model does not answer.")
            box = (0.0, 0.0, float(image.width), float(image.height))
            yield image.page(
                run=EngineRun(engine=VISION), blocks=[Block(text=f"Vision of page {image.number}", bbox=box)]
            )

    def close(self) -> None:
        pass


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    yield EngineSpec(name=NAME, summary="For tests", load="rehearsal:RehearsalEngine", licence="Apache-2.0")
    yield EngineSpec(
        name=VISION,
        summary="For tests",
        load="rehearsal:VisionEngine",
        licence="Apache-2.0",
        tier="vlm",
        provides=frozenset({"blocks"}),
    )


def installed(folder: Path) -> dict[str, str]:
    """The variables of a process that finds this plugin, installed into `folder`."""
    info = folder / "rehearsal-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: rehearsal\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[ocrkit]\nrehearsal = rehearsal\n", "utf-8")
    (folder / "rehearsal.py").write_text(Path(__file__).read_text("utf-8"), "utf-8")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))}

"""A plugin with faults at the pages one names. It is copied beside a service, whose children find it as any other."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from ocrkit.contracts import EngineOptions, EngineSpec
from ocrkit.hookspecs import hookimpl
from ocrkit.model import EngineRun, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.model import Page
    from ocrkit.raster import PageImage


class PlantedOptions(EngineOptions):
    """Options of engine `planted`."""

    seconds: float = 0.0
    """For each page."""
    crash: tuple[int, ...] = ()
    """Pages that end their process with a segmentation fault."""
    hang: tuple[int, ...] = ()
    """Pages that never come back."""
    hog: tuple[int, ...] = ()
    """Pages that ask for more memory than there is."""
    fail: tuple[int, ...] = ()
    """Pages that raise."""
    broken: tuple[int, ...] = ()
    """Pages that raise what Pillow raises for pictures that are broken, and a full disk for itself."""
    garble: tuple[int, ...] = ()
    """Pages that write nonsense where the answer goes."""
    log: str = ""
    """File to which each reading is appended: process and page."""


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """The engine `planted`."""
    yield EngineSpec(
        name="planted",
        summary="Faults at the pages one names",
        load="planted:Planted",
        licence="Apache-2.0",
        options=PlantedOptions,
    )


class Planted:
    """Says which page it was given, unless it was told otherwise."""

    def recognize(self, images: Iterable[PageImage], options: PlantedOptions, /) -> Iterator[Page]:
        """One line a page."""
        for image in images:
            if options.log:
                with open(options.log, "a", encoding="utf-8") as log:  # noqa: PTH123 - one write, appended whole
                    log.write(f"{os.getpid()} {image.number}\n")
            if image.number in options.crash:
                os.kill(os.getpid(), 11)
            if image.number in options.hang:
                time.sleep(3600)
            if image.number in options.hog:
                hoard = bytearray(1 << 40)
                hoard[::4096] = b"x" * len(hoard[::4096])
            if image.number in options.fail:
                raise ValueError(f"page {image.number} is right out")
            if image.number in options.broken:
                raise OSError("broken data stream when reading image file")
            if image.number in options.garble:
                _garble()
            time.sleep(options.seconds)
            line = Line(text=f"This is page {image.number}", bbox=(0, 0, 9, 9), confidence=0.9)
            yield image.page(run=EngineRun(engine="planted"), lines=[line])

    def close(self) -> None:
        """Has nothing to free."""


def _garble() -> None:
    """Nonsense to whatever this process may write to that is no terminal and no error output."""
    for place in range(3, 10):
        with suppress(OSError):
            os.write(place, b"nonsense\n")

"""Engine `ppocr`: takes options, keeps networks, gives pages with provenance. How a page is read is in `pages.py`."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeAlias

import cv2

from ocrkit.engines.ppocr import models
from ocrkit.engines.ppocr.cascade import PROFILES
from ocrkit.engines.ppocr.networks import Networks
from ocrkit.engines.ppocr.pages import PageReader
from ocrkit.engines.ppocr.runtime import best_backend
from ocrkit.model import EngineRun, PageWarning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ocrkit.engines.ppocr import PpocrOptions
    from ocrkit.engines.ppocr.runtime import Backend
    from ocrkit.model import Line, Page
    from ocrkit.raster import PageImage

    _Key: TypeAlias = tuple[int, Backend]


class PpocrEngine:
    """PP-OCRv6, with a network of its own size for easy and for hard lines, at any angle of the page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._networks: Networks | None = None
        self._loaded: _Key | None = None
        self._version = models.weights_version()

    def recognize(self, images: Iterable[PageImage], options: PpocrOptions, /) -> Iterator[Page]:
        """One page for each image: lines with words and confidences, from top to bottom of the upright page.

        Raises:
            EngineUnavailableError: weights or backend are not installed.
        """
        for image in images:
            with self._lock:
                page = self._page(image, options)
            yield page

    def close(self) -> None:
        """Lets go of the networks; a later call would load them again."""
        with self._lock:
            self._networks = self._loaded = None

    def _page(self, image: PageImage, options: PpocrOptions) -> Page:
        backend = best_backend() if options.backend == "auto" else options.backend
        networks = self._networks_for((options.threads, backend))
        profile = PROFILES[options.profile]
        reader = PageReader(
            detector=networks.detector(profile.detector),
            cascade=networks.cascade(profile),
            orientation=networks.orientation,
            looked_at=profile.looked_at,
        )
        reading = reader.read(image, orient=options.orientation)
        lines = [line for line in reading.lines if _is_read(line, options)]
        model = f"PP-OCRv6 {profile.first}{f' and {profile.second}' if profile.second else ''}, {backend}"
        page = image.page(
            run=EngineRun(engine="ppocr", version=self._version, model=model),
            lines=lines,
            warnings=_warnings(reading.lines, lines),
        )
        return page.model_copy(update={"rotation": reading.rotation, "skew": reading.skew})

    def _networks_for(self, key: _Key) -> Networks:
        if self._networks is None or self._loaded != key:
            threads, backend = key
            cv2.setNumThreads(threads)
            self._networks, self._loaded = Networks(threads=threads, backend=backend), key
        return self._networks


def _is_read(line: Line, options: PpocrOptions) -> bool:
    if options.min_confidence == 0:
        return True
    return bool(line.text) and line.confidence is not None and line.confidence >= options.min_confidence


def _warnings(found: Sequence[Line], kept: Sequence[Line]) -> list[PageWarning]:
    known = {id(line) for line in kept}
    unread = [line.bbox for line in found if id(line) not in known]
    if not unread:
        return []
    message = f"{len(unread)} of {len(found)} regions that look like text could not be read"
    return [PageWarning(code="unread_regions", message=message, boxes=tuple(unread))]

"""The networks of one set of options, each loaded on first use and kept. Knows what a network is for, no pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.engines.ppocr import models
from ocrkit.engines.ppocr.cascade import Cascade
from ocrkit.engines.ppocr.detect import Detector
from ocrkit.engines.ppocr.recognize import Recognizer
from ocrkit.engines.ppocr.runtime import load_network

if TYPE_CHECKING:
    from ocrkit.engines.ppocr.cascade import Profile
    from ocrkit.engines.ppocr.models import Size
    from ocrkit.engines.ppocr.runtime import Backend, Network


class Networks:
    """Loads what is asked for, once."""

    def __init__(self, *, threads: int, backend: Backend) -> None:
        self._threads = threads
        self._backend = backend
        self._detectors: dict[Size, Detector] = {}
        self._readers: dict[Size, tuple[Network, tuple[str, ...]]] = {}
        self._orientation: Network | None = None

    def detector(self, size: Size) -> Detector:
        """Finds lines.

        Raises:
            EngineUnavailableError: weights or backend are not installed.
        """
        if size not in self._detectors:
            self._detectors[size] = Detector(self._load(models.text_weights("det", size)))
        return self._detectors[size]

    def cascade(self, profile: Profile) -> Cascade:
        """Reads strips as the profile says; its second network is loaded when a line first needs it.

        Raises:
            EngineUnavailableError: weights or backend are not installed.
        """
        second = profile.second
        return Cascade(
            self._recognizer(profile.first, profile.narrowed),
            None if second is None else lambda: self._recognizer(second),
            profile=profile,
        )

    def orientation(self) -> Network:
        """Tells which way up a page is.

        Raises:
            EngineUnavailableError: weights or backend are not installed.
        """
        if self._orientation is None:
            self._orientation = self._load(models.orientation_weights())
        return self._orientation

    def _recognizer(self, size: Size, narrowed: float = 1.0) -> Recognizer:
        if size not in self._readers:
            self._readers[size] = self._load(models.text_weights("rec", size), scores=True), models.alphabet(size)
        network, alphabet = self._readers[size]
        # The small network looks at the whole line at once: what stood beside it would change what it reads.
        return Recognizer(network, alphabet, narrowed=narrowed, together=size == "tiny")

    def _load(self, weights: models.Weights, *, scores: bool = False) -> Network:
        return load_network(weights.path, threads=self._threads, backend=self._backend, scores=scores)

"""Runs the `rapidocr` package with the weights inside its wheel; never touches the network.

Knows the package's traps: per-call options stay on the instance, its score filter shifts words against
lines, and an empty page comes back as `None`s. Everything is therefore passed on every call, under a lock.
"""

from __future__ import annotations

import os
import threading
import unicodedata
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidocr import RapidOCR

from ocrkit import geometry
from ocrkit.model import EngineRun, Line, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ocrkit.engines.rapidocr import RapidOcrOptions
    from ocrkit.geometry import Quad
    from ocrkit.model import Page
    from ocrkit.raster import PageImage, Pixels

_TILTED = 0.5
"""Degrees from which a line's exact corners are kept beside its box; below, rounding is of that size."""

_MAX_ASPECT = 8
"""Long side over short side above which a strip is padded. RapidOCR scales the short side to 736 pixels: a column of
2000 × 30 pixels takes 25 s, one of 3 pixels minutes. Eight is its own limit for wide lines."""


class RapidOcrEngine:
    """PP-OCRv6 small through RapidOCR's own pipeline."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ocr: Any = None
        self._run = EngineRun(
            engine="rapidocr", version=metadata.version("rapidocr"), model="PP-OCRv6 small (det, rec)"
        )

    def recognize(self, images: Iterable[PageImage], options: RapidOcrOptions, /) -> Iterator[Page]:
        """One page for each image: lines with words and confidences, in RapidOCR's order (top to bottom)."""
        for image in images:
            with self._lock:
                result = self._read(image, options)
            lines = [] if result.boxes is None or result.txts is None else list(_lines(result, image, options))
            yield image.page(run=self._run, lines=lines)

    def close(self) -> None:
        """Lets go of the models; a later call would load them again."""
        with self._lock:
            self._ocr = None

    def _read(self, image: PageImage, options: RapidOcrOptions) -> Any:
        if self._ocr is None:
            threads = int(os.environ.get("OMP_NUM_THREADS") or -1)
            # onnxruntime does not heed the variable by itself, and workers side by side would each take all cores.
            params = {"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": threads}
            self._ocr = RapidOCR(params=params)
        return self._ocr(
            np.ascontiguousarray(_padded(image.pixels)[:, :, ::-1]),
            use_det=True,
            use_cls=options.line_direction,
            use_rec=True,
            return_word_box=True,
            return_single_char_box=False,
            text_score=0.0,  # its own filter loses the pairing of words and lines
            box_thresh=options.box_threshold,
            unclip_ratio=options.unclip_ratio,
        )


def _padded(pixels: Pixels) -> Pixels:
    """The page, with paper added on the right or below where it is a strip; places on it stay what they are."""
    height, width = pixels.shape[:2]
    least = -(-max(height, width) // _MAX_ASPECT)
    if min(height, width) >= least:
        return pixels
    padded = np.empty((max(height, least), max(width, least), 3), np.uint8)
    padded[:] = np.median(pixels, axis=(0, 1)).astype(np.uint8)
    padded[:height, :width] = pixels
    return padded


def _lines(result: Any, image: PageImage, options: RapidOcrOptions) -> Iterator[Line]:
    rows = zip(result.txts, result.boxes, result.scores, result.word_results, strict=True)
    for text, box, score, pieces in rows:
        if score < options.min_confidence or not text.strip():
            continue
        quad = _quad(box)
        angle = geometry.angle_of(quad)
        yield Line(
            text=text.strip(),
            bbox=geometry.clamp(geometry.box_of(quad), image.width, image.height),
            quad=quad if abs(angle) >= _TILTED else None,
            confidence=min(1.0, float(score)),
            words=tuple(_words(text, pieces, image)),
        )


def _words(text: str, pieces: Sequence[Any], image: PageImage) -> Iterator[Word]:
    """The words of the text; RapidOCR cuts at wide gaps too, which makes pieces of one word."""
    rest = list(pieces)
    for token in text.split():
        taken: list[Any] = []
        while rest and len("".join(p[0] for p in taken)) < len(token):
            taken.append(rest.pop(0))
        if not taken:
            continue
        if any(unicodedata.east_asian_width(char) in "WF" for char in token):
            yield from (_word([piece], image) for piece in taken)
        else:
            yield _word(taken, image)


def _word(pieces: list[Any], image: PageImage) -> Word:
    corners = [_quad(box) for _, _, box in pieces]
    first, last = corners[0], corners[-1]
    quad = (first[0], last[1], last[2], first[3])
    return Word(
        text="".join(text for text, _, _ in pieces),
        bbox=geometry.clamp(geometry.box_of(p for c in corners for p in c), image.width, image.height),
        quad=quad if abs(geometry.angle_of(quad)) >= _TILTED else None,
        confidence=min(1.0, float(np.mean([score for _, score, _ in pieces]))),
    )


def _quad(box: Any) -> Quad:
    a, b, c, d = ((float(x), float(y)) for x, y in box)
    return (a, b, c, d)

"""Reads one page image: finds its lines, sets it upright, reads them, and says where on the page they stand.

Knows how the parts of this engine play together; nothing of options, threads or provenance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ocrkit.engines.ppocr import orientation
from ocrkit.engines.ppocr.crops import cut
from ocrkit.engines.ppocr.dots import is_row_of_dots
from ocrkit.engines.ppocr.spacing import line_text, tokens
from ocrkit.geometry import Affine
from ocrkit.model import Line, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from ocrkit.engines.ppocr.cascade import Cascade
    from ocrkit.engines.ppocr.crops import Strip
    from ocrkit.engines.ppocr.detect import Detector, Region
    from ocrkit.engines.ppocr.orientation import Turn
    from ocrkit.engines.ppocr.recognize import Reading
    from ocrkit.engines.ppocr.runtime import Network
    from ocrkit.geometry import BBox, Quad
    from ocrkit.raster import PageImage, Pixels

_ENOUGH = 2_000_000
"""Pixels that a page needs to be read: A4 at 144 dpi, so that half of 300 dpi is enough."""
_LOW = 22.0
"""Pixels of a line's height under which the page is fetched in full, where there is more of it."""
_SMALLEST = 11.0
"""Pixels of a line's height, as the detector sees it, under which it is given a larger image."""
_COMFORTABLE = 16.0
"""Pixels of a line's height that the larger image aims at."""
_LOOKED_AT_MOST = 2_500_000
"""Pixels of that image at most."""
_LARGEST_SCALE = 2.0
_SAMPLE = 6
"""Lines by which the orientation of a page is told."""
_TILTED = 0.5
"""Degrees from which exact corners are kept beside a box; below, rounding is of that size."""
_CALIBRATION = 5
"""Power that makes of a word's mean probability the share of such words that are right. The networks are too sure of
what they misread: of receipts' words with 0.86 just 0.43 were right (0.86 ** 5 is 0.47), with 0.75 just 0.21 (0.24).
Typewritten pages were seen too before it was chosen."""
_BACKWARDS = 0.85
"""Confidence under which a line that runs downwards is tried upwards too."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """What stands on a page.

    Attributes:
        lines: in pixels of the page as given, from top to bottom of the upright page; an empty text
            where a region that may be text could not be read at all.
        rotation: degrees clockwise that the page must be turned to be upright.
        skew: degrees clockwise that its text is tilted after that.
    """

    lines: tuple[Line, ...] = ()
    rotation: Turn = 0
    skew: float = 0.0


@dataclass(frozen=True, slots=True)
class _View:
    """Pixels, and the map from them to the page as given."""

    pixels: Pixels
    to_page: Affine

    @property
    def area(self) -> int:
        return int(self.pixels.shape[0] * self.pixels.shape[1])

    def turned(self, turn: Turn) -> _View:
        pixels, back = orientation.turned(self.pixels, turn)
        return _View(pixels, back.then(self.to_page))

    def straightened(self, tilt: float) -> _View:
        pixels, back = orientation.straightened(self.pixels, tilt)
        return _View(pixels, back.then(self.to_page))


class PageReader:
    """Reads pages with the networks it is given.

    Args:
        detector: finds lines.
        cascade: reads them.
        orientation: gives the orientation network.
        looked_at: pixels of the image on which lines are looked for.
    """

    def __init__(
        self, *, detector: Detector, cascade: Cascade, orientation: Callable[[], Network], looked_at: int
    ) -> None:
        self._detector = detector
        self._cascade = cascade
        self._orientation = orientation
        self._looked_at = looked_at

    def read(self, image: PageImage, *, orient: bool) -> PageReading:
        """What stands on the page; with `orient` it is set upright first.

        Raises:
            SourceError: the page cannot be decoded.
        """
        view, regions, scale = self._look(image)
        strips = _strips(view.pixels, regions)
        glances: dict[int, Reading] = {}
        turn: Turn = 0
        tilt = 0.0
        if orient and strips:
            turn, glances = self._turn(view, regions, strips)
            if turn:
                view = view.turned(turn)
                regions = self._regions(view, scale)
            tilt = orientation.tilt_of(regions)
            if tilt:
                view = view.straightened(tilt)
                regions = self._regions(view, scale)
            if turn or tilt:
                strips, glances = _strips(view.pixels, regions), {}
        return PageReading(self._lines(strips, glances, _Place(view.to_page, image)), turn, round(tilt, 2))

    def _lines(self, strips: Sequence[Strip], glances: Mapping[int, Reading], place: _Place) -> tuple[Line, ...]:
        """The lines of the strips, in their order; a row of dots or dashes is none."""
        fresh = [strip for strip in strips if id(strip) not in glances]
        seen = {**glances, **{id(strip): seen for strip, seen in zip(fresh, self._cascade.glance(fresh), strict=True)}}
        upright, readings = self._standing(strips, [seen[id(strip)] for strip in strips])
        settled = self._cascade.settle(upright, readings)
        read = [(s, r) for s, r in zip(upright, settled, strict=True) if r.glyphs or not is_row_of_dots(s.pixels)]
        return tuple(_line(strip, reading, place) for strip, reading in read)

    def _standing(self, strips: Sequence[Strip], readings: Sequence[Reading]) -> tuple[list[Strip], list[Reading]]:
        """The strips and what was read on them, those that run downwards turned over where that reads better."""
        standing, read = list(strips), list(readings)
        tried = [i for i, strip in enumerate(strips) if strip.tall and readings[i].confidence < _BACKWARDS]
        over = [strips[index].upside_down() for index in tried]
        for index, strip, upwards in zip(tried, over, self._cascade.glance(over), strict=True):
            if upwards.confidence > read[index].confidence:
                standing[index], read[index] = strip, upwards
        return standing, read

    def _look(self, image: PageImage) -> tuple[_View, list[Region], float]:
        """The page and its regions, at half its size or less where that shows enough, and at which scale they show."""
        reduced = min(1.0, math.sqrt(_ENOUGH / (image.width * image.height)))
        view = _view(image, image.at_scale(reduced))
        scale = min(1.0, math.sqrt(self._looked_at / view.area))
        regions = self._regions(view, scale)
        if not regions:
            return view, regions, scale
        low = _low(regions)
        if view.area < image.width * image.height and low < _LOW:
            whole = _view(image, image.pixels)
            growth = math.sqrt(whole.area / view.area)
            view, regions = whole, [region.scaled(growth) for region in regions]
            low, scale = low * growth, scale / growth
        larger = min(_COMFORTABLE / low, _LARGEST_SCALE, math.sqrt(_LOOKED_AT_MOST / view.area))
        if low * scale < _SMALLEST and larger > scale:
            scale = larger
            regions = self._regions(view, scale)
        return view, regions, scale

    def _regions(self, view: _View, scale: float) -> list[Region]:
        regions = self._detector.regions(view.pixels, scale=scale)
        return sorted(regions, key=lambda region: (float(region.corners[:, 1].mean()), float(region.corners[0, 0])))

    def _turn(self, view: _View, regions: Sequence[Region], strips: Sequence[Strip]) -> tuple[Turn, dict[int, Reading]]:
        """How the page must be turned, and what was read on the way, by the `id` of the strip."""
        lying = orientation.lies(regions)
        chosen = sorted((s for s in strips if s.tall == lying), key=lambda strip: -strip.width)[:_SAMPLE]
        # A page that stands is mostly upright, and all its lines at once take less than some before the others.
        glanced = chosen if lying else strips
        seen = {id(strip): reading for strip, reading in zip(glanced, self._cascade.glance(glanced), strict=True)}
        readings = [seen[id(strip)] for strip in chosen]
        sense = orientation.PageSense(
            view.pixels, regions=len(regions), read=self._cascade.glance, network=self._orientation
        )
        turn = (orientation.lying_turn if lying else orientation.standing_turn)(chosen, readings, page=sense)
        return turn, seen


class _Place:
    """Puts corners of a view where they are on the page as given."""

    def __init__(self, to_page: Affine, image: PageImage) -> None:
        self._turn = np.array([[to_page.a, to_page.d], [to_page.b, to_page.e]])
        self._shift = np.array([to_page.c, to_page.f])
        self._edge = np.array([image.width, image.height] * 2, np.float64)

    def of(self, corners: NDArray[np.float32]) -> list[tuple[BBox, Quad | None]]:
        """For n × 4 × 2 corners, each box cut to the page, and the exact corners where they are tilted."""
        quads = corners.astype(np.float64) @ self._turn + self._shift
        boxes = np.concatenate([quads.min(axis=1), quads.max(axis=1)], axis=1).round(2).clip(0.0, self._edge)
        along = quads[:, 1] - quads[:, 0]
        tilted = abs(np.degrees(np.arctan2(along[:, 1], along[:, 0]))) >= _TILTED
        found = zip(boxes.tolist(), quads.tolist(), tilted.tolist(), strict=True)
        return [(_box(box), _quad(quad) if askew else None) for box, quad, askew in found]


def _box(sides: list[float]) -> BBox:
    x0, y0, x1, y1 = sides
    return x0, y0, x1, y1


def _quad(corners: list[list[float]]) -> Quad:
    a, b, c, d = ((x, y) for x, y in corners)
    return a, b, c, d


def _view(image: PageImage, pixels: Pixels) -> _View:
    height, width = pixels.shape[:2]
    return _View(pixels, Affine.scale(image.width / width, image.height / height))


def _line(strip: Strip, reading: Reading, place: _Place) -> Line:
    found = tokens(reading, strip.pixels)
    downwards = strip.tall and orientation.is_mostly_wide([reading])
    parts = strip.between([(token.start, token.end) for token in found])
    (bbox, quad), *places = place.of(np.concatenate([strip.corners[None], parts]))
    return Line(
        text=line_text(found),
        bbox=bbox,
        quad=quad,
        confidence=min(1.0, reading.confidence),
        words=tuple(
            Word(text=token.text, bbox=box, quad=corners, confidence=min(1.0, token.confidence) ** _CALIBRATION)
            for token, (box, corners) in zip(found, places, strict=True)
        ),
        direction="ttb" if downwards else "ltr",
    )


def _strips(pixels: Pixels, regions: Sequence[Region]) -> list[Strip]:
    strips = (cut(pixels, region) for region in regions)
    return [strip for strip in strips if strip is not None]


def _low(regions: Sequence[Region]) -> float:
    """Height of the low lines, in pixels: a quarter are lower."""
    return float(np.percentile([min(region.height, region.width) for region in regions], 25))

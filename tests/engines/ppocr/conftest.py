"""Pages drawn with Pillow, whose words and places are therefore known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrkit.engines.ppocr import PpocrOptions
from ocrkit.engines.ppocr.engine import PpocrEngine
from ocrkit.raster import PageImage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ocrkit.model import Page

LINES = (
    "The quick brown fox jumps over the lazy dog",
    "Invoice 2041 of 17 March 2025",
    "Sphinx of black quartz, judge my vow",
    "Total amount due: 1,284.50 EUR",
    "Pack my box with five dozen liquor jugs",
    "Payment within 30 days of receipt",
)


@dataclass(frozen=True)
class Drawn:
    """A drawn page and the boxes of the ink of its words, in drawing order."""

    image: Image.Image
    words: tuple[tuple[str, tuple[float, float, float, float]], ...]

    def page(self, degrees: float = 0.0) -> PageImage:
        """As a page image, turned counter-clockwise by `degrees` on white."""
        turned = self.image.rotate(degrees, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
        return PageImage.from_array(np.asarray(turned))


def _draw(lines: Sequence[str] = LINES, *, size: int = 40, gap: float | None = None) -> Drawn:
    """Draws the lines; `gap` sets the space between words in units of the type size instead of the font's own."""
    font = ImageFont.load_default(size)
    image = Image.new("RGB", (int(size * 30), int(size * 2 * (len(lines) + 2))), "white")
    draw = ImageDraw.Draw(image)
    words = []
    for row, line in enumerate(lines):
        x, y = 2.0 * size, 2.0 * size * (row + 1)
        for word in line.split():
            draw.text((x, y), word, font=font, fill="black")
            alone = Image.new("L", image.size)
            ImageDraw.Draw(alone).text((x, y), word, font=font, fill="white")
            words.append((word, alone.getbbox() or (0, 0, 0, 0)))
            x += draw.textlength(word, font=font) + (draw.textlength(" ", font=font) if gap is None else gap * size)
    return Drawn(image, tuple(words))


@pytest.fixture(scope="session")
def draw() -> Callable[..., Drawn]:
    return _draw


@pytest.fixture(scope="session")
def drawn() -> Drawn:
    return _draw()


@pytest.fixture(scope="session")
def lines() -> tuple[str, ...]:
    return LINES


@pytest.fixture(scope="session")
def engine() -> Iterator[PpocrEngine]:
    made = PpocrEngine()
    yield made
    made.close()


@pytest.fixture(scope="session")
def read(engine: PpocrEngine) -> Callable[..., Page]:
    def read_page(image: PageImage, **options: object) -> Page:
        return next(iter(engine.recognize([image], PpocrOptions.model_validate(options))))

    return read_page

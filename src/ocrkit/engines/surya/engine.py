"""Reads pages with Surya 2: the model runs behind an endpoint, surya-ocr's predictors ask and parse."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PIL import Image

from ocrkit.engines.surya.judging import REASONS, UnusableAnswerError
from ocrkit.engines.surya.package import VERSION
from ocrkit.engines.surya.reading import Sheet, read
from ocrkit.errors import EngineFailedError
from ocrkit.inference import Endpoint, settings_from
from ocrkit.languages import AUTO, resolve
from ocrkit.model import EngineRun

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.engines.surya import SuryaOptions
    from ocrkit.inference import EndpointSettings
    from ocrkit.model import Block, Page
    from ocrkit.raster import PageImage

_DPI = 192
"""Pixels an inch that the model was trained on (IMAGE_DPI_HIGHRES of surya-ocr)."""
_MAX_PIXELS = 6_291_456
"""Pixels of the largest picture that the model takes (`scale_to_fit` of surya-ocr)."""
_NEAR = 1.25
"""How much larger than that a picture may come before it is scaled here; surya-ocr scales it a last time anyway."""


class SuryaEngine:
    """Every language, handwriting little; blocks with tables and formulas, but no lines of their own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._endpoints: dict[EndpointSettings, Endpoint] = {}

    def recognize(self, images: Iterable[PageImage], options: SuryaOptions, /) -> Iterator[Page]:
        """One page for each image: blocks in reading order; confidence where the endpoint gives log-probabilities.

        Raises:
            UnknownLanguageError: `options.language` names no language.
            EndpointNotConfiguredError: no endpoint is named.
            EndpointError: it gave no answer.
            EngineFailedError: its answers about a page are of no use; none of them is passed off as an empty page.
        """
        for code in options.language.split("+"):
            if code != AUTO:
                resolve(code)
        endpoint = self._endpoint(options)
        for image in images:
            sheet = Sheet(_picture(image), image.width, image.height)
            try:
                reading = read(endpoint, sheet, options.mode)
            except UnusableAnswerError as error:
                raise EngineFailedError(
                    f"Surya read nothing on page {image.number}: {REASONS[error.trouble]}.",
                    hint="Check that the endpoint serves Surya 2, or read the page with another engine.",
                ) from error
            model = reading.model or endpoint.settings.model
            run = EngineRun(engine="surya", version=VERSION, model=model, usage=reading.usage)
            blocks = [block for block in reading.blocks if _is_sure(block, options.min_confidence)]
            yield image.page(run=run, blocks=blocks, status=reading.status, warnings=reading.warnings)

    def close(self) -> None:
        """Closes the connections; a later call would open them again."""
        with self._lock:
            endpoints = list(self._endpoints.values())
            self._endpoints.clear()
        for endpoint in endpoints:
            endpoint.close()

    def _endpoint(self, options: SuryaOptions) -> Endpoint:
        settings = settings_from("vlm", url=options.url, model=options.model)
        with self._lock:
            return self._endpoints.setdefault(settings, Endpoint(settings))


def _is_sure(block: Block, least: float) -> bool:
    return block.confidence is None or block.confidence >= least


def _picture(image: PageImage) -> Image.Image:
    """The page at the size that the model is best at, or as near as it comes."""
    scale = min(1.0, _DPI / image.dpi if image.dpi else 1.0, (_MAX_PIXELS / (image.width * image.height)) ** 0.5)
    picture = Image.fromarray(image.at_scale(scale))
    if picture.width > _NEAR * scale * image.width:
        size = (max(1, round(scale * image.width)), max(1, round(scale * image.height)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    return picture

"""The built-in engines, as a plugin like any other: it yields their specs and imports none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.engines.ppocr import SPEC as PPOCR
from ocrkit.engines.rapidocr import SPEC as RAPIDOCR
from ocrkit.engines.surya import SPEC as SURYA
from ocrkit.engines.tesseract import SPEC as TESSERACT
from ocrkit.engines.textlayer import SPEC as TEXTLAYER
from ocrkit.engines.vlm import SPEC as VLM
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocrkit.contracts import EngineSpec


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """The engines that come with ocrkit."""
    return (PPOCR, RAPIDOCR, SURYA, TESSERACT, TEXTLAYER, VLM)

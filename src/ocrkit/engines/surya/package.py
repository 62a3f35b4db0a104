"""What is used of the package surya-ocr, and the one place that imports it.

Importing it reads its settings from the environment, under names without a prefix (`IMAGE_DPI`, `LOGLEVEL`, …) that
may mean something else there; that is told as such.
"""

from __future__ import annotations

from importlib import metadata

from pydantic import ValidationError

from ocrkit.errors import EngineUnavailableError

try:
    from surya.inference import SuryaInferenceManager
    from surya.inference.backends.base import Backend, ServerHandle
    from surya.inference.parsers import parse_layout
    from surya.inference.prompts import (
        PROMPT_MAPPING,
        PROMPT_TYPE_BLOCK,
        PROMPT_TYPE_HIGH_ACCURACY_BBOX,
        PROMPT_TYPE_LAYOUT,
    )
    from surya.inference.schema import BatchInputItem, BatchOutputItem
    from surya.inference.util import scale_to_fit
    from surya.layout import LayoutPredictor
    from surya.recognition import RecognitionPredictor
    from surya.settings import settings
except ValidationError as error:
    names = ", ".join(sorted({str(each["loc"][0]) for each in error.errors(include_url=False, include_input=False)}))
    raise EngineUnavailableError(
        f"The package surya-ocr takes these variables of the environment for settings of its own: {names}.",
        hint="Unset them for ocrkit, or give them values that surya-ocr takes.",
    ) from error

__all__ = [
    "PROMPT_MAPPING",
    "PROMPT_TYPE_BLOCK",
    "PROMPT_TYPE_HIGH_ACCURACY_BBOX",
    "PROMPT_TYPE_LAYOUT",
    "VERSION",
    "Backend",
    "BatchInputItem",
    "BatchOutputItem",
    "LayoutPredictor",
    "RecognitionPredictor",
    "ServerHandle",
    "SuryaInferenceManager",
    "parse_layout",
    "scale_to_fit",
]

VERSION = metadata.version("surya-ocr")

# Nothing here makes a default manager, which would start servers and fetch weights; this keeps any from doing so.
settings.SURYA_INFERENCE_AUTOSTART = False

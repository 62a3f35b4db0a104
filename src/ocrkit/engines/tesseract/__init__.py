"""Engine `tesseract`: over 100 languages through tesserocr. Light; the work is in `engine.py`."""

from typing import Annotated

from pydantic import Field

from ocrkit.contracts import EngineOptions, EngineSpec
from ocrkit.languages import LANGUAGES


class TesseractOptions(EngineOptions):
    """Options of engine `tesseract`; `language` may join several codes: `de+en`."""

    script: str = ""
    """With `language=auto`, the script where it is known, as an ISO 15924 code: `Arab`; several are joined by `+`, and
    the right one is found by trying. Unset: found by trying all."""
    tessdata: str = ""
    """Folder of `*.traineddata` files to look in first; those of the system are found without it."""
    psm: Annotated[int, Field(ge=3, le=13)] | None = None
    """Tesseract's page segmentation mode. Unset: page, block or line, whichever the picture looks like."""


SPEC = EngineSpec(
    name="tesseract",
    summary="Tesseract 5: over 100 languages in every script its models are installed for",
    load="ocrkit.engines.tesseract.engine:TesseractEngine",
    licence="Apache-2.0 (code and models), tesserocr MIT",
    options=TesseractOptions,
    languages=tuple(language.code for language in LANGUAGES),
    provides=frozenset({"words", "confidence"}),
    requires=("tesserocr",),
    lacking="ocrkit.engines.tesseract.data:missing_languages",
    install="pip install 'ocrkit[tesseract]' and apt-get install tesseract-ocr-all",
)

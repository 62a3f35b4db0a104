"""A picture drawn here and read by the default engine: the proof of `ocrkit doctor`. Imports Pillow at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from ocrkit.api import Recognizer
from ocrkit.errors import EngineFailedError

if TYPE_CHECKING:
    from ocrkit.registry import Registry

SAMPLE = "Invoice 2041"


def read_sample(registry: Registry) -> str:
    """Which engine read the sample, with its version.

    Raises:
        OcrkitError: the default engine cannot be loaded, fails, or reads something else.
    """
    with Recognizer(registry) as recognizer:
        document = recognizer.recognize(_picture())
    read = " ".join(document.text.split())
    if SAMPLE.casefold() not in read.casefold():
        raise EngineFailedError(f"The sample says {SAMPLE!r}, but {read!r} was read.", hint="Reinstall ocrkit.")
    provenance = document.pages[0].provenance
    runs = provenance.runs if provenance else ()
    return ", ".join(f"{run.engine} {run.version or ''}".strip() for run in runs) + " read the sample"


def _picture() -> Image.Image:
    picture = Image.new("RGB", (640, 160), "white")
    font = ImageFont.load_default(48)
    ImageDraw.Draw(picture).text((60, 50), SAMPLE, fill="black", font=font)
    return picture

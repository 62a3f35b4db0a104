"""What an input may cost, checked before anything is decoded."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """Bounds of one input; each holds before decoding, so a bomb is refused and not survived."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    max_bytes: Annotated[int, Field(gt=0)] = 1 << 30
    """Bytes of the file."""
    max_pages: Annotated[int, Field(gt=0)] = 20_000
    """Pages of the document, whether asked for or not."""
    max_pixels: Annotated[int, Field(gt=0)] = 120_000_000
    """Pixels of one decoded page or picture. A PDF page that would render larger is rendered at less dpi."""

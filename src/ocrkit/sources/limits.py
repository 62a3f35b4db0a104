"""What an input may cost, checked before anything is decoded."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ocrkit.errors import PageTooLargeError


class Limits(BaseModel):
    """Bounds of one input; each holds before decoding, so a bomb is refused and not survived."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    max_bytes: Annotated[int, Field(gt=0)] = 1 << 30
    """Bytes of the file."""
    max_pages: Annotated[int, Field(gt=0)] = 20_000
    """Pages of the document, whether asked for or not."""
    max_pixels: Annotated[int, Field(gt=0)] = 120_000_000
    """Pixels of one decoded page or picture. A PDF page that would render larger is rendered at less dpi."""

    def check_pixels(self, width: int, height: int, *, what: str, weight: float = 1.0) -> None:
        """Lets a picture of `width` × `height` pixels pass, each of which counts `weight` times.

        Raises:
            PageTooLargeError: it has more than `max_pixels`.
        """
        if width * height * weight > self.max_pixels:
            raise PageTooLargeError(
                f"{what} has {width} × {height} pixels; the limit is {self.max_pixels / weight:.0f}.",
                hint="Scale it down, or raise max_pixels if you trust the file.",
            )

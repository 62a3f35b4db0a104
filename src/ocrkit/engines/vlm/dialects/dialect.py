"""What a dialect is: a request and a reader, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ocrkit.engines.vlm.pictures import Fit

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping

    from ocrkit.engines.vlm.transcripts import Transcript, View


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one family of models is asked for a page.

    Attributes:
        name: what users type.
        version: of prompt and reader, for provenance.
        models: found in the names of its models; `None` for any.
        prompt: may be empty for models that take none.
        handwriting: asked in its place for handwriting; empty where the model knows one prompt alone.
        read: makes a transcript of an answer.
        fit: sizes of the picture.
        image_first: whether the picture stands before the prompt.
        max_tokens: bound of the answer.
        temperature: of the first answer.
        top_p: likewise; `None` for the endpoint's default.
        extra: further fields of the request.
    """

    name: str
    version: int
    models: re.Pattern[str] | None
    prompt: str
    read: Callable[[View], Transcript]
    fit: Fit = field(default_factory=Fit)
    image_first: bool = True
    max_tokens: int = 8192
    temperature: float = 0.0
    top_p: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    handwriting: str = ""

"""The built-in answerers, as a plugin like any other: each alone, imported when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import AnswererSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

EXTRACTIVE = AnswererSpec(
    name="extractive",
    summary="The document's own sentences, fields and table cells; needs no model",
    load="ocrkit.answerers.extractive.answerer:ExtractiveAnswerer",
    passages=24,
)


@hookimpl
def ocrkit_answerers() -> Iterable[AnswererSpec]:
    """The answerers that come with ocrkit."""
    yield EXTRACTIVE

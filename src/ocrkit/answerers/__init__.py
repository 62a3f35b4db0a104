"""The built-in answerers, as a plugin like any other: each alone, imported when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from ocrkit.contracts import AnswererOptions, AnswererSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


class LlmOptions(AnswererOptions):
    """Options of `llm`; the key is taken from `OCRKIT_LLM_KEY` alone."""

    url: str = ""
    """Base of an OpenAI-compatible API; empty is `OCRKIT_LLM_URL`."""
    model: str = ""
    """Name of the model; empty is `OCRKIT_LLM_MODEL`, else the first that the endpoint lists."""
    max_tokens: Annotated[int, Field(ge=50, le=100_000)] = 1200
    """Longest answer of the model, with its quotes."""


_SPECS = (
    AnswererSpec(
        name="extractive",
        summary="The document's own sentences, fields and table cells; needs no model",
        load="ocrkit.answerers.extractive.answerer:ExtractiveAnswerer",
        passages=24,
    ),
    AnswererSpec(
        name="llm",
        summary="A language model behind an OpenAI-compatible endpoint, held to words of the document",
        load="ocrkit.answerers.llm.answerer:LlmAnswerer",
        licence="Apache-2.0; the model has its own",
        options=LlmOptions,
        passages=8,
        repairs=1,
    ),
)


@hookimpl
def ocrkit_answerers() -> Iterable[AnswererSpec]:
    """The answerers that come with ocrkit."""
    yield from _SPECS

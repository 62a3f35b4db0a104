"""Asks a language model, and takes from its answer nothing but claims with quotes, for the caller to verify."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from ocrkit.answerers.llm.prompt import SCHEMA, SYSTEM, prompt_of
from ocrkit.contracts import Claim, Quote
from ocrkit.errors import AnswererError, AnswererUnavailableError, EndpointNotConfiguredError, EndpointRefusedError
from ocrkit.inference import ChatRequest, Endpoint, endpoint_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ocrkit.answerers import LlmOptions
    from ocrkit.contracts import Inquiry


class _Citation(BaseModel):
    source: str = ""
    quote: str = ""


class _Claim(BaseModel):
    text: str
    citations: list[_Citation] = []


class _Answer(BaseModel):
    """What the model was asked to say; more than that is passed over."""

    answerable: bool = True
    claims: list[_Claim] = []


class LlmAnswerer:
    """One model, connected to when first asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._endpoints: dict[tuple[str, str], Endpoint] = {}
        self._without_schema: set[tuple[str, str]] = set()

    def answer(self, inquiry: Inquiry, options: LlmOptions, /) -> Sequence[Claim]:
        """What the model claims, with its quotes.

        Raises:
            AnswererUnavailableError: no model is configured.
            AnswererError: the model gave something else than the JSON asked for.
            EndpointError: it gave no answer.
        """
        sources = {f"S{number}": passage for number, passage in enumerate(inquiry.passages, start=1)}
        request = ChatRequest(
            prompt_of(inquiry, sources.items()),
            system=SYSTEM,
            max_tokens=options.max_tokens,
            response_format=SCHEMA,
        )
        text = self._ask(request, options)
        return _claims(text, {source: passage.id for source, passage in sources.items()})

    def close(self) -> None:
        """Closes the connections."""
        with self._lock:
            endpoints, self._endpoints = list(self._endpoints.values()), {}
        for endpoint in endpoints:
            endpoint.close()

    def _ask(self, request: ChatRequest, options: LlmOptions) -> str:
        which = (options.url, options.model)
        with self._lock:
            if which not in self._endpoints:
                self._endpoints[which] = _endpoint(options)
            endpoint = self._endpoints[which]
        if which not in self._without_schema:
            try:
                return endpoint.chat(request).text
            except EndpointRefusedError:
                # Not every server knows JSON schemas; the prompt asks for the same.
                self._without_schema.add(which)
        return endpoint.chat(_without_schema(request)).text


def _endpoint(options: LlmOptions) -> Endpoint:
    try:
        return endpoint_from("llm", url=options.url, model=options.model)
    except EndpointNotConfiguredError as error:
        raise AnswererUnavailableError(error.message, hint=error.hint) from error


def _without_schema(request: ChatRequest) -> ChatRequest:
    return ChatRequest(request.prompt, system=request.system, max_tokens=request.max_tokens)


def _claims(text: str, passages: Mapping[str, str]) -> list[Claim]:
    """The claims of an answer; models put JSON into code fences, and words around it."""
    start, end = text.find("{"), text.rfind("}") + 1
    try:
        answer = _Answer.model_validate_json(text[start:end])
    except ValidationError as error:
        raise AnswererError("The language model did not answer in the form asked for.", hint="Try another.") from error
    if not answer.answerable:
        return []
    return [
        Claim(claim.text, tuple(Quote(passages.get(cited.source, ""), cited.quote) for cited in claim.citations))
        for claim in answer.claims
    ]

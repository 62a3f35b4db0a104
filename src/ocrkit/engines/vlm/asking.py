"""Asks an endpoint for a page, again while the model repeats itself, and tells what it gave from what was wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrkit.errors import EndpointError
from ocrkit.inference import ChatRequest, Usage
from ocrkit.markup.repeats import repeated_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.engines.vlm import VlmOptions
    from ocrkit.engines.vlm.dialects.dialect import Dialect
    from ocrkit.engines.vlm.pictures import Picture
    from ocrkit.inference import ChatResponse, Endpoint

_STEP = 0.3
"""By which the temperature rises with each further answer."""
_MOST = 1.0
_WIDER = 0.95
"""`top_p` of further answers: a loop is left only if unlikelier tokens are let in."""

_REFUSAL = re.compile(
    r"\W*(?:i['’]?m (?:really )?sorry|i am sorry|sorry[,.]|i(?:['’]m| am) (?:unable|not able)|i can(?:no|['’])t"
    r"|i can not|i do(?: not|n['’]t) see|unfortunately|as an ai|(?:there is )?no (?:visible |readable )?text"
    r"|the (?:image|picture|page|document)(?: provided)? (?:is|appears|seems|shows|contains|does))",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(?:image|picture|photo|document|page|text|transcri\w+|assist|help|content)\b", re.IGNORECASE)
_LONGEST_REFUSAL = 500
"""Characters: a page that really begins so goes on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the endpoint gave for a page.

    Attributes:
        response: the answer to go by.
        usage: what all answers cost.
        loop: where the answer begins to repeat itself; `None` where it does not.
    """

    response: ChatResponse
    usage: Usage
    loop: int | None

    @property
    def text(self) -> str:
        """The answer, up to where it begins to repeat itself."""
        return self.response.text if self.loop is None else self.response.text[: self.loop]

    def costing(self, more: Usage) -> Asked:
        """The same, with what was spent besides."""
        return replace(self, usage=self.usage + more)


def asked(endpoint: Endpoint, dialect: Dialect, picture: Picture, *, options: VlmOptions) -> Asked:
    """The first answer that does not repeat itself; else the first of all, which is the likeliest.

    Raises:
        EndpointError: the endpoint gave no answer.
    """
    first: Asked | None = None
    usage = Usage()
    for request in _requests(dialect, picture, options):
        try:
            response = endpoint.chat(request)
        except EndpointError:
            if first is None:
                raise
            break  # part of a page is better than nothing
        usage += response.usage
        loop = repeated_from(response.text, cut=response.cut)
        if loop is None:
            return Asked(response, usage, None)
        first = first or Asked(response, usage, loop)
    assert first is not None  # at least one answer was asked for
    return Asked(first.response, usage, first.loop)


def is_refusal(text: str) -> bool:
    """Whether the answer speaks of the page and does not transcribe it."""
    text = text.strip()
    return len(text) <= _LONGEST_REFUSAL and _REFUSAL.match(text) is not None and _ABOUT.search(text) is not None


def _prompt(dialect: Dialect, options: VlmOptions) -> str:
    own = dialect.handwriting if options.task == "handwriting" else ""
    return options.prompt or own or dialect.prompt


def _requests(dialect: Dialect, picture: Picture, options: VlmOptions) -> Iterator[ChatRequest]:
    for attempt in range(options.attempts):
        yield ChatRequest(
            _prompt(dialect, options),
            images=(picture.content,),
            image_type=picture.media_type,
            image_first=dialect.image_first,
            max_tokens=options.max_tokens or dialect.max_tokens,
            temperature=round(min(_MOST, dialect.temperature + _STEP * attempt), 2),
            top_p=_WIDER if attempt else dialect.top_p,
            logprobs=True,
            extra=dialect.extra,
        )

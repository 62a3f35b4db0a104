"""What goes over the wire and comes back, as values: the chat completions of the OpenAI API, as far as others have it.

Knows JSON; opens no connection.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ocrkit.errors import EndpointAnswerError
from ocrkit.usage import Usage


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One question to a model: a prompt, perhaps with pictures.

    Attributes:
        prompt: the user's text; may be empty where there are pictures.
        images: encoded pictures (PNG or JPEG).
        image_type: their media type.
        system: the system message, if any.
        image_first: whether the pictures stand before the text, which models are trained on one way or the other.
        max_tokens: bound of the answer.
        temperature: 0 for the likeliest answer; `None` for the endpoint's default.
        top_p: nucleus sampling; `None` for the endpoint's default.
        response_format: what the answer must be, as the API has it (`{"type": "json_schema", …}`).
        logprobs: whether the answer shall tell how sure the model was of each token.
        stop: texts that end the answer.
        extra: further fields of the request's body, which go before those made here.
    """

    prompt: str
    images: tuple[bytes, ...] = field(default=(), repr=False)
    image_type: str = "image/png"
    system: str | None = None
    image_first: bool = True
    max_tokens: int = 4096
    temperature: float | None = 0.0
    top_p: float | None = None
    response_format: Mapping[str, Any] | None = None
    logprobs: bool = False
    stop: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def body(self, model: str) -> dict[str, Any]:
        """The JSON of the request, for the model of this name."""
        messages: list[dict[str, Any]] = [{"role": "user", "content": self._content()}]
        if self.system is not None:
            messages.insert(0, {"role": "system", "content": self.system})
        body: dict[str, Any] = {"model": model, "messages": messages, "max_tokens": self.max_tokens}
        if self.temperature is not None:
            body["temperature"] = self.temperature
        if self.top_p is not None:
            body["top_p"] = self.top_p
        if self.response_format is not None:
            body["response_format"] = dict(self.response_format)
        if self.logprobs:
            # llama-server gives twenty alternatives a token without a number, and no logprobs at all with 0.
            body |= {"logprobs": True, "top_logprobs": 1}
        if self.stop:
            body["stop"] = list(self.stop)
        return body | dict(self.extra)

    def _content(self) -> str | list[dict[str, Any]]:
        if not self.images:
            return self.prompt
        pictures: list[dict[str, Any]] = [
            {"type": "image_url", "image_url": {"url": f"data:{self.image_type};base64,{_base64(image)}"}}
            for image in self.images
        ]
        text = [{"type": "text", "text": self.prompt}] if self.prompt else []
        return [*pictures, *text] if self.image_first else [*text, *pictures]


@dataclass(frozen=True, slots=True)
class TokenLogprob:
    """One token of an answer: its UTF-8 bytes, which may be part of a character, and the log of its probability."""

    bytes: bytes
    logprob: float

    @property
    def probability(self) -> float:
        """0 to 1."""
        return min(1.0, math.exp(self.logprob))


@dataclass(frozen=True, slots=True)
class ChatResponse:
    """A model's answer.

    Attributes:
        text: the answer; may be empty.
        finish_reason: `stop` for an answer that ended by itself, `length` for one cut at `max_tokens`; `None` where
            the endpoint does not say.
        usage: what it cost.
        logprobs: its tokens with their probabilities; `None` where they were not asked for or not given.
        attempts: requests it took.
        seconds: from the first of them to the answer.
        model: that answered, by its own name.
    """

    text: str
    finish_reason: str | None
    usage: Usage
    logprobs: tuple[TokenLogprob, ...] | None
    attempts: int
    seconds: float
    model: str

    @property
    def cut(self) -> bool:
        """Whether the answer was cut at `max_tokens`."""
        return self.finish_reason == "length"


def response_of(data: object, *, model: str, attempts: int, seconds: float) -> ChatResponse:
    """The answer in the JSON of a chat completion.

    Raises:
        EndpointAnswerError: there is none in it.
    """
    choices = data.get("choices") if isinstance(data, Mapping) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(choice, Mapping) or not isinstance(message, Mapping):
        raise EndpointAnswerError(
            "The model's endpoint gave JSON without an answer in it.",
            hint="Its URL must be that of an OpenAI-compatible API, which mostly ends in /v1.",
        )
    logprobs = _logprobs(choice.get("logprobs"))
    told = data.get("usage")
    counts: Mapping[str, object] = told if isinstance(told, Mapping) else {}
    usage = Usage(
        calls=1,
        attempts=attempts,
        prompt_tokens=_count(counts.get("prompt_tokens")),
        completion_tokens=_count(counts.get("completion_tokens")) or len(logprobs or ()),
        seconds=seconds,
    )
    reason, name = choice.get("finish_reason"), data.get("model")
    return ChatResponse(
        text=_text(message.get("content")),
        finish_reason=reason if isinstance(reason, str) else None,
        usage=usage,
        logprobs=logprobs,
        attempts=attempts,
        seconds=seconds,
        model=name if isinstance(name, str) and name else model,
    )


def models_of(data: object) -> tuple[str, ...]:
    """The ids in the JSON of a list of models.

    Raises:
        EndpointAnswerError: it is no such list.
    """
    rows = data.get("data") if isinstance(data, Mapping) else None
    if not isinstance(rows, list):
        raise EndpointAnswerError(
            "The model's endpoint gave no list of models.", hint="Name the model, and check that the URL ends in /v1."
        )
    return tuple(row["id"] for row in rows if isinstance(row, Mapping) and isinstance(row.get("id"), str))


def without_surrogates(text: str) -> str:
    """The text with escaped halves of a character joined, and those without their other half replaced.

    JSON may hold such halves, and a cut answer ends in one; no encoding takes them.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _base64(image: bytes) -> str:
    return base64.b64encode(image).decode("ascii")


def _text(content: object) -> str:
    """The text of a message, which some endpoints give in parts."""
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, Mapping))
        content = "".join(part for part in parts if isinstance(part, str))
    return without_surrogates(content) if isinstance(content, str) else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _logprobs(given: object) -> tuple[TokenLogprob, ...] | None:
    rows = given.get("content") if isinstance(given, Mapping) else None
    if not isinstance(rows, list) or not rows:
        return None
    tokens = [_token(row) for row in rows]
    known = [token for token in tokens if token is not None]
    return tuple(known) if len(known) == len(tokens) else None


def _token(row: object) -> TokenLogprob | None:
    if not isinstance(row, Mapping) or not isinstance(row.get("logprob"), int | float):
        return None
    spelt, raw = row.get("token"), row.get("bytes")
    # llama-server gives an empty `token` with the bytes of a part of a character; others give no bytes.
    if isinstance(raw, list) and all(isinstance(byte, int) and 0 <= byte < 256 for byte in raw):  # noqa: PLR2004 - a byte
        return TokenLogprob(bytes(raw), float(row["logprob"]))
    return TokenLogprob(spelt.encode(errors="surrogatepass"), float(row["logprob"])) if isinstance(spelt, str) else None

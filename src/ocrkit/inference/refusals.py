"""What a status other than 200 means: the error that says so in plain words, and what to do next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ocrkit.errors import (
    EndpointAnswerError,
    EndpointBusyError,
    EndpointError,
    EndpointRefusedError,
    EndpointUnavailableError,
)
from ocrkit.inference.retrying import BUSY, REPEATED

if TYPE_CHECKING:
    from ocrkit.inference.settings import EndpointSettings

_SHOWN = 200
"""Characters of an endpoint's own message that an error repeats."""

_NEXT = {
    400: "Pictures or text may be more than the model takes; look at its context length.",
    401: "Check its key.",
    402: "Its account has no credit left.",
    403: "Its key does not allow this.",
    404: "Check its URL, which mostly ends in /v1, and the name of the model.",
    405: "Check its URL, which mostly ends in /v1.",
    413: "The picture is too large for it; lower the DPI.",
    422: "It does not understand what was asked; it may serve another kind of model.",
}


def refusal(status: int, body: object, settings: EndpointSettings) -> EndpointError:
    """The error for an answer of this status; `body` is its JSON or text."""
    said = _said(body, settings)
    about = f" ({said})" if said else ""
    name = settings.name
    if status == BUSY:
        return EndpointBusyError(f"The {name} is busy: HTTP 429{about}.", hint="Ask less at a time, or later.")
    if status in REPEATED:
        return EndpointUnavailableError(
            f"The {name} has trouble: HTTP {status}{about}.", hint="Look at what its server logs; `ocrkit doctor`."
        )
    if 300 <= status < 400:  # noqa: PLR2004 - the redirections of HTTP
        return EndpointRefusedError(
            f"The {name} is elsewhere: HTTP {status}.", hint="Set the URL that it is redirected to."
        )
    hint = _NEXT.get(status, "Look at what its server logs; `ocrkit doctor`.")
    return EndpointRefusedError(f"The {name} refused: HTTP {status}{about}.", hint=hint)


def error_in(data: object) -> int | None:
    """The status of an error that came as 200, as gateways send it; `None` where the answer is none."""
    error = data.get("error") if isinstance(data, Mapping) else None
    if not error:
        return None
    code = error.get("code") if isinstance(error, Mapping) else None
    return code if isinstance(code, int) and 400 <= code < 600 else 500  # noqa: PLR2004 - the errors of HTTP


def json_of(body: bytes, settings: EndpointSettings) -> object:
    """The JSON of an answer.

    Raises:
        EndpointAnswerError: it is none.
    """
    try:
        return json.loads(body)
    except ValueError as error:
        raise EndpointAnswerError(
            f"The {settings.name} answered with something that is not JSON.",
            hint="Its URL must be that of an OpenAI-compatible API, which mostly ends in /v1.",
        ) from error


def text_or_json(body: bytes) -> object:
    """The JSON of an error's body, or its text."""
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", errors="replace")


def _said(body: object, settings: EndpointSettings) -> str:
    """What the endpoint says, on one line, short and without secrets; a page of HTML says nothing."""
    if isinstance(body, Mapping):
        error = body.get("error", body)
        body = error.get("message") or error.get("detail") if isinstance(error, Mapping) else error
    if not isinstance(body, str) or "<" in body[:_SHOWN]:
        return ""
    # Secrets go before the text is cut: half a key at its end would not be recognised.
    line = " ".join(settings.without_secrets(body).split()).rstrip(".")
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"

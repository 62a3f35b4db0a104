"""What each error means over HTTP: its status, and the JSON body that clients read. Knows no route."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from ocrkit.errors import (
    AccountDisabledError,
    AccountError,
    AccountExistsError,
    AnswererError,
    DatabaseUnavailableError,
    EndpointError,
    EngineError,
    EngineUnavailableError,
    ExportError,
    FileTooLargeError,
    NotAuthenticatedError,
    OcrkitError,
    OptionError,
    OutOfCreditsError,
    PageTooLargeError,
    PasswordRequiredError,
    SchemaVersionError,
    SecretKeyError,
    SignedSourceError,
    SourceError,
    SourceNotFoundError,
    SourceRequiredError,
    StorageError,
    ToolError,
    TooManyPagesError,
    TranslationError,
    TranslatorUnavailableError,
    UnknownAccountError,
    WrongCredentialsError,
    WrongPasswordError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

logger = logging.getLogger(__name__)

STATUSES: dict[type[OcrkitError], int] = {
    OcrkitError: 500,
    SourceError: 400,
    SourceNotFoundError: 500,
    OptionError: 400,
    EngineError: 500,
    EngineUnavailableError: 503,
    EndpointError: 503,
    ExportError: 500,
    AnswererError: 503,
    SourceRequiredError: 409,
    SignedSourceError: 409,
    TranslationError: 500,
    ToolError: 500,
    TranslatorUnavailableError: 503,
    StorageError: 503,
    SchemaVersionError: 500,
    DatabaseUnavailableError: 503,
    SecretKeyError: 500,
    AccountError: 400,
    UnknownAccountError: 404,
    AccountExistsError: 409,
    AccountDisabledError: 401,
    WrongCredentialsError: 401,
    NotAuthenticatedError: 401,
    OutOfCreditsError: 402,
}
"""Each branch of the error tree; a class not named here has the status of its nearest ancestor."""

MESSAGES: dict[type[OcrkitError], str] = {
    DatabaseUnavailableError: "The service cannot reach its database. Try again.",
    StorageError: "The service has no room on its disk. Try again later.",
    SourceRequiredError: "The upload was deleted when the job ended, and this format needs it.",
    SignedSourceError: "The PDF is digitally signed, and text in it would void that. Take another format.",
    EndpointError: "The model that this needs cannot be reached. Try again later.",
    PasswordRequiredError: "The PDF is encrypted. Send it without its password.",
    WrongPasswordError: "The PDF is encrypted. Send it without its password.",
}
"""What is said in the place of an error's own words, where those are for whoever runs the server or the library."""

_SAYS_ENOUGH = (FileTooLargeError, PageTooLargeError, TooManyPagesError)
"""Errors whose hint is about options that a client does not have."""

_UNFORESEEN = "Something went wrong in the service."
_RETRY_SECONDS = "5"

_FRAMEWORK = {
    400: ("bad_request", "The request cannot be understood."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
}


class Problem(Exception):  # noqa: N818 - an answer that a handler chose; RFC 9457 calls it so
    """An answer other than the one asked for, where no ocrkit error says it.

    Attributes:
        status: of the answer.
        code: stable word for programs.
        message: one sentence.
    """

    def __init__(self, status: int, code: str, *, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


def no_such_job() -> Problem:
    """What is said of a job that does not exist, and of one that is another's."""
    return Problem(404, "no_such_job", message="There is no such job.")


def error_response(
    status: int,
    code: str,
    *,
    message: str,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, int] | None = None,
) -> Response:
    """The JSON answer that every error has."""
    extra = dict(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        extra["WWW-Authenticate"] = "Bearer"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        extra.setdefault("Retry-After", _RETRY_SECONDS)
    return JSONResponse({"error": message, "code": code, **(more or {})}, status, extra)


def status_of(error: OcrkitError) -> int:
    """The HTTP status of an ocrkit error."""
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def response_to(error: OcrkitError) -> Response:
    """The answer to an ocrkit error; what is the server's own trouble is logged and not told."""
    status = status_of(error)
    message = next((MESSAGES[kind] for kind in type(error).__mro__ if kind in MESSAGES), "")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("%s: %s", type(error).__name__, error)
        told = isinstance(error, EngineError | ExportError | AnswererError)
        message = message or (error.message if told else _UNFORESEEN)
    elif not message:
        message = error.message if isinstance(error, _SAYS_ENOUGH) else str(error)
    more = {"used": error.used, "cap": error.cap} if isinstance(error, OutOfCreditsError) else {}
    return error_response(status, error.code, message=message, more=more)


async def on_ocrkit_error(_request: Request, error: Exception) -> Response:
    """Starlette's handler for the error tree."""
    assert isinstance(error, OcrkitError)
    return response_to(error)


async def on_problem(_request: Request, error: Exception) -> Response:
    """Starlette's handler for `Problem`."""
    assert isinstance(error, Problem)
    return error_response(error.status, error.code, message=error.message, headers=error.headers)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Starlette's handler for what the framework refuses by itself; `OPTIONS` is answered with what there is."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "OPTIONS":
        return Response(status_code=204, headers=headers)
    code, message = _FRAMEWORK.get(error.status_code, ("bad_request", error.detail))
    return error_response(error.status_code, code, message=message, headers=headers)


def unforeseen() -> Response:
    """The answer to an error that nobody foresaw."""
    return error_response(500, "internal_error", message=_UNFORESEEN)

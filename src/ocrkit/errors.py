"""The one tree of errors that ocrkit raises on purpose.

Each class has a stable `code` that the server and the command line map to their own terms; none
knows HTTP or exit codes. A message names the problem; `hint` names the next step.
"""

from __future__ import annotations

from typing import ClassVar


class OcrkitError(Exception):
    """Anything ocrkit raises on purpose.

    Attributes:
        code: stable word for programs.
        message: one sentence that names the problem.
        hint: one sentence that names the next step; empty where there is none.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive the default pickling, and errors travel between processes.
        return (_rebuild, (type(self), self.message, self.hint), self.__dict__)


def _rebuild(kind: type[OcrkitError], message: str, hint: str) -> OcrkitError:
    return kind(message, hint=hint)


class SourceError(OcrkitError):
    """The input cannot be used."""

    code = "source_error"


class SourceNotFoundError(SourceError):
    """The path does not exist or cannot be read."""

    code = "source_not_found"


class EmptySourceError(SourceError):
    """The input has no bytes or no pages."""

    code = "empty_source"


class UnsupportedFormatError(SourceError):
    """The content is of a kind that ocrkit does not read."""

    code = "unsupported_format"


class CorruptSourceError(SourceError):
    """The content is of a known kind, but broken beyond reading."""

    code = "corrupt_source"


class PasswordRequiredError(SourceError):
    """The PDF is encrypted and no password was given."""

    code = "password_required"


class WrongPasswordError(SourceError):
    """The PDF is encrypted and the password given does not open it."""

    code = "wrong_password"


class LimitError(SourceError):
    """The input is larger than a limit allows."""

    code = "limit_exceeded"


class FileTooLargeError(LimitError):
    """The file has more bytes than the limit."""

    code = "file_too_large"


class TooManyPagesError(LimitError):
    """The document has more pages than the limit."""

    code = "too_many_pages"


class PageTooLargeError(LimitError):
    """One page or picture has more pixels than the limit."""

    code = "page_too_large"


class PageRangeError(SourceError):
    """The page range cannot be understood or names no page of the document."""

    code = "bad_page_range"


class OptionError(OcrkitError):
    """An option has a name or a value that does not exist."""

    code = "bad_option"


class UnknownLanguageError(OptionError):
    """The language code is not one that ocrkit knows."""

    code = "unknown_language"


class UnknownEngineError(OptionError):
    """No engine has this name."""

    code = "unknown_engine"


class UnknownFormatError(OptionError):
    """No exporter writes this format."""

    code = "unknown_format"


class UnknownAnswererError(OptionError):
    """No answerer has this name."""

    code = "unknown_answerer"


class UnknownTranslatorError(OptionError):
    """No translator has this name."""

    code = "unknown_translator"


class NoTranslatorError(OptionError):
    """No translator here serves this pair of languages; the hint names the pairs there are."""

    code = "no_translator"


class UnknownToolError(OptionError):
    """No tool has this name."""

    code = "unknown_tool"


class ForbiddenAddressError(OptionError):
    """The address of a webhook leads to where this service does not connect."""

    code = "forbidden_address"


class EngineError(OcrkitError):
    """An engine could not do its work."""

    code = "engine_error"


class EngineUnavailableError(EngineError):
    """The engine is known, but something it needs is not installed."""

    code = "engine_unavailable"


class EndpointNotConfiguredError(EngineUnavailableError):
    """A model behind an endpoint is needed, and no endpoint is configured."""

    code = "endpoint_not_configured"


class EngineFailedError(EngineError):
    """The engine raised, or broke its contract, while reading a page."""

    code = "engine_failed"


class WorkerCrashedError(EngineError):
    """The process that read the page died (a crash of a native library, or out of memory)."""

    code = "worker_crashed"


class PageTimeoutError(EngineError):
    """The page took longer than the time limit, and its process was ended."""

    code = "page_timeout"


class NothingReadError(EngineError):
    """Every page of the document failed; the message names the first failure."""

    code = "nothing_read"


class EndpointError(OcrkitError):
    """A model behind an HTTP endpoint gave no answer."""

    code = "endpoint_error"


class EndpointUnavailableError(EndpointError):
    """The endpoint cannot be reached, does not answer in time, or has trouble of its own."""

    code = "endpoint_unavailable"


class EndpointBusyError(EndpointError):
    """The endpoint says that it is asked too much."""

    code = "endpoint_busy"


class EndpointRefusedError(EndpointError):
    """The endpoint does not take the key, the model or the request; asking again would not help."""

    code = "endpoint_refused"


class EndpointAnswerError(EndpointError):
    """What the endpoint answered is no answer of an OpenAI-compatible API."""

    code = "endpoint_answer"


class BudgetExceededError(EndpointError):
    """The calls or tokens that an endpoint may be asked for are used up."""

    code = "budget_exceeded"


class EndpointCancelledError(EndpointError):
    """Whoever asked no longer wants the answer."""

    code = "endpoint_cancelled"


class ExportError(OcrkitError):
    """A document could not be written in the format asked for."""

    code = "export_error"


class SourceRequiredError(ExportError):
    """The format needs the original file, and it was not given."""

    code = "source_required"


class SignedSourceError(ExportError):
    """The format would change the original file, which is digitally signed."""

    code = "signed_source"


class AnswererError(OcrkitError):
    """A question could not be answered by the answerer asked."""

    code = "answerer_error"


class AnswererUnavailableError(AnswererError):
    """The answerer is known, but cannot be loaded, or lacks a setting."""

    code = "answerer_unavailable"


class TranslationError(OcrkitError):
    """A translator could not do its work."""

    code = "translation_error"


class TranslatorUnavailableError(TranslationError):
    """The translator is known, but something it needs is missing or does not answer."""

    code = "translator_unavailable"


class ToolError(OcrkitError):
    """A tool could not do its work on a document."""

    code = "tool_error"


class StorageError(OcrkitError):
    """The folder of temporary files is full or cannot be written."""

    code = "storage_error"


class SchemaVersionError(OcrkitError):
    """The JSON was written by a version of ocrkit whose schema this one does not read."""

    code = "schema_version"


class DatabaseUnavailableError(OcrkitError):
    """The service's database cannot be reached, is locked, or has no room."""

    code = "database_unavailable"


class UnknownPlanError(OptionError):
    """No plan has this name."""

    code = "unknown_plan"


class AccountError(OcrkitError):
    """An account cannot be had, made, changed or used in this way."""

    code = "account_error"


class UnknownAccountError(AccountError):
    """There is no such account."""

    code = "unknown_account"


class AccountExistsError(AccountError):
    """The email has an account already."""

    code = "account_exists"


class AccountDisabledError(AccountError):
    """The account was shut out by whoever runs the server."""

    code = "account_disabled"


class BadEmailError(AccountError):
    """The text is no email address."""

    code = "bad_email"


class BadPasswordError(AccountError):
    """A new password is too short or too long."""

    code = "bad_password"


class GrantError(AccountError):
    """The amount of credits cannot be granted or taken back."""

    code = "bad_grant"


class WrongCredentialsError(AccountError):
    """Email and password are not those of an account that may log in."""

    code = "wrong_credentials"


class NotAuthenticatedError(AccountError):
    """The token is missing, or nobody's."""

    code = "not_authenticated"


class OutOfCreditsError(AccountError):
    """No allowance and no bought credits cover the pages.

    Attributes:
        used: credits of the plan's bucket that are held or charged in this period.
        cap: credits it has in all.
    """

    code = "out_of_credits"

    def __init__(self, message: str, *, hint: str = "", used: int = 0, cap: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.used = used
        self.cap = cap


class SecretKeyError(OcrkitError):
    """The server's secret key is missing, too short, or another than the database was written with."""

    code = "secret_key"

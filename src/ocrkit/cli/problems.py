"""What each error means at a prompt: its exit code, and the one line that users read."""

from __future__ import annotations

from ocrkit.errors import (
    AccountError,
    AnswererError,
    DatabaseUnavailableError,
    EndpointError,
    EngineError,
    ExportError,
    OcrkitError,
    OptionError,
    PasswordRequiredError,
    SchemaVersionError,
    SecretKeyError,
    SourceError,
    StorageError,
    ToolError,
    TranslationError,
)

PASSWORD_VARIABLE = "OCRKIT_PASSWORD"  # noqa: S105 - the name of the variable that holds it

FAILED = 1
USAGE = 2
INTERRUPTED = 130
"""What shells report for a program that Ctrl-C ended: 128 + SIGINT."""

EXIT_CODES: dict[type[OcrkitError], int] = {
    OcrkitError: FAILED,
    SourceError: FAILED,
    OptionError: USAGE,
    EngineError: FAILED,
    EndpointError: FAILED,
    ExportError: FAILED,
    AnswererError: FAILED,
    TranslationError: FAILED,
    ToolError: FAILED,
    SchemaVersionError: FAILED,
    StorageError: FAILED,
    DatabaseUnavailableError: FAILED,
    AccountError: FAILED,
    SecretKeyError: FAILED,
}
"""Each branch of the error tree; a class not named here has the code of its nearest ancestor."""

HINTS: dict[type[OcrkitError], str] = {
    PasswordRequiredError: f"Pass --password to be asked for it, or set {PASSWORD_VARIABLE}.",
}
"""The next step at a prompt, where it is another than in a program."""


def exit_code(error: Exception) -> int:
    """The exit code for this error; an error that ocrkit did not foresee is a failure."""
    return next((EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES), FAILED)


def error_line(error: Exception, *, about: str = "") -> str:
    """The one line that tells users of this error; `about` names the file it concerns, unless the error does."""
    if isinstance(error, OcrkitError):
        text = f"{error.message} {HINTS.get(type(error), error.hint)}"
    else:
        text = f"unexpected {type(error).__name__}: {error}. Please report it with what --debug prints."
    named = f"{about}: " if about and about not in text else ""
    return " ".join(f"error: {named}{text}".split())

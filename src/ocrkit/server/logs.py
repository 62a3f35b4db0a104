"""Log lines that never hold a token."""

from __future__ import annotations

import logging
import re
from typing import Any

_TOKEN = re.compile(r"(api_token(?:=|%3D|['\"]?\s*[:=]\s*['\"]?))[^&\s'\"#,)}]+", re.IGNORECASE)
_BEARER = re.compile(r"(\bbearer\s+)[^\s'\",]+", re.IGNORECASE)

access = logging.getLogger("ocrkit.server.access")
"""A line a request: method, path without its query, status, milliseconds, address."""


def redacted(text: str) -> str:
    """The text with what looks like a token of a request replaced."""
    return _BEARER.sub(r"\1***", _TOKEN.sub(r"\1***", text))


class RedactingFormatter(logging.Formatter):
    """Formats as usual, traceback included, and redacts the whole."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, or lines where there is a traceback."""
        return redacted(super().format(record))


def log_config(level: str) -> dict[str, Any]:
    """The logging of `ocrkit serve`, for `logging.config.dictConfig`: everything to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"()": RedactingFormatter, "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {name: {"level": level.upper()} for name in ("ocrkit", "uvicorn")},
    }

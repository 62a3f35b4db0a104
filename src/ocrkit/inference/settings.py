"""Where a model is and how it may be used: settings, and the variables that hold them. Opens no connection."""

from __future__ import annotations

import ipaddress
import os
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from ocrkit.errors import EndpointNotConfiguredError, OptionError
from ocrkit.options import parse_options

if TYPE_CHECKING:
    from collections.abc import Mapping

EndpointKind: TypeAlias = Literal["vlm", "llm"]
"""`vlm` reads pages; `llm` reads text, for chat and translation."""

NAMES: dict[EndpointKind, str] = {"vlm": "vision model", "llm": "language model"}
"""What users call them."""

_VARIABLES = {"api_key": "KEY"}
"""Fields whose variable is not called as they are."""


class EndpointSettings(BaseModel):
    """One endpoint. Its representation, like every error about it, holds neither the key nor a password in the URL."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)

    url: str
    """Base of an OpenAI-compatible API, such as `http://127.0.0.1:8000/v1`; without a path, `/v1` is added."""
    api_key: SecretStr | None = None
    """Sent as a bearer token."""
    login: SecretStr | None = None
    """`user:password` for HTTP basic authentication; also taken from the URL."""
    model: str | None = None
    """Name of the model; unset, the first one that the endpoint lists."""
    name: str = "model"
    """What messages call it: `vision model`."""
    concurrency: Annotated[int, Field(ge=1, le=256)] = 4
    """Questions at a time."""
    retries: Annotated[int, Field(ge=0, le=10)] = 2
    """Times that a question is asked again where the endpoint is busy or does not answer."""
    backoff: Annotated[float, Field(ge=0)] = 0.5
    """Seconds before the first of them, doubled for each further one; unless the endpoint says how long."""
    connect_timeout: Annotated[float, Field(gt=0)] = 10.0
    """Seconds for a connection."""
    read_timeout: Annotated[float, Field(gt=0)] = 60.0
    """Least seconds for an answer."""
    tokens_per_second: Annotated[float, Field(gt=0)] = 15.0
    """Of the slowest endpoint worth waiting for: an answer may take `max_tokens` divided by it, if that is more."""
    deadline: Annotated[float, Field(gt=0)] | None = None
    """Seconds for one question with all its attempts; unset, twice those of one attempt."""
    loading_timeout: Annotated[float, Field(ge=0)] = 120.0
    """Seconds to wait for an endpoint that says (`/health` is 503) that it is loading its model."""
    cooldown: Annotated[float, Field(ge=0)] = 30.0
    """After three questions in a row without an answer, seconds for which no other one is sent."""
    max_calls: Annotated[int, Field(ge=0)] | None = None
    """Questions in all, after which no other one is sent."""
    max_total_tokens: Annotated[int, Field(ge=0)] | None = None
    """Tokens read and written in all, after which no question is sent; those under way end as they will. An endpoint
    that does not tell its tokens is bounded by `max_calls` alone."""
    plain_http: bool = False
    """Whether `http://` may be used to another machine than this one: keys and pages then travel for all to read."""

    @model_validator(mode="before")
    @classmethod
    def _checked_url(cls, values: Any) -> Any:
        """The URL without a password in it, and as one that paths can be added to."""
        if not isinstance(values, dict) or not isinstance(values.get("url"), str):
            return values
        name = values.get("name", cls.model_fields["name"].default)
        parts, host, port = _parted(values["url"], name)
        plain = str(values.get("plain_http", "")).strip().lower() in {"1", "true", "yes", "on"}
        if parts.scheme != "https" and not is_loopback(host) and not plain:
            raise OptionError(
                f"The URL of the {name} must begin with https://, since it is on another machine.",
                hint="Set plain_http (OCRKIT_VLM_PLAIN_HTTP or OCRKIT_LLM_PLAIN_HTTP) in a network that you trust.",
            )
        place = f"[{host}]" if ":" in host else host
        base = f"{parts.scheme}://{place}{f':{port}' if port else ''}{parts.path.rstrip('/') or '/v1'}"
        login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}" if parts.username else None
        if login and values.get("api_key"):
            raise OptionError(
                f"The {name} has both a key and a user name in its URL.", hint="An endpoint takes one of them."
            )
        return {**values, "url": base} | ({"login": login} if login else {})

    @property
    def root(self) -> str:
        """Where `/health` is: the URL without its `/v1`."""
        return self.url.removesuffix("/v1")

    @property
    def loopback(self) -> bool:
        """Whether the endpoint is on this machine."""
        return is_loopback(urlsplit(self.url).hostname or "")

    def seconds_for(self, max_tokens: int) -> float:
        """How long one answer of so many tokens may take."""
        return max(self.read_timeout, max_tokens / self.tokens_per_second)

    def without_secrets(self, text: str) -> str:
        """The text with every secret of these settings struck out: endpoints repeat what they were sent."""
        secrets = [self.api_key, self.login]
        values = [part for secret in secrets if secret for part in secret.get_secret_value().split(":")]
        for value in sorted({value for value in values if value}, key=len, reverse=True):
            text = text.replace(value, "***")
        return text


def settings_from(kind: EndpointKind, *, environ: Mapping[str, str] = os.environ, **chosen: object) -> EndpointSettings:
    """The settings: what is `chosen` here before the variables `OCRKIT_VLM_…` or `OCRKIT_LLM_…`.

    Each setting has its variable: `OCRKIT_VLM_URL`, `OCRKIT_VLM_KEY`, `OCRKIT_VLM_MODEL`, `OCRKIT_VLM_CONCURRENCY`
    and so on. The key of the variables goes only to the host of the variables' URL.

    Raises:
        EndpointNotConfiguredError: there is no URL.
        OptionError: a setting does not exist or has a bad value.
    """
    name, prefix = NAMES[kind], f"OCRKIT_{kind.upper()}_"
    values: dict[str, object] = {"name": name}
    for field in EndpointSettings.model_fields:
        given = environ.get(prefix + _VARIABLES.get(field, field.upper()), "").strip()
        if given:
            values[field] = given
    known = values.get("url")
    values |= {field: value for field, value in chosen.items() if value not in (None, "")}
    url = values.get("url")
    if not isinstance(url, str):
        raise EndpointNotConfiguredError(
            f"No {name} is configured.",
            hint=f"Set {prefix}URL to an OpenAI-compatible endpoint, such as http://127.0.0.1:8000/v1 "
            f"({prefix}KEY, {prefix}MODEL where it needs them).",
        )
    if isinstance(known, str) and _parted(known, name)[1:] != _parted(url, name)[1:]:
        for secret in ("api_key", "login"):
            if not chosen.get(secret):
                values.pop(secret, None)
    return parse_options(EndpointSettings, values, owner=f"the {name}")


def configured(kind: EndpointKind, *, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the variables name an endpoint of this kind."""
    return bool(environ.get(f"OCRKIT_{kind.upper()}_URL", "").strip())


def concurrency(kind: EndpointKind, *, environ: Mapping[str, str] = os.environ) -> int:
    """Questions at a time that the variables allow; the default where they say nothing that can be read."""
    given = environ.get(f"OCRKIT_{kind.upper()}_CONCURRENCY", "").strip()
    default: int = EndpointSettings.model_fields["concurrency"].default
    return int(given) if given.isdecimal() and int(given) else default


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _parted(url: str, name: str) -> tuple[Any, str, int | None]:
    """The parts of a URL, its host and its port.

    Raises:
        OptionError: it is none that can be used.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment:
        raise OptionError(
            f"The URL of the {name} is none that can be used.",
            hint="It is like http://127.0.0.1:8000/v1: http or https, a host, a path, and nothing after it.",
        )
    return parts, host, port

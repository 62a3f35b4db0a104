"""What an operator may choose, from a TOML file and `OCRKIT_…` variables. Loads nothing of the web framework."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, SecretStr, field_validator

from ocrkit.accounts.keys import Secrets
from ocrkit.errors import OptionError
from ocrkit.options import parse_options

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "OCRKIT_"
"""`OCRKIT_MAX_UPLOAD_BYTES` sets `max_upload_bytes`; so for every setting but `plans`."""
CONFIG = "OCRKIT_CONFIG"
"""The variable that names the settings file."""

_LISTS = ("trusted_proxies", "cors_origins", "disabled_plugins")


def _default_folder() -> Path:
    # XDG Base Directory Specification 0.8: an empty variable counts as none.
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "ocrkit"


class Settings(BaseModel):
    """Everything about one server. Each name is a key of the settings file and, in capitals, an `OCRKIT_` variable."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    host: str = "127.0.0.1"
    """Address to listen on; `0.0.0.0` for every network."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """TCP port; 0 takes a free one."""
    data: Path = Field(default_factory=_default_folder)
    """Folder of the database, the blobs and the secret key, where they are not set apart."""
    db: str = ""
    """Database URL, `sqlite:///PATH` or `postgresql://…`; empty is `ocrkit.db` in `data`."""
    blobs: str = ""
    """Where uploads and results lie: a folder, or `s3://`, `gs://`, `az://`; empty is `blobs` in `data`."""
    secret_key: SecretStr | None = None
    """At least 32 characters under which tokens are sealed; empty is the file `secret.key` in `data`, made at first."""
    workers: Annotated[int, Field(ge=0)] = 0
    """Processes that read pages; 0 is one a core."""
    worker_user: str = ""
    """User that workers run as where root starts the server; empty is `nobody`, `root` leaves them root's rights."""
    cpu_engine: str = ""
    """Engine of tier `cpu`; empty is ocrkit's choice by language."""
    vlm_engine: str = ""
    """Engine of tier `vlm`; empty is ocrkit's choice."""
    auto_vlm_share: Annotated[float, Field(ge=0, le=1)] = 0.3
    """Share of a file's pages, rounded up, that tier `auto` may give to `vlm`; their price is held at submission."""
    vlm_page_seconds: Annotated[float, Field(gt=0)] = 600.0
    """The same as `page_seconds`, for a page of tier `vlm`."""
    answerer: str = ""
    """What answers questions about documents; empty is `llm` where `OCRKIT_LLM_URL` is set, else `extractive`."""
    translator: str = ""
    """Translator of `ocrkit translators`; empty is the first that serves the languages."""
    anonymous: bool = True
    """Whether callers without a token may submit, each IP address with an allowance a day."""
    inline_pages: Annotated[int, Field(ge=0)] = 5
    """A file of up to so many pages is answered with its result."""
    inline_seconds: Annotated[float, Field(ge=0)] = 60.0
    """After so many seconds such a file is answered as `processing` all the same."""
    retention_hours: Annotated[float, Field(ge=0)] = 24.0
    """Hours after its end at which a job with its upload and results is deleted; with 0 the upload goes at its end,
    and the results after a day."""
    max_upload_bytes: Annotated[int, Field(gt=0)] = 200 << 20
    """Bytes of one file."""
    max_pixels: Annotated[int, Field(gt=0)] = 120_000_000
    """Pixels of one page or picture."""
    page_seconds: Annotated[float, Field(gt=0)] = 180.0
    """Seconds for one page, after which its process is ended."""
    requests_per_minute: Annotated[int, Field(ge=0)] = 60_000
    """Requests a minute of one account or anonymous address; 0 is no limit."""
    trusted_proxies: tuple[IPvAnyNetwork, ...] = ()
    """Addresses or networks of the proxies whose `X-Forwarded-For` says who calls."""
    cors_origins: tuple[str, ...] = ()
    """Web origins whose pages may call the API; `*` for all."""
    metrics: bool = True
    """Whether `/metrics` answers."""
    private_webhooks: bool = False
    """Whether webhooks may go to private and loopback addresses."""
    disabled_plugins: tuple[str, ...] = ()
    """Plugins of `ocrkit plugins` that are not loaded."""
    plans: dict[str, dict[str, Any]] = {}
    """What differs from the built-in plans `anonymous`, `free` and `paid`; only in the file, as `[plans.free]`."""

    @field_validator(*_LISTS, mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """A list as a variable has it: parted by commas."""
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @classmethod
    def load(cls, path: str | Path | None = None, *, environ: Mapping[str, str] = os.environ, **chosen: object) -> Self:
        """The settings: what is `chosen` here before the variables, those before the file, that before the defaults.

        Args:
            path: the file; where it is `None`, the one that the variable `OCRKIT_CONFIG` names, if any.
            environ: the variables.
            **chosen: settings by name; `None` is not chosen.

        Raises:
            OptionError: the file cannot be read, or a setting does not exist or has a bad value.
        """
        path = path or environ.get(CONFIG) or None
        values = _from_file(Path(path)) if path else {}
        for name in cls.model_fields:
            variable = PREFIX + name.upper()
            if name != "plans" and environ.get(variable):
                values[name] = environ[variable]
        values |= {name: value for name, value in chosen.items() if value is not None}
        return parse_options(cls, values, owner="the server")

    @property
    def database_url(self) -> str:
        """The database, whether set or not."""
        return self.db or f"sqlite:///{self.data.resolve() / 'ocrkit.db'}"

    @property
    def blobs_url(self) -> str:
        """Where the blobs lie, whether set or not."""
        return self.blobs or str(self.data.resolve() / "blobs")

    @property
    def engines(self) -> dict[str, str]:
        """The engine of each tier for which one is set."""
        chosen = {"cpu": self.cpu_engine, "vlm": self.vlm_engine}
        return {tier: engine for tier, engine in chosen.items() if engine}

    def secrets(self) -> Secrets:
        """All that is made under the secret key, which is made at first.

        Raises:
            SecretKeyError: it is too short, or its file cannot be used.
        """
        if self.secret_key is not None:
            return Secrets(self.secret_key.get_secret_value())
        return Secrets.from_file(self.data / "secret.key")


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise OptionError(f"The settings file {str(path)!r} cannot be read: {error}.") from error

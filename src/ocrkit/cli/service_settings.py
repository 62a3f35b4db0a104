"""The settings of the service, for the commands that work on it: a file, variables, and the options of the command."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from ocrkit.server.settings import CONFIG, Settings

if TYPE_CHECKING:
    from collections.abc import Callable


def with_settings(function: Callable[..., None]) -> Callable[..., None]:
    """Adds `--config` and `--db`, and passes the command its `settings`."""

    @click.option("--config", type=click.Path(), metavar="FILE", help=f"The settings file. [env: {CONFIG}]")
    @click.option("--db", metavar="URL", help="The database: sqlite:///PATH or postgresql://… [env: OCRKIT_DB]")
    @wraps(function)
    def command(*args: Any, config: str | None, db: str | None, **kwargs: Any) -> None:
        function(*args, settings=Settings.load(config, db=db), **kwargs)

    return command

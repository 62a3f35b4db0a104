"""Which plugins a command works with: its options and environment made into a registry."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from ocrkit.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

ENVIRONMENT = "OCRKIT_DISABLE_PLUGINS"


def _names(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for text in value for name in text.replace(",", " ").split())


def with_registry(function: Callable[..., None]) -> Callable[..., None]:
    """Adds the options that choose plugins, and passes the command its `registry`."""

    @click.option(
        "--plugins",
        "only",
        multiple=True,
        callback=_names,
        metavar="NAMES",
        help="Load these installed plugins and no others.",
    )
    @click.option(
        "--without-plugin",
        "without",
        multiple=True,
        callback=_names,
        envvar=ENVIRONMENT,
        metavar="NAMES",
        help=f"Do not load these plugins; `all` loads none. [env: {ENVIRONMENT}]",
    )
    @wraps(function)
    def command(*args: Any, only: frozenset[str], without: frozenset[str], **kwargs: Any) -> None:
        function(*args, registry=_registry(only, without), **kwargs)

    return command


def _registry(only: frozenset[str], without: frozenset[str]) -> Registry:
    registry = Registry.discover(disabled=without, only=() if "all" in without else only or None)
    unknown = sorted(only - {plugin.name for plugin in registry.plugins})
    if unknown:
        raise click.UsageError(f"There is no plugin {unknown[0]!r}; `ocrkit plugins` lists those there are.")
    return registry

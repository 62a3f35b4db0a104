"""Options that several commands share, and the table that the listing commands print."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

AnyFunction = TypeVar("AnyFunction", bound="Callable[..., Any]")


@dataclass
class State:
    """What the commands of one call tell `main`.

    Attributes:
        debug: whether a failure prints its traceback.
    """

    debug: bool = False


def _set_debug(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        ctx.ensure_object(State).debug = True


def debug_option(function: AnyFunction) -> AnyFunction:
    """Adds `--debug`, which every command has, before or after its name."""
    return click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_set_debug,
        help="Print the traceback of a failure.",
    )(function)


def json_option(function: AnyFunction) -> AnyFunction:
    """Adds `--json`, passed as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")(function)


def pair(text: str) -> tuple[str, object]:
    """Key and value of `key=value`; a value that begins like a JSON list or object is read as JSON.

    Raises:
        click.BadParameter: there is no `=`, or the JSON is broken.
    """
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise click.BadParameter(f"{text!r} is not of the form key=value.")
    if not value.startswith(("[", "{")):
        return key, value
    try:
        return key, json.loads(value)
    except json.JSONDecodeError as error:
        raise click.BadParameter(f"the value of {key!r} is no JSON: {error}.") from error

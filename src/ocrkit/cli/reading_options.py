"""The options that say how a file is read, for every command that reads."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, get_args

import click

from ocrkit.cli.options import pair
from ocrkit.cli.problems import PASSWORD_VARIABLE
from ocrkit.contracts import TierAsked
from ocrkit.options import parse_options
from ocrkit.pipeline import TextLayerMode
from ocrkit.sources import DEFAULT_DPI, Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrkit.api import RecognizeOptions

Pairs = tuple[tuple[str, object], ...]
AnyFunction = TypeVar("AnyFunction", bound="Callable[..., Any]")


class ReadingAsked(TypedDict):
    """The options, as click passes them."""

    tier: TierAsked
    engine: str | None
    language: str
    pages: str | None
    text_layer: TextLayerMode
    dpi: float
    ask_password: bool
    limits: Pairs
    workers: int | None
    engine_options: Pairs
    max_vlm_pages: int | None
    align: bool


_OPTIONS = (
    click.option(
        "--tier",
        type=click.Choice(get_args(TierAsked)),
        default="cpu",
        show_default=True,
        help="Kind of engine; auto is cpu, and vlm for pages whose cpu reading is doubtful.",
    ),
    click.option(
        "--max-vlm-pages",
        type=click.IntRange(min=0),
        metavar="N",
        help="Pages of a document that --tier auto may give to tier vlm; default any number.",
    ),
    click.option(
        "--align/--no-align",
        default=True,
        help="Compare a vision model's text with a cpu reading, and take word boxes from it. On unless said.",
    ),
    click.option("--engine", metavar="NAME", help="Engine of `ocrkit engines`; default is the tier's."),
    click.option(
        "--language", metavar="CODE", default="auto", show_default=True, help="Language of `ocrkit languages`."
    ),
    click.option("--pages", metavar="RANGE", help="Pages to read, such as `3-`, `1,4-7` or `last`; default all."),
    click.option(
        "--text-layer",
        type=click.Choice(get_args(TextLayerMode)),
        default="auto",
        show_default=True,
        help="When to use the text that a PDF carries: where it can be trusted, wherever there is one, or never.",
    ),
    click.option(
        "--dpi",
        type=click.FloatRange(min=0, min_open=True),
        default=DEFAULT_DPI,
        show_default=True,
        help="Pixels an inch at which PDF pages are rendered.",
    ),
    click.option(
        "--password",
        "ask_password",
        is_flag=True,
        help=f"Ask for the password of encrypted PDFs. [env: {PASSWORD_VARIABLE}]",
    ),
    click.option(
        "--limit",
        "limits",
        multiple=True,
        type=pair,
        metavar="KEY=N",
        help=f"Refuse larger inputs; keys: {', '.join(Limits.model_fields)}.",
    ),
    click.option(
        "-j",
        "--workers",
        type=click.IntRange(min=0),
        help="Processes that read pages side by side; 0 reads in this one. Default: one a core for long documents.",
    ),
    click.option(
        "-E",
        "engine_options",
        multiple=True,
        type=pair,
        metavar="KEY=VALUE",
        help="Option of the engine; may be repeated.",
    ),
)


def reading_options(function: AnyFunction) -> AnyFunction:
    """Adds the options of `ReadingAsked`."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def recognize_options(asked: ReadingAsked) -> RecognizeOptions:
    """The options as `Recognizer.recognize` takes them; asks for the password if that was asked for.

    Raises:
        OptionError: a limit does not exist or has a bad value.
        click.UsageError: there is no terminal to ask for the password.
    """
    return {
        "tier": asked["tier"],
        "engine": asked["engine"],
        "language": asked["language"],
        "pages": asked["pages"],
        "text_layer": asked["text_layer"],
        "password": _password(ask=asked["ask_password"]),
        "limits": parse_options(Limits, dict(asked["limits"]), owner="--limit"),
        "dpi": asked["dpi"],
        "options": dict(asked["engine_options"]),
        "max_vlm_pages": asked["max_vlm_pages"],
        "align": asked["align"],
    }


def _password(*, ask: bool) -> str | None:
    if not ask:
        return os.environ.get(PASSWORD_VARIABLE)
    if not sys.stderr.isatty():
        raise click.UsageError(f"There is no terminal to ask for the password; set {PASSWORD_VARIABLE}.")
    return str(click.prompt("Password", hide_input=True, err=True))

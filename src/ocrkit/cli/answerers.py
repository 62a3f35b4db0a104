"""`ocrkit answerers`: what answers questions about documents. Imports no answerer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ocrkit.cli.describe import ANSWERER_COLUMNS, answerer_row
from ocrkit.cli.options import debug_option, json_option
from ocrkit.cli.plugin_choice import with_registry
from ocrkit.cli.tables import show, show_one

if TYPE_CHECKING:
    from ocrkit.registry import Registry


@click.command(name="answerers")
@click.argument("name", required=False)
@json_option
@with_registry
@debug_option
def command(name: str | None, *, registry: Registry, as_json: bool) -> None:
    """Lists what answers questions about documents, or the options of one.

    `ocrkit answerers NAME` shows the options that `chat -A` takes for an answerer.
    """
    if name is None:
        show([answerer_row(spec) for spec in registry.answerers], as_json=as_json, columns=ANSWERER_COLUMNS)
    else:
        show_one(answerer_row(registry.answerer_spec(name)), as_json=as_json)

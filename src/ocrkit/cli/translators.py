"""`ocrkit translators`: who can translate what, here and now. Loads each translator, but no model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ocrkit.cli.describe import TRANSLATOR_COLUMNS, translator_row
from ocrkit.cli.options import debug_option, json_option
from ocrkit.cli.plugin_choice import with_registry
from ocrkit.cli.tables import show, show_one

if TYPE_CHECKING:
    from ocrkit.registry import Registry


@click.command(name="translators")
@click.argument("name", required=False)
@json_option
@with_registry
@debug_option
def command(name: str | None, *, registry: Registry, as_json: bool) -> None:
    """Lists the translators and the pairs of languages that each serves here.

    `ocrkit translators NAME` tells more of one: how to get what it needs, and its licence.
    """
    if name is None:
        rows = [translator_row(spec, registry) for spec in registry.translators]
        show(rows, as_json=as_json, columns=TRANSLATOR_COLUMNS)
    else:
        show_one(translator_row(registry.translator_spec(name), registry), as_json=as_json)

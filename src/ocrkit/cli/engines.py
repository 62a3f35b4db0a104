"""`ocrkit engines`: what there is to read pages with. Imports no engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ocrkit.cli.describe import ENGINE_COLUMNS, engine_row
from ocrkit.cli.options import debug_option, json_option
from ocrkit.cli.plugin_choice import with_registry
from ocrkit.cli.tables import show, show_one

if TYPE_CHECKING:
    from ocrkit.registry import Registry


@click.command(name="engines")
@click.argument("name", required=False)
@json_option
@with_registry
@debug_option
def command(name: str | None, *, registry: Registry, as_json: bool) -> None:
    """Lists the engines that read pages, or the options of one.

    `ocrkit engines NAME` shows what an engine needs and the options that `recognize -E` takes for it.
    """
    if name is None:
        show([engine_row(spec) for spec in registry.engines], as_json=as_json, columns=ENGINE_COLUMNS)
    else:
        show_one(engine_row(registry.engine_spec(name)), as_json=as_json)

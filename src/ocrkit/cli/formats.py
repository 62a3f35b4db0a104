"""`ocrkit formats`: what documents can be written as. Imports no exporter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ocrkit.cli.describe import FORMAT_COLUMNS, format_row
from ocrkit.cli.options import debug_option, json_option
from ocrkit.cli.plugin_choice import with_registry
from ocrkit.cli.tables import show, show_one

if TYPE_CHECKING:
    from ocrkit.registry import Registry


@click.command(name="formats")
@click.argument("name", required=False)
@json_option
@with_registry
@debug_option
def command(name: str | None, *, registry: Registry, as_json: bool) -> None:
    """Lists the formats that documents are written in, or the options of one.

    `ocrkit formats NAME` shows the options that `recognize -O` takes for a format.
    """
    if name is None:
        show([format_row(spec) for spec in registry.exporters], as_json=as_json, columns=FORMAT_COLUMNS)
    else:
        show_one(format_row(registry.exporter_spec(name)), as_json=as_json)

"""`ocrkit tools`: the presets that `recognize --tool` takes. Imports none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ocrkit.cli.describe import TOOL_COLUMNS, tool_row
from ocrkit.cli.options import debug_option, json_option
from ocrkit.cli.plugin_choice import with_registry
from ocrkit.cli.tables import show, show_one

if TYPE_CHECKING:
    from ocrkit.registry import Registry


@click.command(name="tools")
@click.argument("name", required=False)
@json_option
@with_registry
@debug_option
def command(name: str | None, *, registry: Registry, as_json: bool) -> None:
    """Lists the tools, or the settings of one.

    A tool says how to read, what to make of the document and which format to write; `recognize --tool NAME` uses it.
    """
    if name is None:
        show([tool_row(spec) for spec in registry.tools], as_json=as_json, columns=TOOL_COLUMNS)
    else:
        show_one(tool_row(registry.tool_spec(name)), as_json=as_json)

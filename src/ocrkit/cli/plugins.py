"""`ocrkit plugins`: what was found, what each provides, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ocrkit.cli.describe import PLUGIN_COLUMNS, plugin_row
from ocrkit.cli.options import debug_option, json_option
from ocrkit.cli.plugin_choice import with_registry
from ocrkit.cli.problems import FAILED
from ocrkit.cli.tables import show

if TYPE_CHECKING:
    from ocrkit.registry import Registry


@click.command(name="plugins")
@click.option("--strict", is_flag=True, help="Exit with 1 if any plugin has a problem; for a plugin's own CI.")
@json_option
@with_registry
@debug_option
@click.pass_context
def command(ctx: click.Context, *, registry: Registry, strict: bool, as_json: bool) -> None:
    """Lists the plugins, what each provides and what is wrong with it."""
    show([plugin_row(plugin) for plugin in registry.plugins], as_json=as_json, columns=PLUGIN_COLUMNS)
    problems = [f"{plugin.name}: {problem}" for plugin in registry.plugins for problem in plugin.problems]
    for problem in problems:
        click.echo(f"problem: {problem}", err=True)
    if strict and problems:
        ctx.exit(FAILED)

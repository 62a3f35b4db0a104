"""`ocrkit languages`: the codes that `recognize --language` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ocrkit.cli.describe import LANGUAGE_COLUMNS, language_row
from ocrkit.cli.options import debug_option, json_option
from ocrkit.cli.plugin_choice import with_registry
from ocrkit.cli.tables import show
from ocrkit.languages import LANGUAGES

if TYPE_CHECKING:
    from ocrkit.registry import Registry


@click.command(name="languages")
@json_option
@with_registry
@debug_option
def command(*, registry: Registry, as_json: bool) -> None:
    """Lists the languages and the codes that name them."""
    rows = [language_row(language, registry.engines) for language in LANGUAGES]
    show(rows, as_json=as_json, columns=LANGUAGE_COLUMNS)

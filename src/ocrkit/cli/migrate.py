"""`ocrkit migrate`: the tables of the service's database, as this version needs them."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from ocrkit.cli.options import debug_option
from ocrkit.cli.service_settings import with_settings
from ocrkit.database import Database, migrate

if TYPE_CHECKING:
    from ocrkit.server.settings import Settings


@click.command(name="migrate")
@with_settings
@debug_option
def command(*, settings: Settings) -> None:
    """Brings the service's database to the tables of this version.

    `ocrkit serve` does so itself when it starts. Run this first where servers of the old version still run, or where
    the user of the server may not change tables.
    """
    with closing(Database(settings.database_url)) as database:
        before, after = migrate(database)
    if before == after:
        click.echo(f"The database is at revision {after} already.")
    else:
        click.echo(f"The database went from {before or 'nothing'} to revision {after}.")

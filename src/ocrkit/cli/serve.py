"""`ocrkit serve`: the OCR.chat API on this machine."""

from __future__ import annotations

from typing import Any

import click

from ocrkit.cli.options import debug_option
from ocrkit.server.serve import serve
from ocrkit.server.settings import CONFIG, Settings


@click.command(name="serve")
@click.option("--config", type=click.Path(), metavar="FILE", help=f"The settings file. [env: {CONFIG}]")
@click.option("--host", help="Address to listen on. [env: OCRKIT_HOST; default: 127.0.0.1]")
@click.option("--port", type=int, help="Port; 0 takes a free one. [env: OCRKIT_PORT; default: 8000]")
@click.option("--workers", type=int, help="Processes that read pages. [env: OCRKIT_WORKERS; default: one a core]")
@click.option("--db", metavar="URL", help="The database: sqlite:///PATH or postgresql://… [env: OCRKIT_DB]")
@click.option("--blobs", metavar="PLACE", help="Uploads and results: a folder or s3://… [env: OCRKIT_BLOBS]")
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
    help="The least that is logged.",
)
@debug_option
def command(*, config: str | None, log_level: str, **chosen: Any) -> None:
    """Serves the OCR.chat API until Ctrl-C or SIGTERM.

    A client written for OCR.chat works unchanged with this server's address. The API is described at /api/docs/.
    What is not given here comes from OCRKIT_ variables, the settings file, or the defaults; see docs/deploy.md.
    """
    serve(Settings.load(config, **chosen), log_level=log_level)

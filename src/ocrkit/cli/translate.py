"""`ocrkit translate`: what `ocrkit recognize` does, and then the text into another language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from ocrkit.cli.options import debug_option
from ocrkit.cli.plugin_choice import with_registry
from ocrkit.cli.recognize import document_options, read_and_write

if TYPE_CHECKING:
    from ocrkit.cli.recognize import Asked
    from ocrkit.registry import Registry


@click.command(name="translate")
@document_options
@click.option(
    "--to", "translate_to", metavar="CODE", required=True, help="Language to translate into, of `ocrkit languages`."
)
@with_registry
@debug_option
@click.pass_context
def command(ctx: click.Context, *, registry: Registry, **asked: Unpack[Asked]) -> None:
    """Reads pictures and PDFs and writes what they say in another language.

    Headings, lists and tables stay what they are; numbers, addresses, formulas and code stay as they stand. What
    cannot be translated stays as it was read, and a warning says so. A searchable PDF keeps the words of its pages.

    The language to translate from is --language, or what is found page by page. `ocrkit translators` lists the
    pairs of languages there are.

    Exits with 1 if a file was not read, or nothing of it could be translated.
    """
    read_and_write(ctx, registry, asked)

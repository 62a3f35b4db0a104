"""`ocrkit languages`: the codes that `recognize --language` takes, and who reads what here. Loads no engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ocrkit.cli.describe import LANGUAGE_COLUMNS, language_row
from ocrkit.cli.installed import missing
from ocrkit.cli.options import debug_option, json_option
from ocrkit.cli.plugin_choice import with_registry
from ocrkit.cli.tables import show
from ocrkit.errors import EngineUnavailableError
from ocrkit.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocrkit.cli.tables import Row
    from ocrkit.contracts import EngineSpec
    from ocrkit.languages import Language
    from ocrkit.registry import Registry

_ANY = ("*",)


@click.command(name="languages")
@json_option
@with_registry
@debug_option
def command(*, registry: Registry, as_json: bool) -> None:
    """Lists the languages, the codes that name them, and which engine reads each on this machine.

    Where none does, the last column says how to get one. Engines that take any language, such as vision models, are
    listed by `ocrkit engines`.
    """
    specs = [spec for spec in registry.engines if spec.languages != _ANY]
    lacking = {spec.name: _lacking(spec, registry) for spec in specs}
    rows = [_row(language, specs, lacking) for language in LANGUAGES]
    show(rows, as_json=as_json, columns=LANGUAGE_COLUMNS)
    if not as_json:
        readable = sum(1 for row in rows if row["read_here_by"])
        click.echo(f"\n{readable} of these {len(rows)} languages can be read on this machine.")


def _row(language: Language, specs: list[EngineSpec], lacking: Mapping[str, Mapping[str, str]]) -> Row:
    """The language, the engines that read it here, and for those that could, the command that is missing."""
    reads = [spec.name for spec in specs if language.code in spec.languages]
    missed = {name: lacking[name][language.code] for name in reads if language.code in lacking[name]}
    here = [name for name in reads if name not in missed]
    return {
        **language_row(language),
        "engines": reads,
        "read_here_by": here,
        "lacking": missed,
        "get_it": "" if here else "; or ".join(dict.fromkeys(missed.values())),
    }


def _lacking(spec: EngineSpec, registry: Registry) -> Mapping[str, str]:
    """What the engine does not read here, each with the way to change that: all, where it is not installed."""
    if missing(spec.requires):
        return dict.fromkeys(spec.languages, spec.install or f"see `ocrkit engines {spec.name}`")
    try:
        return registry.lacking(spec.name)
    except EngineUnavailableError as error:
        return dict.fromkeys(spec.languages, str(error))

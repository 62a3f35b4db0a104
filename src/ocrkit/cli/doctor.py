"""`ocrkit doctor`: tries everything out and says what works, what is missing and how to get it."""

from __future__ import annotations

import platform
import time
from importlib import import_module
from typing import TYPE_CHECKING, Literal

import click

from ocrkit import __version__
from ocrkit.cli.describe import translator_row
from ocrkit.cli.installed import missing, version_of
from ocrkit.cli.options import debug_option, json_option
from ocrkit.cli.plugin_choice import with_registry
from ocrkit.cli.problems import FAILED
from ocrkit.cli.tables import cell_text, show
from ocrkit.errors import OcrkitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.cli.tables import Row
    from ocrkit.contracts import EngineSpec, ExporterSpec, TranslatorSpec
    from ocrkit.registry import Registry

COLUMNS = ("what", "state", "detail")

OK = "ok"
MISSING = "missing"
BROKEN = "broken"

_LOADING_SECONDS = 5.0
"""For an endpoint that says that it is loading; the user may come back."""


@click.command(name="doctor")
@json_option
@with_registry
@debug_option
@click.pass_context
def command(ctx: click.Context, *, registry: Registry, as_json: bool) -> None:
    """Says what works here, what is missing and how to get it.

    Loads every engine and format that is installed, reads a small picture with the default engine, and asks the
    endpoints of OCRKIT_VLM_URL and OCRKIT_LLM_URL for a word. Exits with 1 if one of these fails.
    """
    trial = _trial(registry)
    endpoints = [_endpoint(kind) for kind in ("vlm", "llm")]
    rows = [
        _row(
            "ocrkit", OK, f"{__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
        ),
        trial,
        *(_engine(registry, spec) for spec in registry.engines),
        *(_format(registry, spec) for spec in registry.exporters),
        *(_translator(registry, spec) for spec in registry.translators),
        *_plugins(registry),
    ]
    rows[2:2] = endpoints
    show(rows, as_json=as_json, columns=COLUMNS)
    if trial["state"] != OK or any(row["state"] == BROKEN for row in endpoints):
        ctx.exit(FAILED)


def _row(what: str, state: str, detail: str) -> Row:
    return {"what": what, "state": state, "detail": detail}


def _trial(registry: Registry) -> Row:
    """The default engine on a small picture; whatever is wrong with it is a line like the others."""
    started = time.monotonic()
    try:
        # Imported only now: a broken imaging library must be a finding, not the end of the examination.
        detail = import_module("ocrkit.cli.trial").read_sample(registry)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong here is what the command is to report
        return _row("default engine", BROKEN, _said(error))
    return _row("default engine", OK, f"{detail} in {time.monotonic() - started:.1f} s")


def _endpoint(kind: Literal["vlm", "llm"]) -> Row:
    """Whether the model that the variables name answers."""
    # Imported only now, for the same reason; and without an endpoint nobody needs an HTTP client.
    inference = import_module("ocrkit.inference")
    what, variable = ("vision model", "OCRKIT_VLM_URL") if kind == "vlm" else ("language model", "OCRKIT_LLM_URL")
    if not inference.configured(kind):
        return _row(what, MISSING, f"no endpoint; set {variable}, such as http://127.0.0.1:8000/v1")
    try:
        with inference.endpoint_from(kind, retries=0, loading_timeout=_LOADING_SECONDS) as endpoint:
            health = endpoint.check()
    except OcrkitError as error:
        return _row(what, BROKEN, _said(error))
    said = f"{health.url}: {health.detail} {health.hint}".strip()
    return _row(what, OK, f"{said} In {health.seconds:.1f} s.") if health.works else _row(what, BROKEN, said)


def _engine(registry: Registry, spec: EngineSpec) -> Row:
    what = f"engine {spec.name}"
    lacks = missing(spec.requires)
    if lacks:
        get = f"; get it: {spec.install}" if spec.install else ""
        return _row(what, MISSING, f"needs {', '.join(lacks)}{get}")
    try:
        registry.engine(spec.name).close()
    except OcrkitError as error:
        return _row(what, BROKEN, _said(error))
    return _row(what, OK, ", ".join(f"{name} {version_of(name)}" for name in spec.requires))


def _format(registry: Registry, spec: ExporterSpec) -> Row:
    try:
        registry.exporter(spec.name)
    except OcrkitError as error:
        return _row(f"format {spec.name}", BROKEN, _said(error))
    return _row(f"format {spec.name}", OK, "")


def _translator(registry: Registry, spec: TranslatorSpec) -> Row:
    what, row = f"translator {spec.name}", translator_row(spec, registry)
    state, pairs = str(row["state"]), row["pairs"]
    if state == "ready":
        return _row(what, OK, cell_text(pairs))
    broken = state.startswith("broken")
    return _row(what, BROKEN if broken else MISSING, state if broken else f"{state}; get it: {spec.install}")


def _plugins(registry: Registry) -> Iterator[Row]:
    for plugin in registry.plugins:
        for problem in plugin.problems:
            yield _row(f"plugin {plugin.name}", BROKEN, problem)


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, OcrkitError) else f"{type(error).__name__}: {error}"

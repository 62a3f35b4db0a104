"""What the commands have in common: options, and from them who runs and how."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.contenders import Setup
from bench.measure import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.contenders import Contender, Format

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Common:
    """The options that every command has.

    Attributes:
        engines: engines of ocrkit as `NAME[:KEY=VALUE,…]`; none is ocrkit's own choice.
        setup: the rest of what a contender is told.
        json_file: where the figures go as JSON, if anywhere.
    """

    engines: tuple[str, ...]
    setup: Setup
    json_file: Path | None

    def entries(self, contender: Contender, formats: tuple[Format, ...]) -> list[Entry]:
        """One entry of a contender of ocrkit for each engine asked for, or one with ocrkit's own choice."""
        setup = replace(self.setup, formats=formats)
        if not self.engines:
            return [Entry(contender.name, contender, setup)]
        return [_with_engine(contender, engine, setup) for engine in self.engines]

    def peers(self, peers: Sequence[Contender], formats: tuple[Format, ...]) -> list[Entry]:
        """The peers that make these formats and are installed; a line on the terminal for each that is not."""
        setup = replace(self.setup, formats=formats)
        able = [peer for peer in peers if peer.formats.issuperset(formats)]
        for peer in able:
            if missing := peer.missing():
                click.echo(f"{peer.name} is left out: not installed: {', '.join(missing)}.", err=True)
        return [Entry(peer.name, peer, setup) for peer in able if not peer.missing()]


def _with_engine(contender: Contender, engine: str, setup: Setup) -> Entry:
    name, _, rest = engine.partition(":")
    pairs = [pair.partition("=") for pair in rest.split(",") if pair]
    if not name or not all(key and equals for key, equals, _ in pairs):
        raise click.BadParameter(f"{engine!r} is not of the form NAME[:KEY=VALUE,…].")
    options = {key: value for key, _, value in pairs}
    return Entry(f"{contender.name}:{engine}", contender, replace(setup, engine=name, options=options))


_OPTIONS = (
    click.option(
        "--engine",
        "engines",
        multiple=True,
        metavar="NAME[:KEY=VALUE,…]",
        help="Engine of ocrkit and its options; may be repeated. Default: ocrkit's own choice.",
    ),
    click.option("--workers", type=int, help="Processes of ocrkit, 0 for none. Default: ocrkit's own choice."),
    click.option("--language", default="auto", show_default=True, help="What ocrkit is told."),
    click.option("--peer-languages", default="eng", show_default=True, help="What Tesseract is told, as eng+fra."),
    click.option("--jobs", default=os.cpu_count() or 1, show_default=True, help="Processes of peers that ask."),
    click.option("--json", "json_file", type=FILE, help="Write the figures there too."),
)


def common_options(function: Callable[..., None]) -> Callable[..., None]:
    """Adds the options that every command has; they arrive as one argument `common`."""

    @functools.wraps(function)
    def command(
        *,
        engines: tuple[str, ...],
        workers: int | None,
        language: str,
        peer_languages: str,
        jobs: int,
        json_file: Path | None,
        **own: Any,
    ) -> None:
        setup = Setup(workers=workers, language=language, peer_languages=peer_languages, jobs=jobs)
        function(common=Common(engines, setup, json_file), **own)

    for option in reversed(_OPTIONS):
        command = option(command)
    return command

"""`python -m bench.chaos`: jobs under attack; ends with code 1 if anything was lost or charged wrongly."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from bench.chaos.run import Chaos, Plan

_DEFAULT = Plan()


@click.command()
@click.option("--pages", default=_DEFAULT.pages, show_default=True, help="Pages of the large job.")
@click.option("--page-seconds", default=_DEFAULT.page_seconds, show_default=True, help="What a page takes.")
@click.option("--small", default=_DEFAULT.small, show_default=True, help="Jobs of three pages beside it.")
@click.option("--kills", default=_DEFAULT.kills, show_default=True, help="Of the whole service, a child before each.")
@click.option("--services", default=_DEFAULT.services, show_default=True, help="Processes that share the database.")
@click.option("--seed", default=_DEFAULT.seed, show_default=True, help="Another seed kills at other moments.")
@click.option("--db", default="", help="postgresql://…, an empty database; by default an SQLite file of its own.")
def main(*, pages: int, page_seconds: float, small: int, kills: int, services: int, seed: int, db: str) -> None:
    """A large job and small ones beside it, while the service and its children are killed at random."""
    plan = Plan(pages=pages, page_seconds=page_seconds, small=small, kills=kills, services=services, seed=seed)
    with tempfile.TemporaryDirectory(prefix="ocrkit-chaos-") as name:
        outcome = Chaos(plan, folder=Path(name), url=db or f"sqlite:///{name}/ocrkit.db").run()
    for line in outcome.lines():
        click.echo(line)
    assert outcome.audit is not None
    if outcome.failures or outcome.orphans or not outcome.audit.sound:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

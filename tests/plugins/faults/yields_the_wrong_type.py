"""Planted fault: the hook yields a string."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def ocrkit_engines() -> Iterable[object]:
    """Yields the name of an engine where its spec is due."""
    yield "my-engine"

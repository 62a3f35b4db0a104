"""Planted fault: the hook wants an argument that ocrkit does not give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocrkit.contracts import EngineSpec


@hookimpl
def ocrkit_engines(settings: dict[str, str]) -> Iterable[EngineSpec]:
    """Cannot be called."""
    del settings
    return ()

"""Planted fault: the engine's name is not one that users can type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """Yields a name with a blank and a capital."""
    yield EngineSpec(name="My Engine", summary="Never seen", load="builtins:object", licence="MIT")

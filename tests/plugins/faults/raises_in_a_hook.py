"""Planted fault: the hook raises after its first spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """Yields one engine and then raises."""
    yield EngineSpec(name="before-the-fall", summary="Kept", load="builtins:object", licence="MIT")
    raise LookupError("no configuration")

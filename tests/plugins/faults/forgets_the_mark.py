"""Planted fault: the hook lacks its `@hookimpl`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineSpec

if TYPE_CHECKING:
    from collections.abc import Iterable


def ocrkit_engines() -> Iterable[EngineSpec]:
    """Is never called."""
    yield EngineSpec(name="unmarked", summary="Never seen", load="builtins:object", licence="MIT")

"""Planted fault: the module that `load` names has no such class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """Yields the engine `faulty`."""
    yield EngineSpec(name="faulty", summary="Faulty", load="loads_a_missing_class:Engine", licence="MIT")

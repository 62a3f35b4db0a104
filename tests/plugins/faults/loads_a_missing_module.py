"""Planted fault: what the spec's `load` names does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """Yields the engine `faulty`."""
    yield EngineSpec(name="faulty", summary="Faulty", load="a_module_that_is_not_installed:Engine", licence="MIT")

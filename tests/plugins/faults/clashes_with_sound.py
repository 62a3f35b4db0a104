"""Planted fault: the plugin's engine has the name of another plugin's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """Yields the name of the sound plugin's engine."""
    yield EngineSpec(name="sound", summary="A usurper", load="builtins:object", licence="MIT")

"""Planted fault: the engine has no `recognize`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """Yields the engine `faulty`."""
    yield EngineSpec(name="faulty", summary="Faulty", load="lacks_a_method:Faulty", licence="MIT")


class Faulty:
    """An engine that reads nothing at all."""

    def close(self) -> None:
        """Holds nothing."""

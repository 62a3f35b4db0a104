"""Planted fault: the engine raises when it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import EngineSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def ocrkit_engines() -> Iterable[EngineSpec]:
    """Yields the engine `faulty`."""
    yield EngineSpec(name="faulty", summary="Faulty", load="raises_when_made:Faulty", licence="MIT")


class Faulty:
    """An engine that cannot be made."""

    def __init__(self) -> None:
        raise OSError("weights.bin is damaged")

"""An engine of tier `vlm` for tests, as a plugin: it says what its options tell it to, without any place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ocrkit.contracts import EngineOptions, EngineSpec
from ocrkit.errors import (
    BudgetExceededError,
    EndpointNotConfiguredError,
    EndpointUnavailableError,
    EngineFailedError,
    OcrkitError,
)
from ocrkit.hookspecs import hookimpl
from ocrkit.model import Block, EngineRun, PageError, PageStatus
from ocrkit.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.model import Page
    from ocrkit.raster import PageImage

NAME = "visionary"

ERRORS: dict[str, type[OcrkitError]] = {
    "unreachable": EndpointUnavailableError,
    "over budget": BudgetExceededError,
    "failed": EngineFailedError,
    "not configured": EndpointNotConfiguredError,
}


class VisionaryOptions(EngineOptions):
    """What it does."""

    says: str = "The archive opens at nine"
    """Text of every page, one block a line."""
    does: Literal["read", "failed page", "crash", "unreachable", "over budget", "failed", "not configured"] = "read"
    """How it ends."""


class Visionary:
    """Reads nothing and says what it is told."""

    def recognize(self, images: Iterable[PageImage], options: VisionaryOptions, /) -> Iterator[Page]:
        for image in images:
            if options.does in ERRORS:
                raise ERRORS[options.does](f"planted: {options.does}.")
            if options.does == "crash":
                raise ValueError("planted")
            run = EngineRun(engine=NAME, model="crystal ball")
            if options.does == "failed page":
                page = image.page(run=run, status=PageStatus.FAILED)
                yield page.model_copy(
                    update={"error": PageError(code="engine_failed", message="planted: a failed page.")}
                )
                continue
            whole = (0.0, 0.0, float(image.width), float(image.height))
            yield image.page(run=run, blocks=[Block(text=line, bbox=whole) for line in options.says.split("\n")])

    def close(self) -> None:
        pass


class Plugin:
    """The plugin, as a distribution would bring it."""

    @hookimpl
    def ocrkit_engines(self) -> Iterable[EngineSpec]:
        yield EngineSpec(
            name=NAME,
            summary="For tests",
            load=f"{__name__}:Visionary",
            licence="Apache-2.0",
            tier="vlm",
            options=VisionaryOptions,
            provides=frozenset({"blocks"}),
        )


def registry() -> Registry:
    """The built-in plugins and this one."""
    found = Registry.discover()
    info = found.add(Plugin(), name=NAME)
    assert not info.problems, info.problems
    return found

"""What is installed, told from package metadata: nothing is imported to find out."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def version_of(distribution: str) -> str | None:
    """The version of the distribution; `None` where it is not installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def missing(distributions: Iterable[str]) -> list[str]:
    """Those of the distributions that are not installed."""
    return [name for name in distributions if version_of(name) is None]

"""Finds what installed distributions offer to ocrkit, importing nothing.

Knows entry points and package metadata; what a plugin is, the registry knows. A distribution whose metadata
is broken is an entry with a problem, and hides no other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType


@dataclass(slots=True)
class Found:
    """One entry point.

    Attributes:
        name: of the entry point.
        origin: the distribution; the value of the entry point where the distribution does not say its name.
        version: of the distribution, empty where unknown.
        licence: of the distribution, empty where it does not say.
        point: the entry point, `None` where it names nothing that could be imported.
        problems: what is wrong with the metadata.
    """

    name: str
    origin: str
    version: str = ""
    licence: str = ""
    point: metadata.EntryPoint | None = None
    problems: list[str] = field(default_factory=list)


def find(group: str) -> list[Found]:
    """What is installed under an entry-point group, by name and then origin, so that the order is always the same."""
    found = map(_described, metadata.entry_points(group=group))
    return sorted(found, key=lambda each: (each.name, each.origin))


class Alone:
    """Turns whatever foreign code raises in its `with` block into one line of `problems`; Ctrl-C stays the user's.

    `SystemExit` and others outside `Exception` (the panic of a Rust extension, say) are failures too.

    Args:
        problems: where the line goes.
        what: how it begins.
    """

    def __init__(self, problems: list[str], what: str) -> None:
        self._problems = problems
        self._what = what

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None or isinstance(error, KeyboardInterrupt):
            return False
        self._problems.append(f"{self._what}: {named(error)}")
        return True


def named(error: BaseException) -> str:
    """Kind and first line of an error, as one line."""
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # noqa: BLE001 - an error of foreign code may fail to describe itself
        lines = []
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def own(project: str) -> Found:
    """What the metadata of an installed distribution says of itself.

    Raises:
        PackageNotFoundError: it is not installed.
    """
    found = Found(name=project, origin=project)
    _describe(found, metadata.metadata(project))
    return found


def _described(point: metadata.EntryPoint) -> Found:
    found = Found(name=point.name, origin=point.value, point=point)
    if point.dist is not None:
        with Alone(found.problems, "the metadata of its distribution cannot be read"):
            _describe(found, point.dist.metadata)
    if not point.pattern.match(point.value):
        found.point = None
        found.problems.append(f"its entry point must be 'module' or 'module:object', not {point.value!r}")
    return found


def _describe(found: Found, meta: metadata.PackageMetadata) -> None:
    found.origin = _first(meta, "Name") or found.origin
    found.version = _first(meta, "Version")
    found.licence = _licence(meta)


def _first(meta: metadata.PackageMetadata, key: str) -> str:
    # `meta[key]` is deprecated for a key that may be absent.
    values = meta.get_all(key) or []
    return str(values[0]).strip() if values else ""


def _licence(meta: metadata.PackageMetadata) -> str:
    for key in ("License-Expression", "License"):
        text = _first(meta, key)
        if text:
            return text.splitlines()[0]
    classifiers = meta.get_all("Classifier") or []
    return ", ".join(c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License ::"))

"""Tools at work: what one says of reading where the user does not, and what it makes of the document. Reads no page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocrkit.discovery import named
from ocrkit.errors import OcrkitError, OptionError, ToolError
from ocrkit.model import Document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocrkit.registry import Registry
    from ocrkit.toolspec import ToolSpec


def filled(spec: ToolSpec, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The keyword arguments of reading: those `asked` first, the tool's for what was left out.

    The tool's engine and options go together, and give way where the user chose another engine or tier.

    Raises:
        OptionError: the tool needs something that was not given.
    """
    for name in spec.needs:
        if not asked.get(name):
            raise OptionError(f"The tool {spec.name!r} needs {name}.", hint=f"Give {name} beside the tool.")
    told: dict[str, Any] = {"tier": spec.tier, "text_layer": spec.text_layer, **asked}
    if told["tier"] == spec.tier and told.get("engine") in (None, spec.engine):
        told |= {"engine": spec.engine, "options": {**spec.options, **(asked.get("options") or {})}}
    return told


def applied(registry: Registry, name: str, document: Document) -> Document:
    """What the tool makes of the document.

    Raises:
        UnknownToolError: there is no such tool.
        ToolError: it cannot be loaded, or failed.
    """
    tool = registry.tool(name)
    try:
        made: object = tool.apply(document)
    except (OcrkitError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise ToolError(f"Tool {name!r} failed: {named(error)}.", hint="Read the file without the tool.") from error
    if not isinstance(made, Document):
        raise ToolError(f"Tool {name!r} gave {type(made).__name__} where a Document is due.")
    return made

"""What a tool promises: a light spec that describes a preset, and the protocol of its work on a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from ocrkit.contracts import TierAsked  # noqa: TC001 - pydantic reads the annotation

if TYPE_CHECKING:
    from ocrkit.model import Document


class Tool(Protocol):
    """What a tool does to a document that was read."""

    def apply(self, document: Document, /) -> Document:
        """The document that the user gets; pages stay as many as they are.

        Raises:
            ToolError: it cannot be done.
        """
        ...


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """Describes a tool, a preset of reading, after-work and format, without importing it.

    What a user says goes before what the tool says.

    Attributes:
        name: what users type; lower case, digits and hyphens.
        summary: one line for `ocrkit tools`.
        load: `package.module:Class`; the class takes no arguments. The default leaves documents as they were read.
        tier: the tier that reads.
        engine: name of the engine that reads; `None` for the tier's.
        options: of that engine.
        text_layer: when a PDF page's own text is used: `auto`, `always` or `never`.
        format: the format written where the user names none.
        format_options: of that format.
        needs: arguments that must be given beside the tool, such as `translate_to`.
        online: whether its work may ask a language model behind an endpoint, where one is configured; the service lets
            no other tool reach the network.
    """

    name: str
    summary: str
    load: str = "ocrkit.tools.as_read:AsRead"
    tier: TierAsked = "cpu"
    engine: str | None = None
    options: dict[str, object] = field(default_factory=dict)
    text_layer: Literal["auto", "always", "never"] = "auto"
    format: str = "md"
    format_options: dict[str, object] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    online: bool = False

"""The after-work of tools that have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocrkit.model import Document


class AsRead:
    """Leaves a document as it was read."""

    def apply(self, document: Document, /) -> Document:
        """The document itself."""
        return document

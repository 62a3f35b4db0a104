"""What only the whole document tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocrkit.model import Document


def arrange_document(document: Document) -> Document:
    """The document with what only all its pages together can tell."""
    return document

"""A named value that was found in a document, with its place. Knows no document."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ocrkit.value import Box, Confidence, Value


class FoundField(Value):
    """A value such as the total of a receipt, as it is meant and as it is printed; since schema 1.1."""

    name: str
    """What it is, such as `vendor`, `address`, `date`, `due_date`, `number`, `currency`, `tax` or `total`."""
    value: str
    """As programs read it: a date as ISO 8601, an amount with a point before the cents."""
    text: str
    """As it is printed, a line each where it takes several."""
    page: Annotated[int, Field(ge=1)]
    """Page of the file, from 1."""
    bbox: Box
    """Of the printed line that holds it, or of all its lines."""
    confidence: Confidence | None = None
    """Of the reading of that line; `None` where unknown."""
    consistent: bool | None = None
    """Of a total: whether subtotal and tax add up to it; `None` where one of them is not known."""
    model: str | None = None
    """The language model that named it, where not rules did; its words were looked for and found on the page."""

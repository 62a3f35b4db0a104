"""How an endpoint stands, for `ocrkit doctor`: a value in plain words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EndpointHealth:
    """How an endpoint stands.

    Attributes:
        url: where it is, without a password.
        reachable: whether it answered at all.
        works: whether it answered a question.
        models: ids that it lists; not asked for where the settings name one.
        model: the one that would be asked; empty where none is known.
        detail: one sentence.
        hint: the next step; empty where all is well.
        seconds: that the question took.
    """

    url: str
    reachable: bool
    works: bool
    models: tuple[str, ...]
    model: str
    detail: str
    hint: str = ""
    seconds: float = 0.0

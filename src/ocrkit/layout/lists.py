"""Entries of lists: their markers, as printed, how deep they are nested, and leaders of dots within them.

Knows texts and left edges only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NESTED = 0.8
"""An item that stands this far right of another, in heights of a line, is one level deeper."""

_DASHES = "-–—*·"
_BULLET = re.compile(r"([•‣▪▫■□●○◦∙⁃➢➤►▶❖✓✔☐☑]|[-–—*·](?=\s))\s*(?=\S)")
_LEADER = re.compile(r"(?:[.·_]\s?){4,}|(?:…\s?){2,}|(?:(?<=\s)[-–]\s){4,}")
_NUMBERED = re.compile(
    r"(\(?(?:\d{1,2}|[a-hA-H]|[ivx]{1,4})\)|(?:\d{1,2}|[a-h]|[ivx]{1,4})\.(?!\d)|[①-⑳]|[（(][一二三四五六七八九十\d]{1,3}[)）])\s+(?=\S)"
)


def split_marker(text: str) -> tuple[str, str]:
    """The marker at the start of the text and what follows it; `("", text)` where there is none."""
    for pattern in (_BULLET, _NUMBERED):
        found = pattern.match(text)
        if found:
            return found.group(1), text[found.end() :]
    return "", text


def has_marker(text: str) -> bool:
    """Whether the text begins as a list item does."""
    return bool(split_marker(text)[0])


def is_marker(text: str) -> bool:
    """Whether the text is a marker and nothing else."""
    return bool(split_marker(f"{text.strip()} x")[0]) and " " not in text.strip()


def is_bullet(marker: str) -> bool:
    """Whether the marker is a sign that stands for nothing else; a dash or a number needs company to be believed."""
    return len(marker) == 1 and marker not in _DASHES and not marker.isalnum()


def is_dash(marker: str) -> bool:
    """Whether the marker is a sign that a sentence, a line of verse or a speech may begin with as well."""
    return len(marker) == 1 and marker in _DASHES


def has_leader(text: str) -> bool:
    """Whether dots lead from one part of the text to another, or to what is to be filled in."""
    return _LEADER.search(text) is not None


def style_of(marker: str) -> str:
    """What the markers of one list have in common: `1.` and `2.` the same, `a)` and `(a)` not."""
    kind = "0" if any(c.isdigit() for c in marker) else "a" if any(c.isalpha() for c in marker) else ""
    return kind + re.sub(r"\w", "", marker) if kind else marker


def levels_of(edges: Sequence[float], em: float) -> list[int]:
    """The depth of each item, from 1, by its left edge."""
    steps: list[float] = []
    for edge in sorted(edges):
        if not steps or edge - steps[-1] > NESTED * em:
            steps.append(edge)
    return [max(1, sum(edge >= step for step in steps)) for edge in edges]

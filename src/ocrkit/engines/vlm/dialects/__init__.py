"""How each family of models is asked for a page, and how its answer is read. One file a family.

Models are trained on some form of answer, and many on one wording. The prompts here are our own, but for those that are
no words at all; the option `prompt` asks in a model's own wording.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.engines.vlm.dialects.chandra import CHANDRA
from ocrkit.engines.vlm.dialects.dots import DOTS
from ocrkit.engines.vlm.dialects.lightonocr import LIGHTONOCR
from ocrkit.engines.vlm.dialects.markdown import MARKDOWN
from ocrkit.engines.vlm.dialects.olmocr import OLMOCR

if TYPE_CHECKING:
    from ocrkit.engines.vlm import DialectName
    from ocrkit.engines.vlm.dialects.dialect import Dialect

DIALECTS: tuple[Dialect, ...] = (CHANDRA, DOTS, LIGHTONOCR, OLMOCR, MARKDOWN)
"""Markdown last: it is what any model can be asked for."""


def dialect_of(name: DialectName, model: str) -> Dialect:
    """The dialect of this name; with `auto` the one of the model's family, Markdown for others."""
    if name != "auto":
        return next(each for each in DIALECTS if each.name == name)
    return next((each for each in DIALECTS if each.models and each.models.search(model)), MARKDOWN)

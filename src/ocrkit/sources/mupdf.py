"""PyMuPDF, without the layout analysis and the Markdown writer that it brings along.

They cost half a second and ONNX Runtime in every process, and nothing here uses them. Whoever imports them by name
gets them all the same; only the shortcuts `pymupdf.to_markdown` and its like are then not to be had.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

_UNUSED = ("pymupdf.layout", "pymupdf4llm")


def _alone() -> Any:
    hidden = [name for name in _UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is the import system's "not to be had"
    try:
        return import_module("pymupdf")
    finally:
        for name in hidden:
            del sys.modules[name]


pymupdf = _alone()

"""ocrkit: images and PDFs into text, Markdown, tables, Word, searchable PDF, CSV and JSON.

    import ocrkit

    document = ocrkit.recognize("scan.pdf")
    print(document.text)

Everything public is here; each name is imported when it is first used, so `import ocrkit` is cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocrkit.api import Recognizer, aexport, arecognize, astream, export, recognize, stream, translate
    from ocrkit.chat import Conversation, ask
    from ocrkit.errors import OcrkitError
    from ocrkit.model import (
        Block,
        BlockKind,
        Cell,
        Document,
        Line,
        Page,
        PageStatus,
        Table,
        Word,
    )
    from ocrkit.registry import Registry
    from ocrkit.sources.limits import Limits

__version__ = "0.1.0"

__all__ = [
    "Block",
    "BlockKind",
    "Cell",
    "Conversation",
    "Document",
    "Limits",
    "Line",
    "OcrkitError",
    "Page",
    "PageStatus",
    "Recognizer",
    "Registry",
    "Table",
    "Word",
    "__version__",
    "aexport",
    "arecognize",
    "ask",
    "astream",
    "export",
    "recognize",
    "stream",
    "translate",
]

_HOMES = {
    "ocrkit.api": ("Recognizer", "aexport", "arecognize", "astream", "export", "recognize", "stream", "translate"),
    "ocrkit.chat": ("Conversation", "ask"),
    "ocrkit.errors": ("OcrkitError",),
    "ocrkit.model": ("Block", "BlockKind", "Cell", "Document", "Line", "Page", "PageStatus", "Table", "Word"),
    "ocrkit.registry": ("Registry",),
    "ocrkit.sources.limits": ("Limits",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take every misspelt name for one that exists.
    def __getattr__(name: str) -> object:
        home = _HOME_OF.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(home), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

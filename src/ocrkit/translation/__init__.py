"""A document into another language: Document in, Document out, with its boxes, tables, formulas and ids.

Knows translators by their contract, and pages as values; knows no file, no engine and no format.
"""

from ocrkit.translation.choice import ORDER, Choice, pair_names
from ocrkit.translation.documents import DocumentTranslator, as_read, translate, untranslated
from ocrkit.translation.pages import WARNING, not_translated

__all__ = [
    "ORDER",
    "WARNING",
    "Choice",
    "DocumentTranslator",
    "as_read",
    "not_translated",
    "pair_names",
    "translate",
    "untranslated",
]

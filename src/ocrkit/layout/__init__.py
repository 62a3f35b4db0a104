"""Pure functions over values: reading order, lines into blocks, tables, alignment of texts.

Takes and gives `ocrkit.model` values and numbers; opens nothing, imports no engine.
"""

from ocrkit.layout.arrange import arrange
from ocrkit.layout.document import arrange_document

__all__ = ["arrange", "arrange_document"]

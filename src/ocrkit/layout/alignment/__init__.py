"""The text of one reading of a page put onto the words of another: boxes for what has none, doubts for what differs.

A vision model gives good text and no places; the cpu tier gives every word its box. Knows values only: two pages of
the same frame go in, one comes out. Imported by whoever needs it, as it brings a library for the likeness of words.
"""

from ocrkit.layout.alignment.aligning import align

__all__ = ["align"]

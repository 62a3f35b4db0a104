"""Searchable PDF: the page as it was, and its text invisibly where it stands.

`exporter` decides what is written, `original` opens a PDF input, `pictures` embeds a picture input,
`placing` puts words on their boxes, `writing` says so in PDF operators, `font` is the font that has every character
and shows none. `archive` makes PDF/A of the whole, `forbidden` says what keeps a file from it, `contents` walks through
what a file draws with.
"""

from ocrkit.exporters.pdf.exporter import PdfExporter

__all__ = ["PdfExporter"]

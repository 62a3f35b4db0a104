"""Word: real heading, list and caption styles, tables with merged cells, one section a page size.

`exporter` writes the blocks, `numbering` counts list items, `setting` sets type, language and properties.
"""

from ocrkit.exporters.docx.exporter import DocxExporter

__all__ = ["DocxExporter"]

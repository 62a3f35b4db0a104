"""The page images with what was read drawn on them, for people who want to see why a result is as it is.

`exporter` writes the HTML page, `viewer.css` and `viewer.js` are its looks and its behaviour.
"""

from ocrkit.exporters.view.exporter import ViewExporter

__all__ = ["ViewExporter"]

"""A scanned PDF page is one JPEG on a sheet: finds that JPEG, and decodes it instead of rendering the page.

At half the size, where a JPEG decodes for less, three times faster than rendering. Right comes first: with
anything on the page that could change what is seen (overlay, clip, mask, blend, odd colours, a tilt) there is no scan
here, and the page is rendered. Shared by nobody but `pdf.py`, whose lock its callers hold.
"""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.raster import Pixels

_PLACED = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_ALTERS = re.compile(rb"\bW\*?\s+n\b|/\S+\s+gs\b")
"""Clipping, and graphics states that may blend."""

_PLAIN_COLOURS = {"DeviceGray": "L", "CalGray": "L", "DeviceRGB": "RGB", "CalRGB": "RGB", "ICCBased": None}
_FILTERS = {"/DCTDecode", "[/DCTDecode]"}
_ALTERING_KEYS = ("SMask", "Mask", "ImageMask", "Decode", "DecodeParms", "SMaskInData")
_TOLERANCE = 0.005
"""Share of the page that the picture's edges may stand off the page's."""
_ENOUGH = 0.99
"""Share of the pixels asked for that a scan must have; sides are rounded up, so it may lack one."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The JPEG that is the page, and how far /Rotate turns it clockwise."""

    data: bytes
    width: int
    height: int
    mode: str | None
    rotation: int

    def pixels(self, width: int, height: int, *, exact: bool) -> Pixels | None:
        """The page, upright, of that size, or with `exact` unset as large or larger.

        `None` where a renderer makes more of it: the JPEG is small, broken or not what the PDF says.
        """
        across, down = (height, width) if self.rotation % 180 else (width, height)
        try:
            with JpegImageFile(io.BytesIO(self.data)) as image:
                if image.size != (self.width, self.height) or image.mode != (self.mode or image.mode):
                    return None
                if image.width < _ENOUGH * across or image.height < _ENOUGH * down:
                    # Enlarging costs as much as rendering.
                    return None
                image.draft(None, (across, down))
                fits = not exact and image.width >= across and image.height >= down
                frame = image if fits else image.resize((across, down), Image.Resampling.BOX)
                pixels = np.asarray(frame.convert("RGB"))
        except (OSError, SyntaxError, ValueError, IndexError, KeyError, TypeError):
            # A broken JPEG: MuPDF shows what there is of it.
            return None
        return np.ascontiguousarray(np.rot90(pixels, -self.rotation // 90))


def scan_of(page: Any, drawn: Sequence[dict[str, Any]]) -> Scan | None:
    """The JPEG that alone makes the page; `None` where the page must be rendered.

    Args:
        page: a PyMuPDF page.
        drawn: its pictures, as PyMuPDF's `get_image_info` lists them.
    """
    if len(drawn) != 1 or not _covers(page, drawn[0]):
        return None
    contents = page.read_contents()
    names = _PLACED.findall(contents)
    if len(names) != 1 or _ALTERS.search(contents):
        return None
    name = names[0].decode("latin-1")
    # (xref, smask, width, height, bpc, colours, alternative, name, filter, form it stands in)
    entries = [entry for entry in page.get_images(full=True) if entry[7] == name and entry[9] == 0]
    if len(entries) != 1 or not _is_plain(page.parent, entries[0]):
        return None
    kinds = [kind for kind, _ in page.get_bboxlog()]
    if kinds.count("fill-image") != 1 or set(kinds) - {"fill-image", "ignore-text"}:
        return None
    xref, _, width, height, _, colours = entries[0][:6]
    return Scan(
        data=page.parent.xref_stream_raw(xref),
        width=width,
        height=height,
        mode=_PLAIN_COLOURS[colours],
        rotation=page.rotation,
    )


def _covers(page: Any, picture: dict[str, Any]) -> bool:
    """Whether the picture stands upright on the page as it is before /Rotate, and fills it."""
    a, b, c, d, x, y = picture["transform"]
    width, height = page.rect.width, page.rect.height
    if page.rotation % 180:
        width, height = height, width
    edges = ((x, 0.0, width), (y, 0.0, height), (x + a, width, width), (y + d, height, height))
    return (
        math.isclose(b, 0.0, abs_tol=1e-3)
        and math.isclose(c, 0.0, abs_tol=1e-3)
        and all(abs(edge - wanted) <= _TOLERANCE * side for edge, wanted, side in edges)
    )


def _is_plain(document: Any, entry: tuple[Any, ...]) -> bool:
    xref, smask, colours = entry[0], entry[1], entry[5]
    if smask or colours not in _PLAIN_COLOURS:
        return False
    filters = document.xref_get_key(xref, "Filter")[1].replace(" ", "")
    return filters in _FILTERS and all(document.xref_get_key(xref, key)[0] == "null" for key in _ALTERING_KEYS)

"""Small files made for these tests."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pikepdf
import pymupdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 160, 20), (20, 20, 220), (255, 255, 255)


def corners(width: int = 80, height: int = 60) -> Image.Image:
    """A white picture: red in its upper left quarter, blue in its lower right one."""
    image = Image.new("RGB", (width, height), WHITE)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill=RED)
    draw.rectangle((width // 2, height // 2, width - 1, height - 1), fill=BLUE)
    return image


def quarters(pixels: NDArray[np.uint8]) -> tuple[str, str, str, str]:
    """Colours in the middle of the four quarters: upper left, upper right, lower left, lower right."""
    height, width = pixels.shape[:2]
    spots = ((y, x) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4))
    a, b, c, d = (_named(pixels[y, x]) for y, x in spots)
    return (a, b, c, d)


UPRIGHT = ("red", "white", "white", "blue")


def _named(colour: NDArray[np.uint8]) -> str:
    near = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE, "black": (0, 0, 0)}
    return min(near, key=lambda name: sum(abs(int(a) - b) for a, b in zip(colour, near[name], strict=True)))


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def text_pdf(*texts: str, **save: Any) -> bytes:
    """A PDF with one text a page."""
    document = pymupdf.open()
    for text in texts:
        page = document.new_page(width=300, height=200)
        page.insert_text((30, 50), text, fontsize=12)
    data: bytes = document.tobytes(**save)
    return data


def drawn_pdf(contents: str, *, pages: int = 1, **page: Any) -> bytes:
    """A PDF whose pages have these contents, with Helvetica as /F; `page` adds to the page dictionary."""
    pdf = pikepdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for _ in range(pages):
        entries = {"MediaBox": [0, 0, 300, 200], "Resources": Dictionary(Font=Dictionary(F=font)), **page}
        made = Dictionary(Type=Name.Page, Contents=pdf.make_stream(contents.encode()), **entries)
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(made)))
    return _saved(pdf)


def picture_pdf(
    data: bytes,
    size: tuple[int, int],
    *,
    contents: str = "q 300 0 0 200 0 0 cm /Im Do Q",
    picture: dict[str, Any] | None = None,
    **page: Any,
) -> bytes:
    """A PDF of one page of 300 × 200 points that draws one picture stream as /Im."""
    pdf = pikepdf.new()
    stream = pikepdf.Stream(pdf, data)
    entries: dict[str, Any] = {
        "Type": Name.XObject,
        "Subtype": Name.Image,
        "Width": size[0],
        "Height": size[1],
        "BitsPerComponent": 8,
        "ColorSpace": Name.DeviceRGB,
        "Filter": Name.DCTDecode,
        **(picture or {}),
    }
    for key, value in entries.items():
        stream[f"/{key}"] = value
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    resources = Dictionary(XObject=Dictionary(Im=pdf.make_indirect(stream)), Font=Dictionary(F=font))
    made = Dictionary(Type=Name.Page, Contents=pdf.make_stream(contents.encode()), Resources=resources)
    for key, value in {"MediaBox": [0, 0, 300, 200], **page}.items():
        made[f"/{key}"] = value
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(made)))
    return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()

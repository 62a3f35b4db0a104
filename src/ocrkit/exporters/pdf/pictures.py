"""A picture into a PDF page: JPEG and PNG data as they are, anything else, and what shrinks, packed without loss.

Reads the markers of JPEG and the chunks of PNG, decodes neither; pixels come from the source where they are needed.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pikepdf
    from numpy.typing import NDArray

    from ocrkit.raster import PageImage, Pixels

_PNG = b"\x89PNG\r\n\x1a\n"
_BASELINE_TO_PROGRESSIVE = (0xC0, 0xC1, 0xC2)
"""Frame markers of the JPEG kinds that DCTDecode reads (PDF 32000-1, 7.4.8)."""

_WORTH_PACKING = 0.9
"""Share of its size from which a JPEG is not packed once more: some programs take plain ones out of a PDF as files."""

_START_OF_SCAN, _APP1, _APP2, _APP14 = 0xDA, 0xE1, 0xE2, 0xEE
_GREY, _RGB, _CMYK = 1, 3, 4
_ORIENTATION_TAG = 0x0112

_TURNS = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
"""For each EXIF orientation the map of the unit square, y upwards, that sets the picture upright."""

_SIDEWAYS = frozenset({5, 6, 7, 8})


@dataclass(frozen=True, slots=True)
class Embedded:
    """A picture as an object of a PDF, and the map of the unit square that sets it upright."""

    stream: Stream
    matrix: tuple[int, ...] = _TURNS[1]


def embedded(pdf: pikepdf.Pdf, data: bytes, image: PageImage, *, archival: bool = False) -> Embedded:
    """The page's picture in the file.

    Args:
        pdf: the file.
        data: the whole source file.
        image: the page, for pictures whose data PDF cannot hold as they are.
        archival: whether colours of ink that no profile explains are turned into RGB, as PDF/A needs it.
    """
    if data.startswith(b"\xff\xd8"):
        jpeg = _jpeg(pdf, data, shown=(image.width, image.height))
        if jpeg is not None and not (archival and jpeg.stream[Name.ColorSpace] == Name.DeviceCMYK):
            return jpeg
    png = _png(pdf, data) if data.startswith(_PNG) else None
    if png is not None and png[Name.BitsPerComponent] > 1:
        return Embedded(png)
    pixels = image.pixels
    try:
        packed = _packed(pdf, pixels)
    finally:
        image.drop_pixels()
    # Two colours pack tighter as fax than as PNG, unless they are dots that stand for shades.
    return Embedded(packed if png is None or _length(packed) < _length(png) else png)


def _jpeg(pdf: pikepdf.Pdf, data: bytes, *, shown: tuple[int, int]) -> Embedded | None:
    """The JPEG data themselves; `None` for kinds that PDF does not know, or that the page shows in another size."""
    orientation, has_adobe, frame = 1, False, None
    profile: dict[int, bytes] = {}
    for marker, body in _segments(data):
        if marker in _BASELINE_TO_PROGRESSIVE:
            frame = struct.unpack_from(">BHHB", body)
        elif marker == _APP1 and body.startswith(b"Exif\0\0"):
            orientation = _exif_orientation(body[6:])
        elif marker == _APP2 and body.startswith(b"ICC_PROFILE\0"):
            profile[body[12]] = body[14:]
        elif marker == _APP14 and body.startswith(b"Adobe"):
            has_adobe = True
    if frame is None or frame[3] not in (_GREY, _RGB, _CMYK) or frame[0] != 8:  # noqa: PLR2004 - bits a sample
        return None
    bits, height, width, components = frame
    if ((height, width) if orientation in _SIDEWAYS else (width, height)) != shown:
        return None
    space = _color_space(pdf, components, b"".join(profile[key] for key in sorted(profile)))
    # White paper is much the same bytes over and over in JPEGs whose codes were not fitted to them.
    packed = zlib.compress(data)
    worth = len(packed) < _WORTH_PACKING * len(data)
    stream = _image(pdf, packed if worth else data, size=(width, height), bits=bits, space=space)
    stream[Name.Filter] = Array([Name.FlateDecode, Name.DCTDecode]) if worth else Name.DCTDecode
    if components == _CMYK and has_adobe:
        # Adobe's programs store CMYK inverted, and say so by their marker alone.
        stream[Name.Decode] = Array([1, 0] * _CMYK)
    return Embedded(stream, _TURNS[orientation])


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Markers and bodies of a JPEG up to its first scan; stops where the data are broken."""
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF:  # noqa: PLR2004 - every marker begins so
        marker = data[position + 1]
        if marker == 0xFF:  # noqa: PLR2004 - a fill byte
            position += 1
            continue
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        body = data[position + 4 : position + 2 + length]
        if marker == _START_OF_SCAN or len(body) != length - 2:
            return
        yield marker, body
        position += 2 + length


def _exif_orientation(tiff: bytes) -> int:
    """The orientation in an EXIF block, 1 where it names none that exists."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:  # noqa: PLR2004 - the TIFF header
        return 1
    (start,) = struct.unpack_from(f"{order}L", tiff, 4)
    if start + 2 > len(tiff):
        return 1
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for at in range(start + 2, min(start + 2 + 12 * count, len(tiff) - 11), 12):
        tag, _, _, value = struct.unpack_from(f"{order}HHLH", tiff, at)
        if tag == _ORIENTATION_TAG:
            return value if value in _TURNS else 1
    return 1


def _color_space(pdf: pikepdf.Pdf, components: int, profile: bytes) -> pikepdf.Object:
    plain = {_GREY: Name.DeviceGray, _RGB: Name.DeviceRGB, _CMYK: Name.DeviceCMYK}[components]
    # The profile's own word for its colours, at byte 16 of its header (ICC.1), must agree with the data.
    space = {_GREY: b"GRAY", _RGB: b"RGB ", _CMYK: b"CMYK"}[components]
    if profile[16:20] != space:
        return plain
    return Array([Name.ICCBased, pdf.make_stream(profile, N=components, Alternate=plain)])


def _length(stream: Stream) -> int:
    return len(stream.read_raw_bytes())


def _png(pdf: pikepdf.Pdf, data: bytes) -> Stream | None:
    """The PNG's own compressed rows; `None` where it is interlaced, has alpha or is turned."""
    header, palette, rows = b"", b"", []
    for kind, body in _chunks(data):
        if kind == b"IHDR":
            header = body
        elif kind == b"PLTE":
            palette = body
        elif kind == b"IDAT":
            rows.append(body)
        elif kind in (b"tRNS", b"eXIf"):
            return None
    if len(header) != 13 or not rows:  # noqa: PLR2004 - length of IHDR
        return None
    width, height, bits, color, _, _, interlaced = struct.unpack(">LLBBBBB", header)
    spaces: dict[int, tuple[int, pikepdf.Object]] = {0: (1, Name.DeviceGray), 2: (3, Name.DeviceRGB)}
    if palette:
        spaces[3] = (1, Array([Name.Indexed, Name.DeviceRGB, len(palette) // 3 - 1, String(palette)]))
    if color not in spaces or interlaced:
        return None
    colors, space = spaces[color]
    return _flate(pdf, b"".join(rows), size=(width, height), bits=bits, space=space, colors=colors)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(_PNG)
    while position + 12 <= len(data):
        (length,) = struct.unpack_from(">L", data, position)
        yield data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        position += 12 + length


def _packed(pdf: pikepdf.Pdf, pixels: Pixels) -> Stream:
    """The pixels without loss: one bit each where they are black and white, one byte where grey, else three."""
    height, width = pixels.shape[:2]
    grey = pixels[:, :, 0]
    if not (np.array_equal(grey, pixels[:, :, 1]) and np.array_equal(grey, pixels[:, :, 2])):
        filtered = _up(pixels.reshape(height, width * 3))
        return _flate(pdf, filtered, size=(width, height), bits=8, space=Name.DeviceRGB, colors=3)
    if np.all((grey == 0) | (grey == 255)):  # noqa: PLR2004 - black and white
        return _fax(pdf, grey)
    return _flate(pdf, _up(grey), size=(width, height), bits=8, space=Name.DeviceGray, colors=1)


def _up(rows: NDArray[np.uint8]) -> bytes:
    """The rows compressed, each as its difference from the one above (PNG filter type 2)."""
    filtered = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    filtered[:, 0] = 2
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    return zlib.compress(filtered.tobytes())


def _fax(pdf: pikepdf.Pdf, grey: NDArray[np.uint8]) -> Stream:
    """Black and white as fax group 4, which packs scanned text tighter than anything else PDF knows."""
    height, width = grey.shape
    out = io.BytesIO()
    rows_per_strip = 278
    bits = Image.fromarray(grey).convert("1", dither=Image.Dither.NONE)
    bits.save(out, "TIFF", compression="group4", tiffinfo={rows_per_strip: height})
    with Image.open(out) as written:
        tags: Any = getattr(written, "tag_v2")  # noqa: B009 - a TIFF has it, the type of any picture does not
        (offset,), (length,) = tags[273], tags[279]
    data = out.getvalue()[offset : offset + length]
    # Pillow writes 0 as black, so what the code calls black runs are the ones.
    parameters = Dictionary(K=-1, Columns=width, Rows=height, BlackIs1=True)
    stream = _image(pdf, data, size=(width, height), bits=1, space=Name.DeviceGray)
    stream[Name.Filter] = Name.CCITTFaxDecode
    stream[Name.DecodeParms] = parameters
    return stream


def _flate(
    pdf: pikepdf.Pdf, data: bytes, *, size: tuple[int, int], bits: int, space: pikepdf.Object, colors: int
) -> Stream:
    """Rows that PNG filters prepared and zlib packed."""
    stream = _image(pdf, data, size=size, bits=bits, space=space)
    stream[Name.Filter] = Name.FlateDecode
    stream[Name.DecodeParms] = Dictionary(Predictor=15, Colors=colors, BitsPerComponent=bits, Columns=size[0])
    return stream


def _image(pdf: pikepdf.Pdf, data: bytes, *, size: tuple[int, int], bits: int, space: pikepdf.Object) -> Stream:
    return Stream(
        pdf,
        data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=size[0],
        Height=size[1],
        BitsPerComponent=bits,
        ColorSpace=space,
    )

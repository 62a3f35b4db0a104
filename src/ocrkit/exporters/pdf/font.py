"""A font for all of Unicode that draws nothing: one blank glyph, made here byte by byte, a few hundred bytes.

A code is the character itself for the basic plane (Identity-H and an identity ToUnicode map); characters beyond
it borrow the codes of the surrogates, which are no characters, and are mapped one by one.
"""

from __future__ import annotations

import struct

import pikepdf
from pikepdf import Array, Dictionary, Name

UNITS = 1000
"""Units an em (PDF 32000-1, 9.7.3 counts widths in thousandths)."""

ADVANCE = 500
"""Width of every character in units; each word is scaled to its box."""

ASCENT, DESCENT = 800, -200
"""Together one em, so that a font size is the height of a box whose baseline lies a fifth above its foot."""

_NAME = "OcrkitInvisible"
_FIRST_SURROGATE, _LAST_SURROGATE = 0xD800, 0xDFFF
_REPLACEMENT = 0xFFFD
_BASIC_PLANE = 0x10000
_MAX_ENTRIES = 100
"""Entries a `beginbfrange` block may have (Adobe Technical Note 5411)."""


class InvisibleFont:
    """The font of one file; it learns the characters that are used beyond the basic plane."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._borrowed: dict[str, int] = {}
        self.object = pdf.make_indirect(Dictionary())

    def encode(self, text: str) -> str:
        """The codes of the text as hexadecimal digits, four a character."""
        return "".join(f"{self._code(sign):04X}" for sign in text)

    def finish(self) -> None:
        """Writes the font into the file; call it when all text is encoded."""
        pdf = self._pdf
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/" + _NAME),
            Flags=4,  # symbolic: its characters are not those of a standard set
            FontBBox=[0, DESCENT, ADVANCE, ASCENT],
            ItalicAngle=0,
            Ascent=ASCENT,
            Descent=DESCENT,
            CapHeight=ASCENT,
            StemV=80,
            FontFile2=pdf.make_stream(true_type()),
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name("/" + _NAME),
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=ADVANCE,
            CIDToGIDMap=pdf.make_stream(b"\x00\x01" * _BASIC_PLANE),
        )
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/" + _NAME),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(self._to_unicode()),
        )
        for key, value in font.items():
            self.object[key] = value

    def _code(self, sign: str) -> int:
        point = ord(sign)
        if point < _BASIC_PLANE:
            return _REPLACEMENT if _FIRST_SURROGATE <= point <= _LAST_SURROGATE else point
        code = self._borrowed.get(sign, _FIRST_SURROGATE + len(self._borrowed))
        if code > _LAST_SURROGATE:
            return _REPLACEMENT
        self._borrowed[sign] = code
        return code

    def _to_unicode(self) -> bytes:
        # A range may not run over the last byte (PDF 32000-1, 9.10.3), so there is one for each first byte.
        ranges = [
            f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>"
            for high in range(256)
            if not _FIRST_SURROGATE <= high << 8 <= _LAST_SURROGATE
        ]
        singles = [f"<{code:04X}> <{sign.encode('utf-16-be').hex().upper()}>" for sign, code in self._borrowed.items()]
        lines = [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Ocrkit-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
            *_entries("bfrange", ranges),
            *_entries("bfchar", singles),
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
        return "\n".join(lines).encode("ascii")


def _entries(kind: str, entries: list[str]) -> list[str]:
    lines: list[str] = []
    for start in range(0, len(entries), _MAX_ENTRIES):
        part = entries[start : start + _MAX_ENTRIES]
        lines += [f"{len(part)} begin{kind}", *part, f"end{kind}"]
    return lines


def true_type() -> bytes:
    """A TrueType font of two glyphs that paint nothing: what OpenType asks of every font, and no more."""
    glyphs = 2
    family = _NAME.encode("utf-16-be")
    post_script_name = 6
    names = struct.pack(">3H6H", 0, 1, 18, 3, 1, 0x409, post_script_name, len(family), 0) + family
    # One segment, the closing one: codes are mapped by the PDF, not by the font.
    segments = struct.pack(">8H", 4, 24, 0, 2, 2, 0, 0, 0xFFFF) + struct.pack(">HHhH", 0, 0xFFFF, 1, 0)
    # Two contours of one point each: they paint nothing, yet span a box, and PDFium drops words without one.
    corners = (0, DESCENT, ADVANCE, ASCENT)
    glyph = struct.pack(">5h3H2B4h2x", 2, *corners, 0, 1, 0, 1, 1, 0, ADVANCE, DESCENT, ASCENT - DESCENT)
    tables = {
        b"OS/2": struct.pack(
            ">Hh3H11h10s4L4s3H3h2H", 3, ADVANCE, 400, 5, 0, *(0,) * 11, b"", 0, 0, 0, 0, b"    ", 64, 0, 0xFFFF,
            ASCENT, DESCENT, 0, ASCENT, -DESCENT,
        ) + struct.pack(">2L2h3H", 0, 0, ASCENT, ASCENT, 0, 32, 0),
        b"cmap": struct.pack(">4HL", 0, 1, 3, 1, 12) + segments,
        b"glyf": glyph,
        b"head": struct.pack(
            ">4L2H2Q4h2H3h", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, UNITS, 0, 0,
            0, DESCENT, ADVANCE, ASCENT, 0, 8, 2, 0, 0,
        ),
        b"hhea": struct.pack(">L3hH11hH", 0x10000, ASCENT, DESCENT, 0, ADVANCE, 0, 0, 0, 1, *(0,) * 7, glyphs),
        b"hmtx": struct.pack(">HhHh", ADVANCE, 0, ADVANCE, 0),
        b"loca": struct.pack(">3H", 0, 0, len(glyph) // 2),
        b"maxp": struct.pack(">L14H", 0x10000, glyphs, 2, 2, 0, 0, 1, *(0,) * 8),
        b"name": names,
        b"post": struct.pack(">2L2h5L", 0x30000, 0, 0, 0, 1, 0, 0, 0, 0),
    }  # fmt: skip
    return _with_directory(tables)


def _with_directory(tables: dict[bytes, bytes]) -> bytes:
    """The tables behind their directory, each at a multiple of four bytes, the check sum of the whole in `head`."""
    count = len(tables)
    power = count.bit_length() - 1
    directory = struct.pack(">L4H", 0x10000, count, 16 << power, power, (count - (1 << power)) * 16)
    offset = len(directory) + 16 * count
    head_at, body = 0, b""
    for tag, data in sorted(tables.items()):
        if tag == b"head":
            head_at = offset + len(body)
        directory += struct.pack(">4s3L", tag, _check_sum(data), offset + len(body), len(data))
        body += data + b"\x00" * (-len(data) % 4)
    font = bytearray(directory + body)
    struct.pack_into(">L", font, head_at + 8, (0xB1B0AFBA - _check_sum(bytes(font))) & 0xFFFFFFFF)
    return bytes(font)


def _check_sum(data: bytes) -> int:
    padded = data + b"\x00" * (-len(data) % 4)
    total: int = sum(struct.unpack(f">{len(padded) // 4}L", padded))
    return total & 0xFFFFFFFF

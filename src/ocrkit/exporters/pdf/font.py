"""A font for all of Unicode that draws nothing: blank glyphs, made here byte by byte, a few hundred bytes.

A code is the character itself for the basic plane (Identity-H and an identity ToUnicode map). Characters beyond
it, and those that must have another width, borrow the codes of the surrogates and of the private use area, and
are mapped one by one.
"""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name

UNITS = 1000
"""Units an em (PDF 32000-1, 9.7.3 counts widths in thousandths)."""

STEP = 100
"""Units between the widths that a character can be had in."""

SPACE = 100
"""Width of a space that follows a word, so narrow that it stays before the next word."""


class Metrics(NamedTuple):
    """What readers measure by, in units.

    Attributes:
        name: the font's name.
        advance: width of every character; each word is scaled to its box.
        ascent: top of the box that a character fills, above the baseline.
        descent: its foot, below zero.
    """

    name: str
    advance: int
    ascent: int
    descent: int

    @property
    def em(self) -> float:
        """The font size for a box one high."""
        return UNITS / (self.ascent - self.descent)


USUAL = Metrics("OcrkitInvisible", 500, 800, -200)
"""A font size is the height of a box whose baseline lies a fifth above its foot."""

JOINING = Metrics("OcrkitInvisibleJoining", 390, 400, -100)
"""For characters that stand apart and yet are one word. Poppler sees a break from a tenth of the font size on, so
that is twice the height of the box; PDFium from a quarter of a character's width on, or half where that is below
400 units."""

_WIDEST = 3000
"""Units of the widest character."""

_FIRST_BORROWED, _LAST_BORROWED = 0xD800, 0xF8FF
"""Codes of the surrogates and of the private use area, lent to what has no code of its own."""

_REPLACEMENT = 0xFFFD
_BASIC_PLANE = 0x10000
_ROW = 64
"""Lent codes a range; it divides 256, so no range runs over the last byte."""

_MAX_ENTRIES = 100
"""Entries a `beginbfrange` block may have (Adobe Technical Note 5411)."""


class InvisibleFont:
    """A font of one file; it learns the characters that are used.

    Attributes:
        name: what pages call it among their resources.
        metrics: how wide and high its characters are.
        object: its place in the file; empty until `finish`.
    """

    def __init__(self, pdf: pikepdf.Pdf, name: str, metrics: Metrics = USUAL) -> None:
        self.name = name
        self.metrics = metrics
        self._pdf = pdf
        self._plain: set[int] = set()
        self._borrowed: dict[tuple[str, int], int] = {}
        self.object = pdf.make_indirect(Dictionary())

    @property
    def used(self) -> bool:
        """Whether anything was written in it."""
        return bool(self._plain or self._borrowed)

    def natural(self, text: str) -> float:
        """How many ems wide the text is by itself."""
        return sum(self._width(sign) for sign in text) / UNITS

    def encode(self, text: str) -> str:
        """The codes of the text as hexadecimal digits, four a character."""
        return "".join(f"{self._code(sign):04X}" for sign in text)

    def encode_wide(self, sign: str, width: float) -> tuple[str, int]:
        """The code of a character about so many units wide, and how wide it is."""
        offered = min(max(round(width / STEP) * STEP, STEP), _WIDEST)
        code = self._code(sign) if offered == self._width(sign) else self._borrow(sign, offered)
        return f"{code:04X}", self._width(sign) if code in self._plain else offered

    def finish(self) -> None:
        """Writes the font into the file; call it when all text is encoded."""
        pdf = self._pdf
        name, advance, ascent, descent = self.metrics
        borrowed = [width for _, width in self._borrowed]
        widths = sorted({SPACE, advance, *borrowed})
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/" + name),
            Flags=4,  # symbolic: its characters are not those of a standard set
            FontBBox=[0, descent, widths[-1], ascent],
            ItalicAngle=0,
            Ascent=ascent,
            Descent=descent,
            CapHeight=ascent,
            StemV=80,
            FontFile2=packed(pdf, true_type(widths, self.metrics)),
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name("/" + name),
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=advance,
            W=Array([ord(" "), Array([SPACE]), *([_FIRST_BORROWED, Array(borrowed)] if borrowed else [])]),
            CIDToGIDMap=packed(pdf, self._glyphs(widths)),
        )
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/" + name),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=packed(pdf, self._to_unicode()),
        )
        for key, value in font.items():
            self.object[key] = value

    def _width(self, sign: str) -> int:
        return SPACE if sign == " " else self.metrics.advance

    def _code(self, sign: str) -> int:
        point = ord(sign)
        if not _has_own_code(point):
            return self._borrow(sign, self.metrics.advance)
        self._plain.add(point)
        return point

    def _borrow(self, sign: str, width: int) -> int:
        if 0xD800 <= ord(sign) <= 0xDFFF:  # noqa: PLR2004 - a lone surrogate is no character
            return self._code(chr(_REPLACEMENT))
        code = self._borrowed.get((sign, width), _FIRST_BORROWED + len(self._borrowed))
        if code > _LAST_BORROWED:
            # Better of another width than another character.
            return self._code(sign if _has_own_code(ord(sign)) else chr(_REPLACEMENT))
        self._borrowed[sign, width] = code
        return code

    def _glyphs(self, widths: list[int]) -> bytes:
        """For each code the number of its glyph, two bytes each, as far as codes are used."""
        codes = {point: self._width(chr(point)) for point in (ord(" "), *self._plain)}
        codes |= {code: width for (_, width), code in self._borrowed.items()}
        numbers = {width: number for number, width in enumerate(widths, start=1)}
        # A map that names the usual glyph for all packs tighter than one with holes.
        glyphs = [numbers[self.metrics.advance]] * (max(codes) + 1)
        for code, width in codes.items():
            glyphs[code] = numbers[width]
        return struct.pack(f">{len(glyphs)}H", *glyphs)

    def _to_unicode(self) -> bytes:
        # A range may not run over the last byte (PDF 32000-1, 9.10.3), so there is one for each first byte.
        rows: dict[int, list[int]] = {}
        for code in sorted(self._plain):
            rows.setdefault(code >> 8, []).append(code)
        ranges = [f"<{row[0]:04X}> <{row[-1]:04X}> <{row[0]:04X}>" for row in rows.values()]
        # Lent codes follow one another, so only what they stand for need be said.
        lent = [sign.encode("utf-16-be").hex().upper() for sign, _ in self._borrowed]
        for start in range(0, len(lent), _ROW):
            part = lent[start : start + _ROW]
            code = _FIRST_BORROWED + start
            signs = "".join(f"<{sign}>" for sign in part)
            ranges.append(f"<{code:04X}> <{code + len(part) - 1:04X}> [{signs}]")
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
            *_entries(ranges),
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
        return "\n".join(lines).encode("ascii")


def _has_own_code(point: int) -> bool:
    return point < _BASIC_PLANE and not _FIRST_BORROWED <= point <= _LAST_BORROWED


def packed(pdf: pikepdf.Pdf, data: bytes) -> pikepdf.Stream:
    """The data as a stream, compressed as tight as zlib can."""
    return pikepdf.Stream(pdf, zlib.compress(data, 9), Filter=Name.FlateDecode)


def _entries(ranges: list[str]) -> list[str]:
    lines: list[str] = []
    for start in range(0, len(ranges), _MAX_ENTRIES):
        part = ranges[start : start + _MAX_ENTRIES]
        lines += [f"{len(part)} beginbfrange", *part, "endbfrange"]
    return lines


def true_type(widths: list[int], measures: Metrics) -> bytes:
    """A TrueType font of a glyph for each width, after the one that fonts keep for what they lack.

    They paint nothing; the font has what OpenType asks of every font, and no more.
    """
    glyphs, widest = len(widths) + 1, widths[-1]
    name, advance, ascent, descent = measures
    family = name.encode("utf-16-be")
    post_script_name = 6
    names = struct.pack(">3H6H", 0, 1, 18, 3, 1, 0x409, post_script_name, len(family), 0) + family
    # One segment, the closing one: codes are mapped by the PDF, not by the font.
    segments = struct.pack(">8H", 4, 24, 0, 2, 2, 0, 0, 0xFFFF) + struct.pack(">HHhH", 0, 0xFFFF, 1, 0)
    # Two contours of one point each: they paint nothing, yet span a box, and PDFium drops words without one.
    outlines = [
        struct.pack(">5h3H2B4h2x", 2, 0, descent, width, ascent, 0, 1, 0, 1, 1, 0, width, descent, ascent - descent)
        for width in widths
    ]
    places = [0, *(len(outlines[0]) // 2 * number for number in range(glyphs))]
    metrics = [advance, 0, *(value for width in widths for value in (width, 0))]
    tables = {
        b"OS/2": struct.pack(
            ">Hh3H11h10s4L4s3H3h2H", 3, advance, 400, 5, 0, *(0,) * 11, b"", 0, 0, 0, 0, b"    ", 64, 0, 0xFFFF,
            ascent, descent, 0, ascent, -descent,
        ) + struct.pack(">2L2h3H", 0, 0, ascent, ascent, 0, 32, 0),
        b"cmap": struct.pack(">4HL", 0, 1, 3, 1, 12) + segments,
        b"glyf": b"".join(outlines),
        b"head": struct.pack(
            ">4L2H2Q4h2H3h", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, UNITS, 0, 0,
            0, descent, widest, ascent, 0, 8, 2, 0, 0,
        ),
        b"hhea": struct.pack(">L3hH11hH", 0x10000, ascent, descent, 0, widest, 0, 0, 0, 1, *(0,) * 7, glyphs),
        b"hmtx": struct.pack(f">{len(metrics)}H", *metrics),
        b"loca": struct.pack(f">{len(places)}H", *places),
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

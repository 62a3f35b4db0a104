"""What PDF/A-2b (ISO 19005-2) forbids and nobody can mend without harm, named so that people can act on it.

Only looks. It does not see into font programs or JPEG 2000 data: those that are embedded are taken to be sound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from ocrkit.exporters.pdf.contents import INVISIBLE, SHOWING, UNREADABLE, TextState, contents, dictionaries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.exporters.pdf.contents import Content

_ACTIONS = {
    "/JavaScript": "JavaScript",
    "/Launch": "actions that start programs",
    "/Sound": "sounds",
    "/Movie": "films",
    "/Rendition": "films",
    "/ResetForm": "actions that reset forms",
    "/ImportData": "actions that import data",
    "/Hide": "actions that hide things",
    "/SetOCGState": "actions that switch layers",
    "/Trans": "transition actions",
    "/GoTo3DView": "3D views",
    "/GoToE": "links into embedded files",
}
"""Clause 6.5.1."""

_KEYS = {
    Name.AA: "actions that start by themselves",
    Name.EF: "embedded files",
    Name.ByteRange: "a digital signature",
}
"""Clauses 6.5.2, 6.8 and 6.4.3."""

_INK = "colours of ink (CMYK) without a profile"
"""Clause 6.2.4.3."""

_ANNOTATIONS = {"/Sound": "sounds", "/Movie": "films", "/Screen": "films", "/3D": "3D models"}
"""Clause 6.3.1."""

_NAMED_ACTIONS = frozenset({"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"})
_HIDING = 1 | 2 | 32 | 256
"""Flags Invisible, Hidden, NoView, ToggleNoView (clause 6.3.2)."""

_BLEND_MODES = frozenset({
    "/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge", "/ColorBurn",
    "/HardLight", "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color", "/Luminosity",
})  # fmt: skip
"""PDF 32000-1, 11.3.5; clause 6.2.10."""

_CMYK_OPERATORS = frozenset({"k", "K"})
_SPACE_OPERATORS = frozenset({"cs", "CS"})


def problems(pdf: pikepdf.Pdf) -> list[str]:
    """What keeps the file from being PDF/A-2b, each as a noun phrase, sorted; none if nothing does."""
    found = {problem for one in dictionaries(pdf) for problem in _in_dictionary(one)}
    found.update(_in_annotations(pdf))
    fonts: set[str] = set()
    for content in contents(pdf):
        inside, bare = _in_content(content)
        found.update(inside)
        fonts |= bare
    if fonts:
        found.add(f"fonts that are not embedded ({', '.join(sorted(fonts))})")
    form = pdf.Root.get(Name.AcroForm)
    if isinstance(form, Dictionary) and Name.XFA in form:
        found.add("an XFA form")
    return sorted(found)


def _in_dictionary(one: Dictionary | Stream) -> Iterator[str]:
    kind, action = str(one.get(Name.Type, "")), str(one.get(Name.S, ""))
    if kind in ("", "/Action") and action in _ACTIONS:
        yield _ACTIONS[action]
    if action == "/Named" and str(one.get(Name.N)) not in _NAMED_ACTIONS:
        yield "named actions of viewers"
    yield from (what for key, what in _KEYS.items() if key in one)
    if isinstance(one, Stream):
        yield from _in_stream(one)
    spaces = [one.get(Name.ColorSpace), one.get(Name.CS)]
    if any(
        _is_ink(space) for found in spaces for space in (found.values() if isinstance(found, Dictionary) else [found])
    ):
        yield _INK
    modes = one.get(Name.BM) if kind in ("", "/ExtGState") else None
    if any(str(mode) not in _BLEND_MODES for mode in (modes if isinstance(modes, Array) else [modes]) if mode):
        yield "unknown blend modes"


def _is_ink(space: object) -> bool:
    """Whether a colour space, or one of several by name, is plain CMYK or built on it.

    The space that an ICC profile names for readers that know no profiles does not count.
    """
    if isinstance(space, Dictionary):
        return any(_is_ink(named) for named in space.values())
    if isinstance(space, Array):
        return space[0] != Name.ICCBased and any(_is_ink(part) for part in space)
    return isinstance(space, Name) and space == Name.DeviceCMYK


def _in_stream(one: Stream) -> Iterator[str]:
    if Name.F in one:
        yield "data in other files"
    if Name.PS in (one.get(Name.Subtype), one.get(Name.Subtype2)):
        yield "PostScript"
    if Name.Ref in one:
        yield "references to pages of other files"


def _in_annotations(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page in pdf.pages:
        for one in page.obj.get(Name.Annots, Array()):
            subtype = str(one.get(Name.Subtype))
            if subtype in _ANNOTATIONS:
                yield _ANNOTATIONS[subtype]
            if subtype != "/Popup" and int(one.get(Name.F, 0)) & _HIDING:
                yield "hidden annotations"
            if subtype not in ("/Popup", "/Link") and Name.AP not in one and _has_extent(one.get(Name.Rect)):
                yield "annotations without an appearance"
            if subtype == "/Widget" and Name.A in one:
                yield "form fields with actions"


def _has_extent(box: object) -> bool:
    return isinstance(box, Array) and len(box) == 4 and (box[0] != box[2] or box[1] != box[3])  # noqa: PLR2004 - corners


def _in_content(content: Content) -> tuple[set[str], set[str]]:
    """What is forbidden in a content stream, and the names of fonts that it shows and the file lacks."""
    state = TextState()
    found: set[str] = set()
    shown: set[str] = set()
    try:
        for instruction in pikepdf.parse_content_stream(content.stream):
            state.follow(instruction)
            operator = str(instruction.operator)
            if operator in SHOWING and state.mode != INVISIBLE:
                shown.add(state.font)
            elif operator in _CMYK_OPERATORS or (
                operator in _SPACE_OPERATORS and instruction.operands[:1] == [Name.DeviceCMYK]
            ):
                found.add(_INK)
    except UNREADABLE:
        return {"contents that cannot be parsed"}, set()
    fonts = content.resources.get(Name.Font, Dictionary())
    spaces = content.resources.get(Name.ColorSpace, Dictionary())
    if Name.DefaultCMYK in spaces:
        found.clear()
    return found, set(_bare(fonts[name] for name in shown if name in fonts))


def _bare(fonts: Iterable[pikepdf.Object]) -> Iterator[str]:
    for font in fonts:
        if font.get(Name.Subtype) == Name.Type3:
            continue
        heads = font.get(Name.DescendantFonts, [font])
        descriptor = heads[0].get(Name.FontDescriptor, Dictionary())
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
            yield str(font.get(Name.BaseFont, "/unnamed")).lstrip("/")

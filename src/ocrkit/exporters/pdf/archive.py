"""A PDF made into PDF/A-2b (ISO 19005-2): what can be mended is mended, what cannot is an error that names it.

What a page shows stays, but for the wish that a viewer smooth its pictures, which the standard forbids.
"""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import ImageCms

from ocrkit.errors import ExportError
from ocrkit.exporters.pdf.contents import contents, dictionaries
from ocrkit.exporters.pdf.font import packed
from ocrkit.exporters.pdf.forbidden import problems

_MADE_AT = slice(24, 36)
"""Where an ICC profile says when it was made (ICC.1, 7.2)."""

_SOME_DAY = b"\x07\xd0\x00\x01\x00\x01" + bytes(6)
"""The first of January 2000, so that the same input gives the same output."""

_PRINT = 4
"""Flag of an annotation that is printed (clause 6.3.2)."""

_KEPT = ("dc:title", "dc:creator", "dc:description", "dc:rights", "dc:language", "xmp:CreatorTool", "xmp:CreateDate",
         "xmp:ModifyDate", "pdf:Keywords", "pdf:Producer")  # fmt: skip
"""Properties of XMP that PDF/A knows without being told of their schemas (clause 6.6.2.3)."""

_INFO = ("/Title", "/Author", "/Subject", "/Keywords", "/Creator", "/Producer", "/CreationDate", "/ModDate")
_GRAPHICS_STATE = (Name.TR, Name.TR2, Name.HTP)
_IMAGE = (Name.Interpolate, Name.Alternates, Name.OPI)
_PRINTERS_BOXES = (Name.ArtBox, Name.BleedBox, Name.TrimBox)
_SHORTEST, _LONGEST = 3, 14400
"""Units that the side of a page may have (clause 6.1.13)."""

_CATALOG = (Name.Requirements, Name.NeedsRendering)


def make_archival(pdf: pikepdf.Pdf, name: str) -> None:
    """Changes the file into PDF/A-2b; save it as PDF 1.7 afterwards.

    Raises:
        ExportError: it holds what PDF/A forbids and what cannot be taken out without harm.
    """
    found = problems(pdf)
    if found:
        raise ExportError(
            f"{name!r} cannot become PDF/A, for it holds {_listed(found)}.",
            hint="Export without pdfa, or mend the file in the program that it comes from.",
        )
    for one in dictionaries(pdf):
        _mend(one)
    _mend_resources(pdf)
    _mend_catalog(pdf)
    _declare_colors(pdf)
    _declare_standard(pdf)


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _mend(one: Dictionary | Stream) -> None:
    """Takes out what changes nothing on the page, and adds what is only a matter of form."""
    subtype, kind = one.get(Name.Subtype), one.get(Name.Type)
    if subtype == Name.Image:
        _drop(one, _IMAGE)  # clause 6.2.8
    elif subtype == Name.Form:
        _drop(one, (Name.OPI, Name.PS))  # clause 6.2.9
    elif subtype == Name.CIDFontType2 and Name.CIDToGIDMap not in one:
        one[Name.CIDToGIDMap] = Name.Identity  # clause 6.2.11.3.2
    if kind == Name.FontDescriptor:
        _drop(one, (Name.CIDSet,))  # clause 6.2.11.4.2: complete or not there
    elif kind == Name.ExtGState or Name.TR2 in one or Name.TR in one:
        _drop(one, _GRAPHICS_STATE)  # clause 6.2.5


def _drop(one: pikepdf.Object, keys: tuple[Name, ...]) -> None:
    for key in keys:
        if key in one:
            del one[key]


def _mend_resources(pdf: pikepdf.Pdf) -> None:
    """Gives every content stream its resources by name (clause 6.2.2), and every annotation its flags (6.3.2)."""
    for content in contents(pdf):
        target = content.stream if isinstance(content.stream, Stream) else content.stream.obj
        if Name.Resources not in target:
            target[Name.Resources] = content.resources
    for page in pdf.pages:
        for one in page.obj.get(Name.Annots, Array()):
            if one.get(Name.Subtype) != Name.Popup:
                one[Name.F] = int(one.get(Name.F, 0)) | _PRINT
            if isinstance(looks := one.get(Name.AP), Dictionary):
                _drop(looks, (Name.D, Name.R))  # clause 6.3.3


def _mend_catalog(pdf: pikepdf.Pdf) -> None:
    _drop(pdf.Root, _CATALOG)
    if isinstance(form := pdf.Root.get(Name.AcroForm), Dictionary):
        _drop(form, (Name.NeedAppearances,))  # clause 6.4.1
    if isinstance(names := pdf.Root.get(Name.Names), Dictionary):
        _drop(names, (Name.AlternatePresentations,))  # clause 6.10
    for page in pdf.pages:
        _drop(page.obj, (Name.PresSteps,))
        # What only printers look at goes where it is no box (clause 6.1.13).
        _drop(page.obj, tuple(key for key in _PRINTERS_BOXES if not _is_box(page.obj.get(key))))
    layers = pdf.Root.get(Name.OCProperties)
    if not isinstance(layers, Dictionary):
        return
    for number, setting in enumerate([layers.get(Name.D, Dictionary()), *layers.get(Name.Configs, Array())], start=1):
        _drop(setting, (Name.AS,))  # clause 6.9
        if Name.Name not in setting:
            setting[Name.Name] = String(f"Setting {number}")


def _is_box(box: pikepdf.Object | None) -> bool:
    if not isinstance(box, Array) or len(box) != 4:  # noqa: PLR2004 - corners
        return False
    x0, y0, x1, y1 = (float(value) for value in box)
    return all(_SHORTEST <= abs(side) <= _LONGEST for side in (x1 - x0, y1 - y0))


def _declare_colors(pdf: pikepdf.Pdf) -> None:
    """Says that plain grey and RGB are those of sRGB (clause 6.2.3)."""
    intents = pdf.Root.get(Name.OutputIntents, Array())
    if any(intent.get(Name.S) == Name.GTS_PDFA1 and Name.DestOutputProfile in intent for intent in intents):
        return
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_MADE_AT] = _SOME_DAY
    stream = packed(pdf, bytes(profile))
    stream[Name.N] = 3
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=stream,
    )
    # Where there are several, all must name one profile, so those of other standards go.
    pdf.Root[Name.OutputIntents] = Array([intent])


def _declare_standard(pdf: pikepdf.Pdf) -> None:
    """Metadata written anew (clause 6.6): what the file says of itself, and that it is PDF/A-2b."""
    try:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as old:
            kept = {key: value for key in _KEPT if (value := old.get(key))}
    except pikepdf.PdfError:
        kept = {}  # metadata that cannot be decoded say nothing
    _drop(pdf.Root, (Name.Metadata,))
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as new:
        for key in _INFO:
            if key not in pdf.docinfo:
                continue
            try:
                new.load_from_docinfo({key: pdf.docinfo[key]}, raise_failure=True)
            except ValueError:
                del pdf.docinfo[key]  # a date that is none
        for key, value in kept.items():
            new[key] = value
        new["pdfaid:part"] = "2"
        new["pdfaid:conformance"] = "B"

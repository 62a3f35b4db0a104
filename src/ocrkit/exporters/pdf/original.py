"""The PDF that the document was read from: opened, checked, its pages given a text layer.

Nothing that a page draws is touched; only invisible text that another OCR program left, and that was read
anew, is taken out, so that no word is found twice.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from ocrkit.errors import CorruptSourceError, PasswordRequiredError, SignedSourceError, WrongPasswordError
from ocrkit.exporters.pdf.contents import INVISIBLE, SHOWING, UNREADABLE, TextState, forms
from ocrkit.exporters.pdf.font import packed
from ocrkit.geometry import Affine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.contracts import SourceFile
    from ocrkit.exporters.pdf.contents import Instruction
    from ocrkit.exporters.pdf.font import InvisibleFont
    from ocrkit.model import Page

_SIGNATURES_EXIST = 1
_MAX_FIELD_DEPTH = 32

_LETTER = (0.0, 0.0, 612.0, 792.0)
"""What readers take for the page where its box has no area."""


def opened(source: SourceFile) -> pikepdf.Pdf:
    """The source's PDF, ready to be changed.

    Raises:
        PasswordRequiredError: it is encrypted, and the source has no password.
        WrongPasswordError: the source's password does not open it.
        CorruptSourceError: it is broken beyond repair.
    """
    try:
        return pikepdf.open(io.BytesIO(source.read()), password=source.password or "")
    except pikepdf.PasswordError as error:
        if source.password is None:
            raise PasswordRequiredError(f"{source.name!r} is encrypted.", hint="Give its password.") from error
        raise WrongPasswordError(f"The password does not open {source.name!r}.", hint="Check it.") from error
    except pikepdf.PdfError as error:
        # Before its last colon, qpdf names the stream it was given and a place in it.
        reason = str(error).strip().rpartition(": ")[2].rstrip(".")
        raise CorruptSourceError(
            f"{source.name!r} cannot be rewritten: {reason}.",
            hint="Open and save it anew in a PDF program.",
        ) from error


def is_sound(pdf: pikepdf.Pdf) -> bool:
    """Whether qpdf finds no fault with how the file is put together; what its streams hold is not looked at."""
    # Of faults in an object qpdf tells when it reads it.
    list(pdf.objects)
    is_linear = not pdf.is_linearized or pdf.check_linearization(io.StringIO())
    return is_linear and not pdf.get_warnings()


def is_signed(pdf: pikepdf.Pdf) -> bool:
    """Whether the file is digitally signed."""
    form = pdf.Root.get(Name.AcroForm)
    flags = form.get(Name.SigFlags, 0) if isinstance(form, Dictionary) else 0
    fields = form.get(Name.Fields, Array()) if isinstance(form, Dictionary) else Array()
    return bool(int(flags) & _SIGNATURES_EXIST) or Name.Perms in pdf.Root or any(_signed(field) for field in fields)


def refuse_signed(pdf: pikepdf.Pdf, name: str) -> None:
    """Checks that no signature would be broken.

    Raises:
        SignedSourceError: it is digitally signed.
    """
    if is_signed(pdf):
        raise SignedSourceError(
            f"{name!r} is digitally signed, and a text layer would void the signature.",
            hint="Export another format, or set allow_signed.",
        )


def _signed(field: pikepdf.Object, depth: int = 0) -> bool:
    if depth > _MAX_FIELD_DEPTH or not isinstance(field, Dictionary):
        return False
    if field.get(Name.FT) == Name.Sig and Name.V in field:
        return True
    return any(_signed(kid, depth + 1) for kid in field.get(Name.Kids, Array()))


def frame_of(target: pikepdf.Page, page: Page) -> Affine:
    """The map from pixels of the page image to the page's user space.

    The image shows the CropBox, as far as it lies in the MediaBox, turned by /Rotate; UserUnit scales both
    alike, so it does not matter here.
    """
    x0, y0, x1, y1 = _visible_box(target)
    turn = target.rotation % 360
    width, height = float(page.width), float(page.height)
    upright = Affine.turn(360 - turn, width, height)
    if turn in (90, 270):
        width, height = height, width
    return upright.then(Affine((x1 - x0) / width, 0.0, x0, 0.0, (y0 - y1) / height, y1))


def _visible_box(target: pikepdf.Page) -> tuple[float, float, float, float]:
    media, crop = _box(target.mediabox), _box(target.cropbox)
    cut = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    return next((box for box in (cut, media) if box[0] < box[2] and box[1] < box[3]), _LETTER)


def _box(box: Array) -> tuple[float, float, float, float]:
    a, b, c, d = (float(value) for value in box)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def add_text(pdf: pikepdf.Pdf, target: pikepdf.Page, operators: bytes, *, fonts: list[InvisibleFont]) -> None:
    """Puts the operators before the page's own, so that nothing the page sets up can touch them."""
    # Pages may share resources, or inherit them; the names are free on all, so the fonts do no harm there.
    resources = target.resources
    if Name.Font not in resources:
        resources[Name.Font] = Dictionary()
    for font in fonts:
        resources[Name.Font][f"/{font.name}"] = font.object
    # Contents may be shared too, so the list of them is made anew.
    contents = target.obj.get(Name.Contents, Array())
    own = list(contents) if isinstance(contents, Array) else [contents]
    target.obj[Name.Contents] = Array([packed(pdf, operators), *own])


def free_name(pdf: pikepdf.Pdf) -> str:
    """A beginning of names that no font of the file's pages has."""
    taken = {name for page in pdf.pages for name in _font_names(page)}
    number = 0
    while any(name.startswith(f"/OcrkitText{number}") for name in taken):
        number += 1
    return f"OcrkitText{number}"


def _font_names(page: pikepdf.Page) -> Iterator[str]:
    fonts = page.resources.get(Name.Font)
    if isinstance(fonts, Dictionary):
        yield from fonts.keys()


def drop_invisible_text(pdf: pikepdf.Pdf, target: pikepdf.Page) -> None:
    """Takes out the invisible text of the page's contents, and of the forms that it draws; all else stays as it is."""
    kept = _without_invisible(target)
    if kept is not None:
        target.obj[Name.Contents] = packed(pdf, kept)
    for content in forms(target.resources, set()):
        kept = _without_invisible(content.stream)
        if kept is not None and isinstance(content.stream, Stream):
            content.stream.write(kept)


def _without_invisible(drawn: pikepdf.Page | Stream) -> bytes | None:
    """The contents less their invisible text; `None` where there is none."""
    kept: list[Instruction] = []
    state = TextState()
    changed = False
    try:
        for instruction in pikepdf.parse_content_stream(drawn):
            state.follow(instruction)
            operator = str(instruction.operator)
            if operator in SHOWING and state.mode == INVISIBLE:
                kept += _without_text(operator, list(instruction.operands))
                changed = True
            else:
                kept.append(instruction)
    except UNREADABLE:
        return None  # what cannot be parsed cannot be changed without harm; its text stays
    return pikepdf.unparse_content_stream(kept) if changed else None


def _without_text(operator: str, operands: list[pikepdf.Object]) -> list[pikepdf.ContentStreamInstruction]:
    """What a text-showing operator does besides showing text (PDF 32000-1, table 109)."""
    made = pikepdf.ContentStreamInstruction
    if operator == "'":
        return [made([], pikepdf.Operator("T*"))]
    if operator == '"' and len(operands) > 1:
        spacing = [made([operands[0]], pikepdf.Operator("Tw")), made([operands[1]], pikepdf.Operator("Tc"))]
        return [*spacing, made([], pikepdf.Operator("T*"))]
    return []

"""Has the second engine read what the first could not, and says so on the page where that does not help."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrkit import geometry
from ocrkit.errors import EngineUnavailableError
from ocrkit.geometry import Affine
from ocrkit.langid import identify
from ocrkit.languages import script_of
from ocrkit.model import PageWarning, Rotation
from ocrkit.pipeline.pages import runs_of, with_lines
from ocrkit.pipeline.pictures import cut, mapped, placed
from ocrkit.pipeline.routing import SURE, doubtful_regions, is_text, missed, replaced, taken_over
from ocrkit.pipeline.second import Second, certainty
from ocrkit.raster import PageImage

if TYPE_CHECKING:
    from ocrkit.contracts import EngineOptions
    from ocrkit.geometry import BBox
    from ocrkit.model import Line, Page
    from ocrkit.pipeline.engines import Engines
    from ocrkit.pipeline.request import Request
    from ocrkit.pipeline.second import Told

UNREAD_SHARE = 0.3
"""Share of the text's area still unread from which a page says that its script may be one nobody reads here."""

UNLIKE = 0.35
"""Mean confidence of the words under which they are most likely letters of another script taken for known ones: pages
of nine scripts that nobody could read had 0.08 to 0.46."""

LEAST_TEXT = 80
"""Characters from which a language is told surely enough to read a page again for it."""

_UPSIDE_DOWN = 0.65
"""How surely samples on their heads are read at most; it began at 0.2. Upright ones had 0.6 to 0.95."""

CERTAIN = 0.75
"""How surely a sample is read, from which the other way up is not tried."""

_TURNING = 0.1
"""How much surer the other way up must be read: the first engine looked at the page too."""

_WAYS_UP: dict[Rotation, tuple[Rotation, ...]] = {0: (0, 180), 180: (0, 180), 90: (90, 270), 270: (270, 90)}
"""The two ways up that a page may have whose lines run one way; pages come upright more often than not."""
_TALL = 2.0


def recognize(engines: Engines, image: PageImage, request: Request) -> Page:
    """The page as the request's engine reads it, with the second engine for regions in other scripts.

    Raises:
        EngineError: the first engine cannot be loaded or failed.
    """
    if request.second is None:
        return engines.recognize(image, request.engine, request.options)
    everything = request.options.model_copy(update={"min_confidence": 0.0})
    page = engines.recognize(image, request.engine, everything)
    try:
        page = _with_second(engines, image, page, request=request)
    except EngineUnavailableError as error:
        message = f"Text that engine {request.engine} cannot spell: {error}"
        page = page.model_copy(
            update={"warnings": (*page.warnings, PageWarning(code="unread_script", message=message))}
        )
    return _without_doubtful(page, request.options)


def _with_second(engines: Engines, image: PageImage, page: Page, *, request: Request) -> Page:
    boxes = _regions(page, request)
    if boxes:
        return _reread(Second.of(engines, request), image, page, boxes=boxes)
    language = _unspelt_language(page, request)
    return _reread_in(engines, image, page, request=request, language=language) if language else page


def _unspelt_language(page: Page, request: Request) -> str | None:
    """The language of the text, where the engine knows its script but not all its letters, as with Vietnamese."""
    text = "\n".join(line.text for line in page.lines)
    script = script_of(text)
    if script not in request.scripts or len(text) < LEAST_TEXT:
        return None
    language = identify(text, script)
    return language if language and request.languages and language not in request.languages else None


def _reread_in(engines: Engines, image: PageImage, page: Page, *, request: Request, language: str) -> Page:
    """The page as the second engine reads it in this language, where it does so surely."""
    assert request.second is not None
    name, options = request.second
    upright = _upright(image, page.rotation)
    part = engines.recognize(upright, name, options.model_copy(update={"language": language}))
    if certainty(part) < SURE:
        return page
    back = Affine.turn(360 - page.rotation, upright.width, upright.height)
    return with_lines(page, mapped(part.lines, back), runs_of(part))


def _regions(page: Page, request: Request) -> list[BBox]:
    """The regions in doubt, in pixels of the page turned upright."""
    turn = Affine.turn(page.rotation, page.width, page.height)
    return doubtful_regions(mapped(page.lines, turn), request.scripts, _frame(page, page.rotation))


def _frame(page: Page, rotation: int) -> BBox:
    return Affine.turn(rotation, page.width, page.height).box((0, 0, page.width, page.height))


def _reread(second: Second, image: PageImage, page: Page, *, boxes: list[BBox]) -> Page:
    if boxes != [_frame(page, page.rotation)]:
        return _with_regions(second, _Turned.of(image, page), boxes)
    # An engine cannot tell the head from the foot of a script that it does not read: ask the sample both ways up.
    asked: list[tuple[Told, _Turned]] = []
    for turn in _ways_up(page):
        turned = _Turned.of(image, page.model_copy(update={"rotation": turn}))
        asked.append((second.told(turned.image, turned.lines), turned))
        if asked[-1][0].certainty > CERTAIN:
            break
    told, turned = asked[0]
    for other, over in asked[1:]:
        if is_surer(other, told):
            told, turned = other, over
    if told.options is None:
        return page
    again = _with_region(second, turned, _frame(page, turned.page.rotation), options=told.options)
    return page if again.lines == turned.page.lines else again


def is_surer(other: Told, told: Told) -> bool:
    """Whether a sample is so much surer the `other` way up that the page stands on its head."""
    # Where nothing was found the way it came, the sample is bad, and on its head it may be taken for any script.
    least = told.certainty + _TURNING if told.options else max(told.certainty, _UPSIDE_DOWN)
    return other.options is not None and other.certainty > least


def _ways_up(page: Page) -> tuple[Rotation, ...]:
    """How the page may have to be turned, likelier ways first; lines that stand on end mean that it lies."""
    tall = sum(1 for line in page.lines if geometry.height(line.bbox) > _TALL * geometry.width(line.bbox))
    stands = page.rotation in (0, 180)
    return (90, 270) if stands and 2 * tall > len(page.lines) else _WAYS_UP[page.rotation]


@dataclass(frozen=True, slots=True)
class _Turned:
    """A page turned upright by its rotation, and the way back."""

    page: Page
    image: PageImage
    back: Affine

    @property
    def lines(self) -> list[Line]:
        """The lines of the page in pixels of `image`."""
        return mapped(self.page.lines, Affine.turn(self.page.rotation, self.page.width, self.page.height))

    @classmethod
    def of(cls, image: PageImage, page: Page) -> _Turned:
        """The page in its image turned clockwise by the page's rotation."""
        upright = _upright(image, page.rotation)
        return cls(page, upright, Affine.turn(360 - page.rotation, upright.width, upright.height))


def _with_regions(second: Second, turned: _Turned, boxes: list[BBox]) -> Page:
    """The page with each region in the script that it shows."""
    page = turned.page
    for box in boxes:
        now = replace(turned, page=page)
        told = second.told(turned.image, [line for line in now.lines if _within(line, box)])
        again = _with_region(second, now, box, options=told.options) if told.options else page
        known = {id(line) for line in page.lines}
        page = again if is_text(line for line in again.lines if id(line) not in known) else page
    return page


def _with_region(second: Second, turned: _Turned, box: BBox, *, options: EngineOptions) -> Page:
    """The page with what the second engine reads in the region, line by line where it reads surely."""
    known = [line for line in turned.lines if _within(line, box)]
    part = second.read(cut(turned.image, box), options)
    again = placed(part.lines, box)
    again = replaced(again, second.read_apart(turned.image, missed(known, again, second.scripts), options))
    chosen = taken_over(known, again, second.scripts)
    if chosen == known:
        return turned.page
    here = zip(turned.page.lines, turned.lines, strict=True)
    kept = [line for line, placed_here in here if placed_here not in known or placed_here in chosen]
    new = mapped([line for line in chosen if line not in known], turned.back)
    runs = dict.fromkeys([*runs_of(turned.page), *runs_of(part)])
    return with_lines(turned.page, [*kept, *new], runs)


def _upright(image: PageImage, rotation: Rotation) -> PageImage:
    """The image turned clockwise by quarter turns."""
    if rotation == 0:
        return image
    pixels = image.pixels
    turned = {90: lambda: pixels[::-1].swapaxes(0, 1), 180: lambda: pixels[::-1, ::-1]}
    pixels = turned.get(rotation, lambda: pixels[:, ::-1].swapaxes(0, 1))()
    return PageImage.from_array(pixels, number=image.number, dpi=image.dpi)


def _within(line: Line, box: BBox) -> bool:
    x, y = (line.bbox[0] + line.bbox[2]) / 2, (line.bbox[1] + line.bbox[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _without_doubtful(page: Page, options: EngineOptions) -> Page:
    """The page without the lines that nobody could read, and a warning where much of it is in no script known here."""
    kept: list[Line] = []
    dropped: list[BBox] = []
    for line in page.lines:
        if line.text and (line.confidence or 0.0) >= options.min_confidence:
            kept.append(line)
        else:
            dropped.append(line.bbox)
    read = with_lines(page, kept, runs_of(page)) if dropped else page
    warnings = [warning for warning in page.warnings if warning.code != "unread_regions" or not dropped]
    if dropped:
        message = f"{len(dropped)} of {len(page.lines)} regions that look like text could not be read."
        warnings.append(PageWarning(code="unread_regions", message=message, boxes=tuple(dropped)))
    area = sum(_area(line) for line in page.lines)
    unread = area - sum(_area(line) for line in kept)
    unlike = read.confidence is not None and read.confidence < UNLIKE
    if area and (unread / area > UNREAD_SHARE or unlike) and not any(w.code == "unread_script" for w in warnings):
        text = "Much of the text may be in a script that no installed engine reads; see `ocrkit languages`."
        warnings.append(PageWarning(code="unread_script", message=text))
    return read.model_copy(update={"warnings": tuple(warnings)})


def _area(line: Line) -> float:
    x0, y0, x1, y1 = line.bbox
    return (x1 - x0) * (y1 - y0)

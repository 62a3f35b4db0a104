"""Each test of the contracts fails for what breaks just that promise, and passes for a sound engine or exporter."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest

from ocrkit.contracts import EngineOptions, EngineSpec, ExporterSpec
from ocrkit.errors import SourceRequiredError
from ocrkit.model import EngineRun, Line
from ocrkit.testing import EngineContract, ExporterContract

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.contracts import ExporterOptions, SourceFile
    from ocrkit.model import Document, Page
    from ocrkit.raster import PageImage


class SoundEngine:
    """Reads its own language option on every page that is not blank."""

    engine = "mine"
    shift = 0.0

    def recognize(self, images: Iterable[PageImage], options: EngineOptions, /) -> Iterator[Page]:
        for image in images:
            blank = image.pixels.min() == image.pixels.max()
            yield self.page(image, [] if blank else [self.text(options)])

    def text(self, options: EngineOptions) -> str:
        return options.language

    def page(self, image: PageImage, texts: list[str]) -> Page:
        box = (self.shift, 0.0, image.width + self.shift, float(image.height))
        return image.page(run=EngineRun(engine=self.engine), lines=[Line(text=text, bbox=box) for text in texts])

    def close(self) -> None:
        pass


class Renumbers(SoundEngine):
    def page(self, image: PageImage, texts: list[str]) -> Page:
        return super().page(image, texts).model_copy(update={"number": 1})


class TakesAll(SoundEngine):
    def recognize(self, images: Iterable[PageImage], options: EngineOptions, /) -> Iterator[Page]:
        return super().recognize(list(images), options)


class GoesOutside(SoundEngine):
    shift = 2.0


class Invents(SoundEngine):
    def page(self, image: PageImage, texts: list[str]) -> Page:
        return super().page(image, texts or ["l"])


class PosesAsAnother(SoundEngine):
    engine = "another"


class DrawsOnItsInput(SoundEngine):
    def page(self, image: PageImage, texts: list[str]) -> Page:
        pixels = image.pixels.copy()
        pixels[:] = 0
        image._pixels = pixels  # noqa: SLF001 - the fault to plant; the arrays of sample images are read-only
        return super().page(image, texts)


class SharesState(SoundEngine):
    def text(self, options: EngineOptions) -> str:
        self.options = options
        time.sleep(0.01)
        return self.options.language


class ClosesOnce(SoundEngine):
    closed = False

    def close(self) -> None:
        if self.closed:
            raise RuntimeError("already closed")
        self.closed = True


class Makes(SoundEngine):
    """Builds a page that no validation has seen."""

    def page(self, image: PageImage, texts: list[str]) -> Page:
        page = super().page(image, texts)
        return page.model_copy(update={"skew": None})


ENGINE_FAULTS: dict[str, tuple[type[SoundEngine], dict[str, Any]]] = {
    "test_each_image_gives_one_page_of_its_number_and_size_in_order": (Renumbers, {}),
    "test_pages_come_before_all_images_are_drawn_and_may_be_left": (TakesAll, {}),
    "test_boxes_lie_within_the_page": (GoesOutside, {}),
    "test_a_blank_page_gives_no_text": (Invents, {}),
    "test_the_provenance_names_the_engine": (PosesAsAnother, {}),
    "test_the_pixels_are_left_as_they_were": (DrawsOnItsInput, {}),
    "test_concurrent_calls_with_mixed_options_do_not_disturb_one_another": (SharesState, {}),
    "test_close_works_twice": (ClosesOnce, {}),
    "test_pages_are_valid_values": (Makes, {}),
    "test_pages_hold_what_the_spec_provides": (SoundEngine, {"provides": frozenset({"confidence"})}),
    "test_the_plugin_is_sound_and_the_spec_says_what_users_need": (SoundEngine, {"licence": ""}),
    "test_the_text_of_a_page_of_large_print_is_found": (SoundEngine, {}),
}


def engine_contract(kind: type[SoundEngine], **changes: Any) -> EngineContract:
    spec = EngineSpec(name="mine", summary="Mine", load=f"{__name__}:{kind.__name__}", licence="MIT")
    attributes = {
        "engine": replace(spec, **changes),
        "options": tuple(EngineOptions(language=code) for code in ("de", "fr", "it")),
        "reads": "words" if kind is SoundEngine and not changes else "",
    }
    made: type[EngineContract] = type("Contract", (EngineContract,), attributes)
    made.setup_class()
    return made()


@pytest.mark.parametrize("test", ENGINE_FAULTS)
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning")  # the fault of `Makes`
def test_an_engine_that_breaks_a_promise_is_caught(test: str) -> None:
    kind, changes = ENGINE_FAULTS[test]
    with pytest.raises((AssertionError, RuntimeError, ValueError)):
        getattr(engine_contract(kind, **changes), test)()


@pytest.mark.parametrize("test", [name for name in dir(EngineContract) if name.startswith("test_")])
def test_a_sound_engine_passes(test: str) -> None:
    sound = engine_contract(SoundEngine)
    type(sound).reads = ""
    getattr(sound, test)()


class SoundExporter:
    """Writes the text."""

    def export(
        self, document: Document, out: BinaryIO, /, *, options: ExporterOptions, source: SourceFile | None
    ) -> None:
        del options
        out.write(self.content(document, source).encode() + b"\n")

    def content(self, document: Document, source: SourceFile | None) -> str:
        del source
        return document.text


class Dates(SoundExporter):
    def content(self, document: Document, source: SourceFile | None) -> str:
        return f"{super().content(document, source)} {time.time():.0f}"


class Counts(SoundExporter):
    calls = 0

    def content(self, document: Document, source: SourceFile | None) -> str:
        self.calls += 1
        return f"{super().content(document, source)} {self.calls}"


class ExpectsAPage(SoundExporter):
    def content(self, document: Document, source: SourceFile | None) -> str:
        return str(document.pages[0].number) + super().content(document, source)


class RefusesControlCharacters(SoundExporter):
    def content(self, document: Document, source: SourceFile | None) -> str:
        text = super().content(document, source)
        if "\x00" in text:
            raise ValueError("not for XML")
        return text


class NeedsTheOriginal(SoundExporter):
    def content(self, document: Document, source: SourceFile | None) -> str:
        if source is None:
            raise SourceRequiredError("The original is needed.")
        return super().content(document, source)


class ChangesTheDocument(SoundExporter):
    def content(self, document: Document, source: SourceFile | None) -> str:
        document.metadata["seen"] = "yes"
        return super().content(document, source)


class Seeks(SoundExporter):
    def export(
        self, document: Document, out: BinaryIO, /, *, options: ExporterOptions, source: SourceFile | None
    ) -> None:
        out.seek(0)
        super().export(document, out, options=options, source=source)


class Closes(SoundExporter):
    def export(
        self, document: Document, out: BinaryIO, /, *, options: ExporterOptions, source: SourceFile | None
    ) -> None:
        with out:
            super().export(document, out, options=options, source=source)


EXPORTER_FAULTS = [
    ("test_the_same_document_gives_the_same_bytes_on_another_day", Dates),
    ("test_the_same_document_gives_the_same_bytes_on_another_day", Counts),
    ("test_a_document_without_pages_is_written", ExpectsAPage),
    ("test_control_characters_markup_and_empty_boxes_do_no_harm", RefusesControlCharacters),
    ("test_the_original_is_needed_only_where_the_spec_says_so", NeedsTheOriginal),
    ("test_the_document_is_left_as_it_was", ChangesTheDocument),
    ("test_every_kind_of_block_and_script_is_written", Seeks),
    ("test_every_kind_of_block_and_script_is_written", Closes),
]


def exporter_contract(kind: type[SoundExporter]) -> ExporterContract:
    spec = ExporterSpec(
        name="mine", summary="M", load=f"{__name__}:{kind.__name__}", extension=".m", media_type="text/plain"
    )
    made: type[ExporterContract] = type("Contract", (ExporterContract,), {"exporter": spec})
    made.setup_class()
    return made()


@pytest.mark.parametrize(("test", "kind"), EXPORTER_FAULTS, ids=[kind.__name__ for _, kind in EXPORTER_FAULTS])
def test_an_exporter_that_breaks_a_promise_is_caught(test: str, kind: type[SoundExporter]) -> None:
    with pytest.raises((AssertionError, LookupError, ValueError, OSError)):
        getattr(exporter_contract(kind), test)()


@pytest.mark.parametrize("test", [name for name in dir(ExporterContract) if name.startswith("test_")])
def test_a_sound_exporter_passes(test: str) -> None:
    getattr(exporter_contract(SoundExporter), test)()

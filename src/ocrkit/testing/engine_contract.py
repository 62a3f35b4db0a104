"""What every engine promises, as tests to subclass; knows no engine.

Each assertion says what is wrong in words, for the author of the engine.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ClassVar

from ocrkit import languages
from ocrkit.contracts import EngineSpec
from ocrkit.model import Page, PageStatus
from ocrkit.pipeline.promise import boxes
from ocrkit.registry import Registry
from ocrkit.testing.given import registry_with, sound
from ocrkit.testing.images import blank_image, sample_images, text_image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.contracts import Engine, EngineOptions
    from ocrkit.raster import PageImage

ROUNDING = 0.5
"""Pixels by which a box may leave its page: half a pixel of rounding."""


class EngineContract:
    """Tests that hold for every engine; subclass it in a test module of yours.

        class TestMyEngine(EngineContract):
            engine = "my-engine"

    Attributes:
        engine: name of the engine as it is installed, or its spec.
        registry: where `engine` is looked up; by default all that is installed.
        options: further settings, which run mixed with the defaults in several threads.
        reads: text that the engine finds on a page of large Latin print that says so; empty for one that reads
            no print.
        read_ahead: how many images the engine may take before it gives its first page.
    """

    engine: ClassVar[str | EngineSpec]
    registry: ClassVar[Registry | None] = None
    options: ClassVar[tuple[EngineOptions, ...]] = ()
    reads: ClassVar[str] = ""
    read_ahead: ClassVar[int] = 64

    _spec: ClassVar[EngineSpec]
    _registry: ClassVar[Registry]
    _made: ClassVar[Engine[EngineOptions]]

    @classmethod
    def setup_class(cls) -> None:
        """Makes the one instance that the tests share, as a worker does."""
        given = cls.engine
        cls._registry = cls.registry or (registry_with(given) if isinstance(given, EngineSpec) else Registry.discover())
        cls._spec = cls._registry.engine_spec(given.name if isinstance(given, EngineSpec) else given)
        cls._made = cls._registry.engine(cls._spec.name)

    @classmethod
    def teardown_class(cls) -> None:
        """Closes it."""
        cls._made.close()

    def test_the_plugin_is_sound_and_the_spec_says_what_users_need(self) -> None:
        """Its plugin has no problems; summary, licence and languages are filled in and known."""
        sound(self._registry, f"engine:{self._spec.name}")
        assert self._spec.summary.strip(), "the spec has no summary"
        assert "\n" not in self._spec.summary, "the summary is more than one line"
        assert self._spec.licence.strip(), "the spec names no licence of code and weights"
        assert self._spec.languages, 'the spec names no languages; ("*",) stands for any'
        for code in self._spec.languages:
            assert code == "*" or languages.resolve(code).code == code, f"{code!r} is not how ocrkit spells it"

    def test_the_options_have_defaults_and_refuse_unknown_names(self) -> None:
        """`options()` works without arguments, is frozen, and forbids what it does not know."""
        options = self._spec.options()
        assert options.language == "auto", "the default language must be auto"
        assert options.model_config.get("extra") == "forbid", "an option that does not exist must be an error"
        assert options.model_config.get("frozen"), "options must be frozen: threads share them"

    def test_each_image_gives_one_page_of_its_number_and_size_in_order(self) -> None:
        """Numbers have gaps and sizes differ, so nothing can be counted or assumed."""
        images = sample_images()
        wanted = [(image.number, image.width, image.height) for image in images]
        pages = self._read(images)
        assert [(page.number, page.width, page.height) for page in pages] == wanted
        assert [page.dpi for page in pages] == [image.dpi for image in images], "dpi is that of the image"

    def test_no_images_give_no_pages(self) -> None:
        """An empty input is no error."""
        assert self._read([]) == [], "pages came from nowhere"

    def test_pages_come_before_all_images_are_drawn_and_may_be_left(self) -> None:
        """The images may be an endless generator, and the caller may stop after any page."""
        drawn = 0

        def endless() -> Iterator[PageImage]:
            nonlocal drawn
            while drawn <= self.read_ahead:
                drawn += 1
                yield blank_image(number=drawn, width=64, height=64)
            raise AssertionError(f"{drawn} images were taken before the first page came")

        pages = iter(self._made.recognize(endless(), self._spec.options()))
        assert next(pages).number == 1
        del pages
        assert len(self._read([blank_image()])) == 1, "the engine does not work after a caller left early"

    def test_boxes_lie_within_the_page(self) -> None:
        """Boxes are in pixels of the image as given, whatever the engine does to it inside."""
        for page in self._read(sample_images()):
            for text, (x0, y0, x1, y1) in boxes(page):
                assert min(x0, y0) >= -ROUNDING, f"{text!r} begins off the page at {x0}, {y0}"
                assert x1 <= page.width + ROUNDING, f"{text!r} ends at {x1}, the page is {page.width} wide"
                assert y1 <= page.height + ROUNDING, f"{text!r} ends at {y1}, the page is {page.height} high"

    def test_pages_are_valid_values(self) -> None:
        """Confidences are 0 to 1 or `None`, even where a model was built without checks."""
        for page in self._read(sample_images()):
            again = Page.model_validate_json(page.model_dump_json())
            assert again == page, "the page does not survive its own JSON"

    def test_pages_hold_what_the_spec_provides(self) -> None:
        """`words` and `confidence` are on every line if the spec says so, and confidence on none if it does not."""
        for line in (line for page in self._read(sample_images()) for line in page.lines):
            if "words" in self._spec.provides:
                spelt = "".join("".join(word.text.split()) for word in line.words)
                assert spelt == "".join(line.text.split()), f"the words of {line.text!r} spell {spelt!r}"
            known = line.confidence is not None
            assert known == ("confidence" in self._spec.provides), "confidence must be as the spec says"

    def test_a_blank_page_gives_no_text(self) -> None:
        """White, grey, black, and too small for anything: no text and no failure."""
        blanks = [
            blank_image(number=1),
            blank_image(number=2, shade=128),
            blank_image(number=3, shade=0),
            blank_image(number=4, width=1, height=1),
            blank_image(number=5, width=2000, height=3),
        ]
        for page in self._read(blanks):
            assert page.text == "", f"{page.text!r} was read on a blank page of {page.width} × {page.height}"
            assert page.status is not PageStatus.FAILED, f"a blank page is no failure: {page.error}"

    def test_the_provenance_names_the_engine(self) -> None:
        """`runs[0].engine` is the name of the spec."""
        for page in self._read(sample_images()):
            assert page.provenance is not None, "the page does not say who read it"
            assert page.provenance.runs, "the provenance names no engine"
            assert page.provenance.runs[0].engine == self._spec.name

    def test_the_pixels_are_left_as_they_were(self) -> None:
        """Others read the same image: the pipeline cuts pictures from it, an exporter embeds it."""
        for image in sample_images():
            before = image.pixels.copy()
            self._read([image])
            assert (image.pixels == before).all(), "the engine drew on its input"

    def test_the_text_of_a_page_of_large_print_is_found(self) -> None:
        """Only where `reads` says what."""
        if self.reads:
            [page] = self._read([text_image(self.reads, size=40, layer=True)])
            assert self.reads.split() == page.text.split(), "not what the page says"

    def test_concurrent_calls_with_mixed_options_do_not_disturb_one_another(self) -> None:
        """Eight calls on four threads give what they give one after another."""
        settings = [self._spec.options(), *self.options]
        calls = [settings[index % len(settings)] for index in range(max(8, len(settings)))]
        alone = [self._texts(options) for options in calls]
        with ThreadPoolExecutor(4) as threads:
            together = list(threads.map(self._texts, calls))
        for options, one, other in zip(calls, alone, together, strict=True):
            assert one == other, f"with {options!r} a call gives something else while others run"

    def test_close_works_twice(self) -> None:
        """On an instance that worked and on one that did not."""
        for images in ([], [blank_image()]):
            made = self._registry.engine(self._spec.name)
            assert len(list(made.recognize(images, self._spec.options()))) == len(images)
            made.close()
            made.close()

    def _read(self, images: list[PageImage]) -> list[Page]:
        return list(self._made.recognize(iter(images), self._spec.options()))

    def _texts(self, options: EngineOptions) -> list[Page]:
        """The pages without their provenance, which may hold times."""
        images = [text_image("Mixed options"), blank_image(number=2, width=64, height=64)]
        pages = self._made.recognize(images, options)
        return [page.model_copy(update={"provenance": None}) for page in pages]

"""What every exporter promises, as tests to subclass; knows no format.

Each assertion says what is wrong in words, for the author of the exporter.
"""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, ClassVar
from unittest import mock

from ocrkit.contracts import ExporterSpec
from ocrkit.errors import SourceRequiredError
from ocrkit.registry import Registry
from ocrkit.testing.documents import empty_document, hostile_document, sample_document
from ocrkit.testing.given import registry_with, sound
from ocrkit.testing.images import sample_source

if TYPE_CHECKING:
    from ocrkit.contracts import Exporter, ExporterOptions
    from ocrkit.model import Document

A_DAY = 86_400.0
"""Seconds; more than the two that a ZIP archive's clock can tell apart."""


class ExporterContract:
    """Tests that hold for every exporter; subclass it in a test module of yours.

        class TestMyFormat(ExporterContract):
            exporter = "my-format"

    Attributes:
        exporter: name of the format as it is installed, or its spec.
        registry: where `exporter` is looked up; by default all that is installed.
        options: further settings to write the sample document with.
    """

    exporter: ClassVar[str | ExporterSpec]
    registry: ClassVar[Registry | None] = None
    options: ClassVar[tuple[ExporterOptions, ...]] = ()

    _spec: ClassVar[ExporterSpec]
    _registry: ClassVar[Registry]
    _made: ClassVar[Exporter[ExporterOptions]]

    @classmethod
    def setup_class(cls) -> None:
        """Makes the one instance that the tests share."""
        given = cls.exporter
        cls._registry = cls.registry or (
            registry_with(given) if isinstance(given, ExporterSpec) else Registry.discover()
        )
        cls._spec = cls._registry.exporter_spec(given.name if isinstance(given, ExporterSpec) else given)
        cls._made = cls._registry.exporter(cls._spec.name)

    def test_the_plugin_is_sound_and_the_spec_says_what_users_need(self) -> None:
        """Its plugin has no problems; summary, licence and media type are filled in."""
        sound(self._registry, f"format:{self._spec.name}")
        assert self._spec.summary.strip(), "the spec has no summary"
        assert "\n" not in self._spec.summary, "the summary is more than one line"
        assert self._spec.licence.strip(), "the spec names no licence"
        assert "/" in self._spec.media_type, f"{self._spec.media_type!r} is no media type"

    def test_the_options_have_defaults_and_refuse_unknown_names(self) -> None:
        """`options()` works without arguments, is frozen, and forbids what it does not know."""
        options = self._spec.options()
        assert options.model_config.get("extra") == "forbid", "an option that does not exist must be an error"
        assert options.model_config.get("frozen"), "options must be frozen: threads share them"

    def test_every_kind_of_block_and_script_is_written(self) -> None:
        """The sample document gives a file that is not empty, with each setting."""
        for options in (self._spec.options(), *self.options):
            assert self._written(sample_document(), options=options), f"nothing was written with {options!r}"

    def test_a_document_without_pages_is_written(self) -> None:
        """It may well be an empty file, but it is no error."""
        self._written(empty_document(), source=sample_document())

    def test_control_characters_markup_and_empty_boxes_do_no_harm(self) -> None:
        """The hostile document is valid, so it must be written."""
        self._written(hostile_document())

    def test_the_original_is_needed_only_where_the_spec_says_so(self) -> None:
        """Without it the file is written, or the error names what is missing."""
        document, out = sample_document(), io.BytesIO()
        try:
            self._made.export(document, out, options=self._spec.options(), source=None)
        except SourceRequiredError:
            assert self._spec.needs_source, "the spec does not say that the format needs the original file"
        else:
            assert not self._spec.needs_source, "the spec says that the format needs the original file"
            assert out.getvalue(), "nothing was written without the original file"

    def test_the_same_document_gives_the_same_bytes_on_another_day(self) -> None:
        """Files can be compared, cached and signed; a date of writing would spoil it."""
        first = self._written(sample_document())
        assert self._written(sample_document()) == first, "a second call of one instance gives another file"
        with mock.patch("time.time", return_value=time.time() + A_DAY):
            assert self._written(sample_document()) == first, "the file changes with the clock"

    def test_the_document_is_left_as_it_was(self) -> None:
        """Values are frozen, but their dictionaries are not."""
        document = sample_document()
        self._written(document)
        assert document == sample_document(), "the exporter changed the document"

    def _written(
        self, document: Document, *, options: ExporterOptions | None = None, source: Document | None = None
    ) -> bytes:
        """What the exporter writes to a stream that can only be written."""
        out = WriteOnly()
        with sample_source(source or document) as file:
            self._made.export(document, out, options=options or self._spec.options(), source=file)
        assert not out.closed, "the exporter closed a stream that is not its own"
        return out.getvalue()


class WriteOnly(io.BytesIO):
    """A stream as a pipe or a response is: bytes only, neither readable nor seekable."""

    def readable(self) -> bool:
        """It is not."""
        return False

    def seekable(self) -> bool:
        """It is not."""
        return False

    def read(self, _size: int | None = -1, /) -> bytes:
        """Refuses."""
        raise io.UnsupportedOperation("read")

    def seek(self, _offset: int, _whence: int = 0, /) -> int:
        """Refuses."""
        raise io.UnsupportedOperation("seek")

    def tell(self) -> int:
        """Refuses."""
        raise io.UnsupportedOperation("tell")

"""Tools: what they set, what gives way to the user, and what they make of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pymupdf
import pytest

import ocrkit
from ocrkit.errors import OptionError, ToolError, UnknownToolError
from ocrkit.hookspecs import hookimpl
from ocrkit.model import Block, BlockKind, Document, Page
from ocrkit.presets import applied, filled
from ocrkit.registry import Registry
from ocrkit.testing import sample_document
from ocrkit.toolspec import ToolSpec

if TYPE_CHECKING:
    from collections.abc import Iterator


def pdf(*texts: str) -> bytes:
    with pymupdf.open() as document:
        for text in texts:
            document.new_page().insert_text((72, 72), text)
        made: bytes = document.tobytes()
    return made


def test_every_built_in_tool_names_what_exists_and_loads() -> None:
    registry = Registry.discover()
    names = {spec.name for spec in registry.tools}
    assert {"extract-tables", "handwriting-to-text", "translate", "searchable-pdf"} <= names
    for spec in registry.tools:
        exporter = registry.exporter_spec(spec.format)
        exporter.options.model_validate(spec.format_options)
        if spec.engine:
            registry.engine_spec(spec.engine).options.model_validate(spec.options)
        registry.tool(spec.name)


def test_an_unknown_tool_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownToolError, match="extract-tables"):
        ocrkit.recognize(pdf("text"), tool="extract-stars")


def test_what_the_user_says_goes_before_the_tool() -> None:
    spec = Registry.discover().tool_spec("handwriting-to-text")
    assert filled(spec, {})["engine"] == "vlm"
    assert filled(spec, {"options": {"prompt": "Mine"}})["options"] == {**spec.options, "prompt": "Mine"}
    other = filled(spec, {"tier": "cpu", "text_layer": "always"})
    assert (other["tier"], other["text_layer"], other.get("engine"), other.get("options")) == (
        "cpu",
        "always",
        None,
        None,
    )
    assert filled(spec, {"engine": "surya"}) == {"tier": "vlm", "text_layer": "never", "engine": "surya"}


def test_a_tool_that_needs_an_argument_says_which() -> None:
    with pytest.raises(OptionError, match="translate_to"):
        ocrkit.recognize(pdf("text"), tool="translate")


def test_extract_tables_keeps_tables_and_says_where_there_is_none() -> None:
    document = sample_document()
    registry = Registry.discover()
    kept = applied(registry, "extract-tables", document)
    assert kept.tables == document.tables
    assert kept.tables
    assert all(block.table for page in kept.pages for block in page.blocks)
    for before, after in zip(document.pages, kept.pages, strict=True):
        bare = before.error is None and not any(block.table for block in before.blocks)
        assert [warning.code for warning in after.warnings[len(before.warnings) :]] == ["no_table"] * bare


def test_a_tool_reads_and_does_its_work() -> None:
    document = ocrkit.recognize(pdf("No table here at all, only words."), tool="extract-tables")
    assert document.text == ""
    assert document.pages[0].warnings[-1].code == "no_table"


def test_handwriting_without_a_model_is_never_a_silent_cpu_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OCRKIT_VLM_URL", raising=False)
    try:
        page = ocrkit.recognize(pdf("Printed words."), tool="handwriting-to-text").pages[0]
    except ocrkit.OcrkitError as error:
        assert "vision model" in str(error)  # noqa: PT017 - either way is documented; what must not be is silence
    else:
        assert page.status == "fallback"
        assert page.provenance is not None
        assert page.provenance.requested == "vlm"


def test_math_to_latex_says_where_there_is_no_formula() -> None:
    registry = Registry.discover()
    formula = Block(kind=BlockKind.FORMULA, text="x^2", latex="x^2", bbox=(0, 0, 9, 9))
    within = Block(text=r"so \(x\) is", formulas=("x",), bbox=(0, 0, 9, 9))
    plain = Block(text="No formula", bbox=(0, 0, 9, 9))
    pages = tuple(
        Page(number=number, width=10, height=10, blocks=(block,))
        for number, block in enumerate((formula, within, plain), start=1)
    )
    made = applied(registry, "math-to-latex", Document(page_count=3, pages=pages))
    assert [[warning.code for warning in page.warnings] for page in made.pages] == [[], [], ["no_formula"]]
    assert [page.blocks for page in made.pages] == [page.blocks for page in pages]


class Raises:
    def apply(self, document: Document, /) -> Document:
        raise ZeroDivisionError(document.source)


class Nothing:
    def apply(self, document: Document, /) -> None:
        del document


class Broken:
    @hookimpl
    def ocrkit_tools(self) -> Iterator[ToolSpec]:
        yield ToolSpec("raises", "Raises", load=f"{__name__}:Raises")
        yield ToolSpec("nothing", "Gives nothing", load=f"{__name__}:Nothing")
        yield ToolSpec("absent", "Is not there", load="absent.module:Tool")


@pytest.mark.parametrize("name", ["raises", "nothing", "absent"])
def test_a_tool_that_fails_is_an_error_of_ocrkit(name: str) -> None:
    registry = Registry.discover()
    assert registry.add(Broken(), name="broken").problems == []
    with pytest.raises(ToolError, match=name):
        applied(registry, name, sample_document())

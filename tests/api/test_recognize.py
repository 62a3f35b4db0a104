"""The library as its users call it, on real files with the built-in engines."""

from __future__ import annotations

import asyncio
import io
import threading
from typing import TYPE_CHECKING

import numpy as np
import pymupdf
import pytest
from PIL import Image

import ocrkit
from ocrkit.contracts import EngineOptions, EngineSpec
from ocrkit.errors import (
    CorruptSourceError,
    EngineUnavailableError,
    NothingReadError,
    OptionError,
    PageRangeError,
    SourceNotFoundError,
    SourceRequiredError,
    UnknownEngineError,
    UnknownFormatError,
    UnknownLanguageError,
)
from ocrkit.hookspecs import hookimpl
from ocrkit.model import BlockKind, EngineRun, Line, Page, TextLayerUse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ocrkit.raster import PageImage
    from ocrkit.sources import SourceInput


@pytest.fixture(scope="module")
def recognizer() -> Iterator[ocrkit.Recognizer]:
    with ocrkit.Recognizer(workers=0) as shared:
        yield shared


@pytest.mark.slow
def test_the_sample_invoice_becomes_text_with_a_table(recognizer: ocrkit.Recognizer, invoice: Path) -> None:
    document = recognizer.recognize(invoice)
    assert document.source == "invoice.png"
    assert "Northlight Imaging Ltd" in document.text
    table = document.tables[0]
    assert table.grid()[0] == ["Item", "Qty", "Unit price", "Amount"]
    assert table.grid()[3] == ["Paper tray, 500 sheets", "1", "89.90", "89.90"]
    page = document.pages[0]
    assert (page.width, page.height, page.dpi) == (1654, 2339, 200)
    assert page.blocks[0].kind in (BlockKind.TITLE, BlockKind.SECTION_HEADER)
    assert page.confidence is not None
    assert page.confidence > 0.9
    assert page.provenance is not None
    assert page.provenance.text_layer is None
    assert len({block.id for block in page.blocks}) == len(page.blocks)


@pytest.mark.slow
def test_every_kind_of_input_gives_the_same_pages(recognizer: ocrkit.Recognizer, invoice: Path) -> None:
    with Image.open(invoice) as picture:
        head = picture.convert("RGB").crop((0, 0, 1654, 520))
    data = io.BytesIO()
    head.save(data, "PNG", dpi=(200, 200))
    inputs: list[SourceInput] = [data.getvalue(), io.BytesIO(data.getvalue()), head, np.asarray(head)]
    texts = [recognizer.recognize(each).text for each in inputs]
    assert "Northlight" in texts[0]
    assert len(set(texts)) == 1


def test_a_born_digital_page_is_not_recognized(recognizer: ocrkit.Recognizer, born_digital: Path) -> None:
    document = recognizer.recognize(born_digital)
    assert document.page_count == 3
    assert document.metadata["title"] == "Three letters"
    assert "Letter number 3" in document.pages[2].text
    for page in document.pages:
        assert page.provenance is not None
        assert page.provenance.runs[0].engine == "textlayer"
        assert page.provenance.text_layer is not None
        assert page.provenance.text_layer.use is TextLayerUse.USED
        assert page.confidence is None


@pytest.mark.slow
def test_a_born_digital_page_is_recognized_on_demand(recognizer: ocrkit.Recognizer, born_digital: Path) -> None:
    (page,) = recognizer.recognize(born_digital, text_layer="never", pages="2").pages
    assert page.number == 2
    assert "Letter number 2" in page.text
    assert page.provenance is not None
    assert page.provenance.runs[0].engine != "textlayer"
    assert page.confidence is not None


@pytest.mark.slow
def test_a_picture_on_a_page_with_little_text_is_read_too(
    recognizer: ocrkit.Recognizer, invoice: Path, tmp_path: Path
) -> None:
    path = tmp_path / "stamped.pdf"
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=595, height=842)
        page.insert_text((72, 40), "Received and filed", fontsize=12)
        page.insert_image(pymupdf.Rect(60, 60, 535, 732), filename=str(invoice))
        pdf.save(path)
    (read,) = recognizer.recognize(path).pages
    assert "Received and filed" in read.text
    assert "Feed roller kit" in read.text
    assert read.provenance is not None
    assert read.provenance.text_layer is not None
    assert read.provenance.text_layer.use is TextLayerUse.MERGED
    assert read.provenance.runs[0].engine == "textlayer"
    assert len(read.provenance.runs) == 2


def test_pages_come_as_they_finish_and_are_counted(recognizer: ocrkit.Recognizer, born_digital: Path) -> None:
    seen: list[tuple[int, int]] = []
    recognizer.recognize(born_digital, pages="2-", on_page=lambda page, total: seen.append((page.number, total)))
    assert seen == [(2, 2), (3, 2)]
    stream = recognizer.stream(born_digital)
    assert next(stream).number == 1
    assert [page.number for page in stream] == [2, 3]


def test_the_module_functions_and_their_async_twins_agree(born_digital: Path) -> None:
    async def twins() -> tuple[str, list[str], bytes]:
        document = await ocrkit.arecognize(born_digital)
        pages = [page.text async for page in ocrkit.astream(born_digital)]
        return document.text, pages, await ocrkit.aexport(document, "txt")

    document = ocrkit.recognize(born_digital)
    text, pages, exported = asyncio.run(twins())
    assert text == document.text
    assert pages == [page.text for page in ocrkit.stream(born_digital)]
    assert exported == ocrkit.export(document, "txt")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"engine": "none-such"}, UnknownEngineError),
        ({"language": "xx-none"}, UnknownLanguageError),
        ({"tier": "gpu"}, OptionError),
        ({"text_layer": "perhaps"}, OptionError),
        ({"options": {"none_such": 1}}, OptionError),
        ({"pages": "9"}, PageRangeError),
        ({"pages": "x"}, PageRangeError),
    ],
)
def test_a_bad_option_raises_at_the_call_even_of_stream(
    recognizer: ocrkit.Recognizer, born_digital: Path, options: dict[str, str], error: type[ocrkit.OcrkitError]
) -> None:
    with pytest.raises(error):
        recognizer.stream(born_digital, **options)  # type: ignore[arg-type] # bad options are the claim


def test_inputs_that_cannot_be_opened_raise_their_own_error(recognizer: ocrkit.Recognizer, tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError):
        recognizer.recognize(tmp_path / "none.pdf")
    with pytest.raises(CorruptSourceError):
        recognizer.recognize(b"%PDF-1.7\nnothing more")


def test_export_names_what_it_lacks(recognizer: ocrkit.Recognizer, born_digital: Path) -> None:
    document = recognizer.recognize(born_digital)
    with pytest.raises(UnknownFormatError, match="docx"):
        ocrkit.export(document, "none-such")
    with pytest.raises(SourceRequiredError, match="source"):
        ocrkit.export(document, "pdf")
    with pytest.raises(OptionError):
        ocrkit.export(document, "txt", options={"none_such": 1})


class Odd:
    """An engine that does what the page's number says."""

    def recognize(self, images: Iterable[PageImage], _options: EngineOptions, /) -> Iterator[Page]:
        for image in images:
            if image.number == 2:
                raise RuntimeError("two is right out")
            line = Line(text=f"page {image.number}", bbox=(0, 0, 9, 9), confidence=0.5)
            yield image.page(run=EngineRun(engine="odd"), lines=[] if image.number == 3 else [line])

    def close(self) -> None:
        closed.append(threading.get_ident())


closed: list[int] = []


class OddPlugin:
    @staticmethod
    @hookimpl
    def ocrkit_engines() -> Iterable[EngineSpec]:
        yield EngineSpec(name="odd", summary="Fails on page 2", load=f"{__name__}:Odd", licence="MIT")
        yield EngineSpec(
            name="absent", summary="Needs what is not there", load="none_such:X", licence="MIT", install="pip install x"
        )


@pytest.fixture
def odd() -> ocrkit.Registry:
    registry = ocrkit.Registry.discover(only=())
    assert registry.add(OddPlugin, name="odd-plugin").problems == []
    return registry


def test_a_page_whose_engine_raises_fails_alone_and_stays_in_its_place(
    odd: ocrkit.Registry, born_digital: Path
) -> None:
    closed.clear()
    with ocrkit.Recognizer(odd) as recognizer:
        document = recognizer.recognize(born_digital, engine="odd", text_layer="never")
    assert [page.status.value for page in document.pages] == ["ok", "failed", "ok"]
    failed = document.pages[1]
    assert failed.error is not None
    assert failed.error.code == "engine_failed"
    assert "two is right out" in failed.error.message
    assert (failed.number, failed.blocks) == (2, ())
    assert len(closed) == 1


def test_pages_without_text_and_with_doubtful_text_say_so(odd: ocrkit.Registry, born_digital: Path) -> None:
    with ocrkit.Recognizer(odd) as recognizer:
        document = recognizer.recognize(born_digital, engine="odd", text_layer="never")
    codes = [[warning.code for warning in page.warnings] for page in document.pages]
    assert codes == [["low_confidence"], [], ["no_text"]]


def test_when_no_page_can_be_read_the_first_reason_is_raised(odd: ocrkit.Registry, born_digital: Path) -> None:
    with ocrkit.Recognizer(odd) as recognizer, pytest.raises(NothingReadError, match="two is right out"):
        recognizer.recognize(born_digital, engine="odd", text_layer="never", pages="2")


def test_an_engine_that_cannot_be_loaded_says_how_to_get_it(odd: ocrkit.Registry, born_digital: Path) -> None:
    with ocrkit.Recognizer(odd) as recognizer, pytest.raises(EngineUnavailableError, match="pip install x"):
        recognizer.recognize(born_digital, engine="absent", text_layer="never")


@pytest.mark.slow
def test_a_document_behind_the_shield_equals_one_read_here(born_digital: Path) -> None:
    with ocrkit.Recognizer(workers=2) as shielded, ocrkit.Recognizer(workers=0) as here:
        for source in (born_digital, born_digital.read_bytes()):
            pages = [page.model_copy(update={"provenance": None}) for page in shielded.recognize(source).pages]
            assert pages == [page.model_copy(update={"provenance": None}) for page in here.recognize(source).pages]

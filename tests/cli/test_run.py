"""A page that fails, read by an engine made to fail: what a real engine does only on a bad day."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from ocrkit.cli.inputs import Input
from ocrkit.cli.run import Run
from ocrkit.contracts import EngineOptions, EngineSpec
from ocrkit.errors import EngineFailedError
from ocrkit.hookspecs import hookimpl
from ocrkit.model import EngineRun, Line, Page
from ocrkit.registry import Registry
from ocrkit.sources import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.geometry import BBox
    from ocrkit.raster import PageImage

BOX: BBox = (2, 2, 60, 20)


class FailsOnPageTwo:
    def recognize(self, images: Iterable[PageImage], _options: EngineOptions, /) -> Iterator[Page]:
        for image in images:
            if image.number == 2:
                raise EngineFailedError("The engine lost its\nglasses.")
            yield image.page(run=EngineRun(engine="fails"), lines=[Line(text=f"page {image.number}", bbox=BOX)])

    def close(self) -> None:
        pass


class FailsPlugin:
    @hookimpl
    def ocrkit_engines(self) -> Iterable[EngineSpec]:
        return [
            EngineSpec(name="fails", summary="", load=f"{__name__}:FailsOnPageTwo", licence="Apache-2.0"),
        ]


@pytest.fixture
def three_pages(tmp_path: Path) -> Input:
    path = tmp_path / "three.tiff"
    frames = [Image.new("RGB", (80, 40), "white") for _ in range(3)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    return Input(label="three.tiff", path=path, place=PurePath("three.tiff"))


def test_a_page_that_fails_is_told_and_the_others_are_written(
    three_pages: Input, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = Registry.discover(only=())
    assert registry.add(FailsPlugin(), name="fails").problems == []
    run = Run(
        registry=registry,
        formats=[registry.exporter_spec("txt")],
        options={"engine": "fails", "limits": Limits()},
        exporter_options={"txt": {}},
    )
    out = tmp_path / "three.txt"
    assert run.all([(three_pages, [out])]) == 1
    assert "error: three.tiff: page 2: The engine lost its glasses." in capsys.readouterr().err
    assert "page 1" in out.read_text()
    assert "page 3" in out.read_text()

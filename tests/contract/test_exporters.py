"""Every built-in format keeps the exporter contract."""

from __future__ import annotations

from ocrkit.exporters import DocxOptions, HtmlOptions, MarkdownOptions
from ocrkit.registry import Registry
from ocrkit.testing import ExporterContract


class TestAlto(ExporterContract):
    exporter = "alto"


class TestCsv(ExporterContract):
    exporter = "csv"


class TestDocx(ExporterContract):
    exporter = "docx"
    options = (DocxOptions(images=True, page_furniture=True),)


class TestHocr(ExporterContract):
    exporter = "hocr"


class TestHtml(ExporterContract):
    exporter = "html"
    options = (HtmlOptions(images=True, page_furniture=True),)


class TestJson(ExporterContract):
    exporter = "json"


class TestMd(ExporterContract):
    exporter = "md"
    options = (MarkdownOptions(images=True, page_furniture=True),)


class TestPdf(ExporterContract):
    exporter = "pdf"


class TestTxt(ExporterContract):
    exporter = "txt"


class TestView(ExporterContract):
    exporter = "view"


class TestXlsx(ExporterContract):
    exporter = "xlsx"


CONTRACTS: tuple[type[ExporterContract], ...] = (
    TestAlto,
    TestCsv,
    TestDocx,
    TestHocr,
    TestHtml,
    TestJson,
    TestMd,
    TestPdf,
    TestTxt,
    TestView,
    TestXlsx,
)


def test_every_built_in_format_is_here() -> None:
    assert {each.exporter for each in CONTRACTS} == {spec.name for spec in Registry.discover(only=()).exporters}

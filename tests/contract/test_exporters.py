"""Every built-in format keeps the exporter contract."""

from __future__ import annotations

from ocrkit.registry import Registry
from ocrkit.testing import ExporterContract


class TestAlto(ExporterContract):
    exporter = "alto"


class TestCsv(ExporterContract):
    exporter = "csv"


class TestDocx(ExporterContract):
    exporter = "docx"


class TestHocr(ExporterContract):
    exporter = "hocr"


class TestHtml(ExporterContract):
    exporter = "html"


class TestJson(ExporterContract):
    exporter = "json"


class TestMd(ExporterContract):
    exporter = "md"


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

"""Every built-in format keeps the exporter contract."""

from __future__ import annotations

from ocrkit.registry import Registry
from ocrkit.testing import ExporterContract


class TestTxt(ExporterContract):
    exporter = "txt"


class TestMd(ExporterContract):
    exporter = "md"


class TestCsv(ExporterContract):
    exporter = "csv"


class TestJson(ExporterContract):
    exporter = "json"


class TestDocx(ExporterContract):
    exporter = "docx"


class TestPdf(ExporterContract):
    exporter = "pdf"


def test_every_built_in_format_is_here() -> None:
    tested = {each.exporter for each in (TestTxt, TestMd, TestCsv, TestJson, TestDocx, TestPdf)}
    assert tested == {spec.name for spec in Registry.discover(only=()).exporters}

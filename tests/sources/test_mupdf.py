"""Opening a PDF costs no more than PyMuPDF itself."""

from __future__ import annotations

import subprocess
import sys


def loaded_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_reading_a_pdf_loads_no_layout_analysis_and_no_runtime_of_networks() -> None:
    loaded = loaded_after("import ocrkit.sources.pdf")
    assert "pymupdf" in loaded
    assert not {"pymupdf.layout", "onnxruntime"} & loaded


def test_whoever_wants_the_layout_analysis_gets_it_afterwards() -> None:
    assert "pymupdf.layout" in loaded_after("import ocrkit.sources.pdf, pymupdf.layout")

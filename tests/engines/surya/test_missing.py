"""The engine where its package is not installed, as in most places."""

from __future__ import annotations

import subprocess
import sys

from ocrkit.registry import Registry


def test_the_listing_says_what_it_may_be_used_for() -> None:
    spec = Registry.discover().engine_spec("surya")
    assert spec.tier == "vlm"
    assert "OpenRAIL-M" in spec.licence
    assert "$5M" in spec.licence


def test_the_error_names_the_commands_that_install_it() -> None:
    load = "from ocrkit.registry import Registry; Registry.discover().engine('surya')"
    code = f"import sys; sys.modules['surya'] = None; {load}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ocrkit.errors.EngineUnavailableError: Engine 'surya' cannot be loaded")
    assert "pip install 'ocrkit[surya]'" in last
    assert "pip install torch" in last

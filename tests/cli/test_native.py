from __future__ import annotations

import subprocess
import sys

CODE = """
import os, subprocess, sys
import click
from ocrkit.cli.native import native_messages_hidden
with native_messages_hidden():
    os.write(2, b"from a C library\\n")
    subprocess.run([sys.executable, "-c", "import os; os.write(2, b'from its child')"], check=True)
    click.echo("error: ours", err=True)
os.write(2, b"after\\n")
click.echo("still ours", err=True)
"""


def test_only_our_own_lines_reach_standard_error() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == ["error: ours", "after", "still ours"]

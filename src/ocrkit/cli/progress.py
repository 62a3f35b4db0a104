"""One line on a terminal that says how far it is; nothing at all elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ocrkit.model import Page

_PAUSE = 0.1
"""Seconds between two drawings: faster than the eye follows costs time for nothing."""


class Progress:
    """Pages done and pages a second, of the file at hand and of the whole run.

    Args:
        files: how many files there will be.
        quiet: say nothing, even on a terminal.
    """

    def __init__(self, files: int, *, quiet: bool = False) -> None:
        self._active = sys.stderr.isatty() and not quiet
        self._files = files
        self._file = 0
        self._label = ""
        self._done: Counter[int] = Counter()
        self._total: dict[int, int] = {}
        self._started = time.monotonic()
        self._drawn = 0.0

    def begin(self, label: str) -> None:
        """Turns to the next file."""
        self._file += 1
        self._label = label
        if not self._done[self._file]:
            self._draw("opening")

    def page(self, index: int, _page: Page, total: int) -> None:
        """Counts one page of the file of that index, from 0, which has `total`; files may be read side by side."""
        self._done[index + 1] += 1
        self._total[index + 1] = total
        now = time.monotonic()
        done, total = self._done[self._file], self._total.get(self._file, 0)
        if done == total or now - self._drawn >= _PAUSE:
            rate = self._done.total() / max(now - self._started, 1e-6)
            self._draw(f"page {done}/{total or '?'}, {rate:.1f} pages/s")

    def end(self, written: Sequence[Path]) -> None:
        """Says in a line that stays where the file at hand was written, if it was written to files."""
        self.clear()
        if self._active and written:
            names = ", ".join([str(written[0]), *(path.name for path in written[1:])])
            rate = self._done.total() / max(time.monotonic() - self._started, 1e-6)
            pages = _pages(self._done[self._file])
            click.echo(f"{self._label} → {names}  ({pages}; {rate:.1f} pages/s)", err=True)

    def summary(self, failed: int) -> None:
        """Says in a line that stays what became of all files, if there were several."""
        self.clear()
        if self._active and self._files > 1:
            seconds = time.monotonic() - self._started
            click.echo(f"{self._files} files, {failed} failed, {_pages(self._done.total())}, {seconds:.1f} s", err=True)

    def clear(self) -> None:
        """Takes the line away, for others to write."""
        if self._active:
            click.echo("\r\x1b[K", nl=False, err=True)

    def _draw(self, state: str) -> None:
        if not self._active:
            return
        self._drawn = time.monotonic()
        count = f"[{self._file}/{self._files}] " if self._files > 1 else ""
        room = max(shutil.get_terminal_size().columns - len(count) - len(state) - 3, 1)
        click.echo(f"\r\x1b[K{count}{self._label[-room:]}  {state}", nl=False, err=True)


def _pages(count: int) -> str:
    return f"{count} page{'s' * (count != 1)}"

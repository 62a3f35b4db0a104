"""The process behind the shield: reads tasks from standard input, answers on standard output, until either closes.

Started as `python -m ocrkit.workers.child`. Keeps the engines and the last document open between pages.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

from ocrkit.errors import EngineFailedError, OcrkitError
from ocrkit.pipeline import Pipeline
from ocrkit.registry import Registry
from ocrkit.sources import open_source
from ocrkit.workers.task import Answer, PageTask

if TYPE_CHECKING:
    from ocrkit.model import Page
    from ocrkit.sources import Source


class Reader:
    """Reads one page at a time, with whatever the last task already opened."""

    def __init__(self) -> None:
        self._pipelines: dict[tuple[str, ...], Pipeline] = {}
        self._file: Source | None = None
        self._file_key: PageTask | None = None

    def read(self, task: PageTask) -> Page:
        """The page of the task.

        Raises:
            OcrkitError: the file cannot be opened or the request is bad.
        """
        disabled = task.disabled_plugins
        if disabled not in self._pipelines:
            self._pipelines[disabled] = Pipeline(Registry.discover(disabled=disabled))
        pipeline = self._pipelines[disabled]
        request = pipeline.request(
            tier=task.tier,
            engine=task.engine,
            language=task.language,
            text_layer=task.text_layer,
            options=task.options,
        )
        return pipeline.read(self._opened(task).page(task.number), request)

    def _opened(self, task: PageTask) -> Source:
        key = task.model_copy(update={"number": 0, "options": {}})
        if self._file is None or key != self._file_key:
            if self._file is not None:
                self._file.close()
                self._file = None
            self._file = open_source(task.path, password=task.password, limits=task.limits, dpi=task.dpi)
            self._file_key = key
        return self._file


def answer(reader: Reader, line: bytes) -> Answer:
    """What to say to one line of input."""
    try:
        return Answer(page=reader.read(PageTask.model_validate_json(line)))
    except OcrkitError as error:
        return Answer.of_error(error)
    except Exception as error:  # noqa: BLE001 - a child outlives whatever one page does to it
        return Answer.of_error(EngineFailedError(f"{type(error).__name__}: {error}".partition("\n")[0] + "."))


def main() -> None:
    """Answers until standard input closes, which it does when the parent dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle: it closes our input
    # What native libraries print must not reach the answers: keep our own copy of the pipe, give them stderr.
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        reader = Reader()
        for line in sys.stdin.buffer:
            out.write(answer(reader, line).model_dump_json().encode() + b"\n")
            out.flush()


if __name__ == "__main__":
    main()

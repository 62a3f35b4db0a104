"""The process behind the shield: reads tasks from standard input, answers on standard output, until either closes.

Started as `python -m ocrkit.workers.child SETTINGS`. Keeps the engines and the last document open between pages.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import BaseModel, TypeAdapter

from ocrkit.errors import EngineFailedError, OcrkitError, StorageError
from ocrkit.pipeline import Pipeline
from ocrkit.registry import Registry
from ocrkit.sources import open_source
from ocrkit.workers import documents
from ocrkit.workers.confinement import confine
from ocrkit.workers.task import (
    Answer,
    AnyTask,
    AssembleTask,
    ChildSettings,
    ExportTask,
    Inspected,
    InspectTask,
    PageTask,
    RenderTask,
    ToolTask,
    TranslateTask,
    Warmed,
    WarmTask,
)
from ocrkit.workers.warming import warming_page

if TYPE_CHECKING:
    from ocrkit.model import Page
    from ocrkit.sources import Source

_NO_ROOM = {
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.ENOMEM, errno.EMFILE, errno.ENFILE
}  # fmt: skip
"""What a disk or a system at its end says. Any other OSError is the task's own: Pillow, for one, raises it for pictures
that are broken."""

_TASKS: TypeAdapter[
    PageTask | WarmTask | InspectTask | AssembleTask | ToolTask | TranslateTask | ExportTask | RenderTask
] = TypeAdapter(AnyTask)


class Plugins:
    """What the child knows of plugins when some are disabled."""

    def __init__(self, disabled: tuple[str, ...]) -> None:
        self.registry = Registry.discover(disabled=disabled)

    @cached_property
    def pipeline(self) -> Pipeline:
        """The pipeline, with the engines it has made."""
        return Pipeline(self.registry)


class Worker:
    """Does one task at a time, with whatever the last one already opened.

    Args:
        offline: whether the system keeps this process from the network.
    """

    def __init__(self, *, offline: bool) -> None:
        self._offline = offline
        self._plugins: dict[tuple[str, ...], Plugins] = {}
        self._file: Source | None = None
        self._file_key: PageTask | None = None

    def do(self, task: AnyTask) -> BaseModel:
        """The result of the task.

        Raises:
            OcrkitError: it cannot be done.
        """
        match task:
            case PageTask():
                return self._read(task)
            case WarmTask():
                return self._warm(task)
            case InspectTask():
                with open_source(task.path, password=task.password, limits=task.limits) as file:
                    return Inspected(media_type=file.media_type, page_count=file.page_count)
            case AssembleTask() | ToolTask():
                registry = self._with_plugins(task.disabled_plugins).registry
                return (
                    documents.assemble(task, registry) if task.kind == "assemble" else documents.tooled(task, registry)
                )
            case TranslateTask():
                return documents.translate(task, self._with_plugins(task.disabled_plugins).registry)
            case ExportTask() | RenderTask():
                registry = self._with_plugins(task.disabled_plugins).registry
                return documents.export(task, registry) if task.kind == "export" else documents.render(task, registry)

    def _read(self, task: PageTask) -> Page:
        pipeline = self._with_plugins(task.disabled_plugins).pipeline
        request = pipeline.request(
            tier=task.tier,
            engine=task.engine,
            cpu_engine=task.cpu_engine,
            language=task.language,
            text_layer=task.text_layer,
            options=task.options,
            align=task.align,
        )
        request = replace(request, may_use_vlm=task.may_use_vlm)
        return pipeline.read(self._opened(task).page(task.number), request)

    def _warm(self, task: WarmTask) -> Warmed:
        pipeline = self._with_plugins(task.disabled_plugins).pipeline
        request = pipeline.request(tier=task.tier, engine=task.engine)
        pipeline.read(warming_page(), request)
        return Warmed(engine=request.engine, offline=self._offline)

    def _with_plugins(self, disabled: tuple[str, ...]) -> Plugins:
        if disabled not in self._plugins:
            self._plugins[disabled] = Plugins(disabled)
        return self._plugins[disabled]

    def _opened(self, task: PageTask) -> Source:
        key = task.model_copy(update={"number": 0, "options": {}, "may_use_vlm": True})
        if self._file is None or key != self._file_key:
            if self._file is not None:
                self._file.close()
                self._file = None
            self._file = open_source(task.path, password=task.password, limits=task.limits, dpi=task.dpi)
            self._file_key = key
        return self._file


def answer(worker: Worker, line: bytes) -> Answer[BaseModel]:
    """What to say to one line of input."""
    try:
        return Answer(value=worker.do(_TASKS.validate_json(line)))
    except OcrkitError as error:
        return Answer.of_error(error)
    except Exception as error:  # noqa: BLE001 - a child outlives whatever one page does to it
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return Answer.of_error(StorageError(f"A file cannot be read or written: {error.strerror}."))
        return Answer.of_error(EngineFailedError(f"{type(error).__name__}: {error}".partition("\n")[0] + "."))


def main() -> None:
    """Answers until standard input closes, which it does when the parent dies."""
    settings = ChildSettings.model_validate_json(sys.argv[1])
    offline = confine(settings)
    # A question to an endpoint must end, and leave time for another one and for reading the page without it.
    os.environ.setdefault("OCRKIT_VLM_DEADLINE", f"{settings.seconds / 3:g}")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle: it closes our input
    # What native libraries print must not reach the answers: keep our own copy of the pipe, give them stderr.
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        worker = Worker(offline=offline)
        for line in sys.stdin.buffer:
            out.write(answer(worker, line).model_dump_json().encode() + b"\n")
            out.flush()


if __name__ == "__main__":
    main()

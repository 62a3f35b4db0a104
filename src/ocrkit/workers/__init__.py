"""The shield: one page, or another task on a file that nobody trusts, in a resident child process; and a pool of them.

A crash, a hang or a lack of memory of a child is an error value here, never an exception of the caller's
process. Knows the pipeline; knows no queue, no account and no HTTP.
"""

from ocrkit.workers.pool import Pool
from ocrkit.workers.shield import Shield, ShieldLimits
from ocrkit.workers.task import (
    AssembleTask,
    ExportTask,
    Inspected,
    InspectTask,
    PageTask,
    RenderTask,
    ToolTask,
    TranslateTask,
    WarmTask,
)
from ocrkit.workers.user import ChildUser, child_user

__all__ = [
    "AssembleTask",
    "ChildUser",
    "ExportTask",
    "InspectTask",
    "Inspected",
    "PageTask",
    "Pool",
    "RenderTask",
    "Shield",
    "ShieldLimits",
    "ToolTask",
    "TranslateTask",
    "WarmTask",
    "child_user",
]

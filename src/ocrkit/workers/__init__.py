"""The shield: one page in a resident child process, and a pool of them, one a core.

A crash, a hang or a lack of memory of a child is an error value here, never an exception of the caller's
process. Knows the pipeline; knows no queue, no account and no HTTP.
"""

from ocrkit.workers.pool import Pool
from ocrkit.workers.shield import Shield, ShieldLimits
from ocrkit.workers.task import PageTask

__all__ = ["PageTask", "Pool", "Shield", "ShieldLimits"]

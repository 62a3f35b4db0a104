"""Waits for jobs on behalf of callers, and lets go of them when the service stops."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ocrkit.jobs.records import Job
    from ocrkit.server.service import Service

_SLICE = 0.5
"""Seconds after which a waiter looks whether the service stops."""


async def ended(service: Service, job: Job, *, seconds: float) -> Job | None:
    """The job when it has ended, or as it stands after so many seconds; `None` if it is gone."""
    waiting = asyncio.create_task(service.jobs.wait(job.id, seconds))
    try:
        while not service.stopping:
            if (await asyncio.wait({waiting}, timeout=_SLICE))[0]:
                return waiting.result()
        return job
    finally:
        waiting.cancel()


async def changes(service: Service, job_id: str, *, beat: float) -> AsyncIterator[Job | None]:
    """The job whenever it has changed, `None` after `beat` seconds without; ends with the job or the service."""
    quiet = 0.0
    async with aclosing(service.jobs.changes(job_id)) as found:
        upcoming = asyncio.ensure_future(anext(found, None))
        try:
            while not service.stopping:
                if (await asyncio.wait({upcoming}, timeout=_SLICE))[0]:
                    job = upcoming.result()
                    if job is None:
                        return
                    yield job
                    quiet = 0.0
                    upcoming = asyncio.ensure_future(anext(found, None))
                    continue
                quiet += _SLICE
                if quiet >= beat:
                    quiet = 0.0
                    yield None
        finally:
            upcoming.cancel()
            await asyncio.wait({upcoming})

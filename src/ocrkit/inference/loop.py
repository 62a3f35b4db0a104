"""An event loop in a thread of its own, for callers in other threads who may leave before the end. Knows no HTTP."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any, TypeVar

from ocrkit.errors import EndpointCancelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

Result = TypeVar("Result")

_POLL = 0.05
"""Seconds between two looks at whether the caller still wants the result."""


class Loop:
    """Runs coroutines until `close`."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        # A daemon, since a program that forgets to close an endpoint must end all the same.
        self._thread = threading.Thread(target=self._loop.run_forever, name="ocrkit-inference", daemon=True)
        self._thread.start()

    def result(self, work: Coroutine[Any, Any, Result], cancelled: Callable[[], bool] | None) -> Result:
        """What the coroutine gives or raises.

        Raises:
            EndpointCancelledError: `cancelled` said yes, or the loop was closed.
        """
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            while True:
                try:
                    return future.result(_POLL if cancelled else None)
                except TimeoutError:
                    if future.done():
                        raise
                    if cancelled and cancelled():
                        raise EndpointCancelledError("The question was called off.") from None
        except CancelledError:
            raise EndpointCancelledError("The endpoint was closed while it was asked.") from None
        finally:
            future.cancel()  # does nothing to one that is done

    def close(self, last: Coroutine[Any, Any, None]) -> None:
        """Cancels what runs, runs the last one, and ends the thread."""
        asyncio.run_coroutine_threadsafe(self._end(last), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self, last: Coroutine[Any, Any, None]) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await last
        await self._loop.shutdown_asyncgens()

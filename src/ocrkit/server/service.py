"""One server's parts, held together: made from its settings, started at the first need, stopped once."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool

from ocrkit.accounts import Accounts, Credits, Plans, Sessions, Tokens
from ocrkit.database import Database, migrate
from ocrkit.database.tables import jobs, pages
from ocrkit.errors import OptionError, StorageError
from ocrkit.inference import concurrency
from ocrkit.jobs.blobs import Blobs
from ocrkit.jobs.chats import Chats
from ocrkit.jobs.local import WORKER_LIMITS, LocalExecutor, trial
from ocrkit.jobs.service import Jobs, JobsOptions
from ocrkit.registry import Registry
from ocrkit.server.chats import DocumentChats
from ocrkit.server.forms import tiers
from ocrkit.server.metrics import Metrics
from ocrkit.server.rates import Rates
from ocrkit.server.results import Results
from ocrkit.server.translations import Translations
from ocrkit.sources import Limits
from ocrkit.workers import child_user

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from typing import TypeVar

    from ocrkit.jobs.webhooks import Sign
    from ocrkit.server.settings import Settings

    Result = TypeVar("Result")

log = logging.getLogger(__name__)

_STOP_SECONDS = 6.0
"""For pages that are being read when the service stops; what is not through by then is handed back."""
_ASIDE = 8
"""Files that are inspected or exported at a time; the children who do it are fewer."""
_ANSWERING = 16
"""Questions that are answered at a time."""


class Service:
    """Everything that handlers need; two in one process share nothing.

    Made without touching a disk or a network; `start` does that, at the start of the server or with the first request.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.limits = Limits(max_bytes=settings.max_upload_bytes, max_pixels=settings.max_pixels)
        self.registry = Registry.discover(disabled=settings.disabled_plugins)
        self.translations = Translations(self.registry, named=settings.translator or None)
        self.rates = Rates(settings.requests_per_minute)
        self.metrics = Metrics()
        self.results = Results()
        self.started = False
        self.stopping = False
        self._lock = threading.Lock()
        self._aside = ThreadPoolExecutor(_ASIDE, thread_name_prefix="ocrkit-aside")
        self._answering = ThreadPoolExecutor(_ANSWERING, thread_name_prefix="ocrkit-answer")

    def start(self) -> None:
        """Opens what there is, makes what is missing, and begins to read pages; a second call does nothing.

        Raises:
            DatabaseUnavailableError, SchemaVersionError, SecretKeyError, StorageError, OptionError: it cannot.
        """
        with self._lock:
            if self.started:
                return
            settings = self.settings
            self._make_folders()
            secrets = settings.secrets()
            self.plans = Plans(settings.plans)
            self.database = Database(settings.database_url)
            migrate(self.database)
            self.accounts = Accounts(self.database, secrets, self.plans)
            self.tokens = Tokens(self.database, secrets, later=self._aside.submit)
            self.sessions = Sessions(self.database, secrets)
            self.credits = Credits(self.database, self.plans)
            self.jobs = self._jobs(secrets.webhook_signature)
            self.chats = DocumentChats(self.jobs, Chats(self.database), self.registry, answerer=settings.answerer)
            self.jobs.start()
            self.started = True

    def begin_stop(self) -> None:
        """Lets those who wait for a job go, so that their connections can close."""
        self.stopping = True

    def stop(self) -> None:
        """Hands back the pages being read, and ends all processes and threads; within ten seconds."""
        self.begin_stop()
        with self._lock:
            if not self.started:
                return
            self.started = False
            self.jobs.stop(grace=_STOP_SECONDS)
            for threads in (self._aside, self._answering):
                threads.shutdown(wait=False, cancel_futures=True)
            self.chats.close()
            self.database.close()

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """Starts and stops with the server; an app that is mounted gets none of this, and starts when first asked."""
        await run_in_threadpool(self.start)
        try:
            yield
        finally:
            await run_in_threadpool(self.stop)

    def exposition(self) -> bytes:
        """The figures for Prometheus. Asks the database."""
        by_state = select(jobs.c.state, func.count().label("number")).group_by(jobs.c.state)
        waiting = select(func.count()).select_from(pages).where(pages.c.state == "todo")
        with self.database.read() as connection:
            counts = {row.state: int(row.number) for row in connection.execute(by_state)}
            return self.metrics.exposition(jobs=counts, pages_waiting=connection.scalar(waiting) or 0)

    async def aside(self, work: Callable[[], Result]) -> Result:
        """Runs what may take long in a thread kept for such work, so that status polls find theirs free."""
        return await asyncio.get_running_loop().run_in_executor(self._aside, work)

    async def answering(self, work: Callable[[], Result]) -> Result:
        """Runs what may wait for a language model in a thread kept for that, so that downloads need not wait for it."""
        return await asyncio.get_running_loop().run_in_executor(self._answering, work)

    def _jobs(self, sign: Sign) -> Jobs:
        settings = self.settings
        blobs = self._blobs()
        asks = "vlm" in tiers(self.registry, settings.engines)
        executor = LocalExecutor(
            blobs,
            settings.workers or None,
            limits=replace(WORKER_LIMITS, seconds=settings.page_seconds),
            # A vision model is asked over the network, and by the process that reads the page: by some apart.
            online=concurrency("vlm") if asks else 0,
            online_seconds=settings.vlm_page_seconds,
            # What is loaded before the first page is ocrkit's own choice; an operator's engine loads with that page.
            warm=() if settings.cpu_engine else ("cpu",),
        )
        options = JobsOptions(keep_uploads=settings.retention_hours > 0, private_webhooks=settings.private_webhooks)
        return Jobs(self.database, blobs, executor=executor, options=options, sign=sign)

    def _blobs(self) -> Blobs:
        """The blobs, to be read by children with as few rights as can be.

        Raises:
            OptionError: the user that was named for them does not exist, or cannot do their work.
        """
        settings = self.settings
        user = child_user(settings.worker_user)
        if user is None:
            return Blobs(settings.blobs_url)
        blobs = Blobs(settings.blobs_url, reader=user)
        why = trial(blobs, engine=settings.cpu_engine or None)
        if why is None:
            log.info("Workers run as user %s", user.name)
            return blobs
        hint = "Install ocrkit, its plugins and models where that user may read them, which is not below /root."
        if settings.worker_user:
            raise OptionError(f"Workers cannot work as user {user.name!r}: {why}", hint=hint)
        log.warning("Workers run as root, for they cannot work as user %s: %s %s", user.name, why, hint)
        blobs.close()
        return Blobs(settings.blobs_url)

    def _make_folders(self) -> None:
        try:
            self.settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StorageError(f"The folder {str(self.settings.data)!r} cannot be used: {error}.") from error

"""Sends one request to an endpoint until there is an answer or no point in going on. Lives in one event loop.

Knows statuses, times and attempts; knows nothing of what is asked.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from ocrkit.errors import EndpointAnswerError, EndpointBusyError, EndpointError, EndpointUnavailableError
from ocrkit.inference.breaker import FAILURES, Breaker
from ocrkit.inference.refusals import error_in, json_of, refusal, text_or_json
from ocrkit.inference.retrying import REPEATED, backoff, retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocrkit.inference.settings import EndpointSettings

MAX_ANSWER_BYTES = 64 << 20
"""Bytes of one answer: a page of 12,000 tokens with logprobs is 4 MB, with twenty alternatives each 25 MB."""

_OK = 200
_UNAVAILABLE = 503
_LOADING_POLL = 0.5
_HEALTH_SECONDS = 5.0
_WRITE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON of an answer, the attempts it took, and the seconds from the first of them."""

    data: object
    attempts: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why an attempt gave no answer, and whether another one may."""

    error: EndpointError
    again: bool
    wait: float | None = None
    loading: bool = False


class Asking:
    """The connections to one endpoint, and what is known of how it is doing."""

    def __init__(self, settings: EndpointSettings) -> None:
        self._settings = settings
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._breaker = Breaker(settings.cooldown)
        key, login = settings.api_key, settings.login
        name, _, password = login.get_secret_value().partition(":") if login else ("", "", "")
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {key.get_secret_value()}"} if key else {},
            auth=httpx.BasicAuth(name, password) if login else None,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=settings.concurrency),
            # The proxy of the environment is for other machines, not for this one.
            trust_env=not settings.loopback,
        )

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    async def ask(self, path: str, *, body: Mapping[str, Any] | None = None, seconds: float) -> Answer:
        """The answer to a GET, or to a POST where there is a body, within `seconds` for each attempt.

        Raises:
            EndpointError: there is none; its subclasses say why.
        """
        settings = self._settings
        async with self._slots:  # held between attempts too: who is told to wait should not ask more meanwhile
            if not self._breaker.admits():
                raise EndpointUnavailableError(
                    f"The {settings.name} did not answer {FAILURES} times in a row and is left alone for now.",
                    hint="`ocrkit doctor` tries it again.",
                )
            try:
                answer = await self._answer(path, body, seconds=seconds)
            except (EndpointUnavailableError, EndpointBusyError):
                self._breaker.failed()
                raise
            except EndpointError:
                self._breaker.answered()
                raise
            except BaseException:
                self._breaker.left()
                raise
            self._breaker.answered()
            return answer

    async def _answer(self, path: str, body: Mapping[str, Any] | None, *, seconds: float) -> Answer:
        settings, started = self._settings, time.monotonic()
        deadline = started + (settings.deadline or 2 * seconds)
        patience = settings.loading_timeout
        attempts = failures = 0
        while True:
            attempts += 1
            got = await self._attempt(path, body, seconds=min(seconds, max(0.0, deadline - time.monotonic())))
            if not isinstance(got, _Trouble):
                return Answer(got, attempts, time.monotonic() - started)
            if got.loading and patience > 0:
                # Its model will be there soon; that time counts neither as an attempt nor against the deadline.
                waited = await self._loaded(patience)
                patience, deadline = patience - waited, deadline + waited
                continue
            failures += 1
            wait = got.wait if got.wait is not None else backoff(settings.backoff, failures)
            late = time.monotonic() + wait >= deadline
            if not got.again or failures > settings.retries or late or self._breaker.is_open:
                raise got.error
            await asyncio.sleep(wait)

    async def _attempt(self, path: str, body: Mapping[str, Any] | None, *, seconds: float) -> object | _Trouble:
        """The JSON of the answer, or why there is none."""
        name = self._settings.name
        try:
            async with asyncio.timeout(seconds):
                status, headers, content = await self._exchange(path, body, seconds=seconds)
        except TimeoutError:
            late = EndpointUnavailableError(
                f"The {name} did not answer within {seconds:.0f} s.", hint="It may be overloaded; ask less at a time."
            )
            return _Trouble(late, again=True)
        except httpx.TransportError as failure:
            why = self._settings.without_secrets(str(failure)).rstrip(".") or type(failure).__name__
            gone = EndpointUnavailableError(
                f"The {name} cannot be reached: {why}.", hint="Is its server running? `ocrkit doctor` tries it."
            )
            return _Trouble(gone, again=True)
        if status == _OK:
            data = json_of(content, self._settings)
            status = error_in(data) or _OK
            if status == _OK:
                return data
        error = refusal(status, text_or_json(content), self._settings)
        loading = status == _UNAVAILABLE and await self._is_loading()
        return _Trouble(error, status in REPEATED, wait=retry_after(headers.get("retry-after")), loading=loading)

    async def _exchange(
        self, path: str, body: Mapping[str, Any] | None, *, seconds: float
    ) -> tuple[int, httpx.Headers, bytes]:
        timeout = httpx.Timeout(seconds, connect=self._settings.connect_timeout, write=_WRITE_SECONDS, pool=None)
        method = "GET" if body is None else "POST"
        url = f"{self._settings.url}/{path}"
        async with self._client.stream(method, url, json=body, timeout=timeout) as response:
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > MAX_ANSWER_BYTES:
                    raise EndpointAnswerError(
                        f"The {self._settings.name} answered more than {MAX_ANSWER_BYTES >> 20} MB.",
                        hint="Its URL may be that of something else.",
                    )
            return response.status_code, response.headers, bytes(content)

    async def _loaded(self, patience: float) -> float:
        """Waits until the endpoint no longer says that it is loading, or patience ends; the seconds that took."""
        started = time.monotonic()
        while (waited := time.monotonic() - started) < patience:
            await asyncio.sleep(min(_LOADING_POLL, patience - waited))
            if not await self._is_loading():
                break
        return time.monotonic() - started

    async def _is_loading(self) -> bool:
        """Whether its health page says so: llama-server gives 503 there until its model is ready."""
        try:
            response = await self._client.get(f"{self._settings.root}/health", timeout=_HEALTH_SECONDS)
        except httpx.TransportError:
            return False
        return response.status_code == _UNAVAILABLE

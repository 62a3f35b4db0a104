"""The client: asks one endpoint, with bounds on time, number and cost. May be used from any number of threads.

All requests run in one event loop, in a thread of the endpoint's own: that is what lets a caller leave a request
that it no longer wants, and what puts an end to one that trickles in for ever.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeVar

from ocrkit.errors import (
    BudgetExceededError,
    EndpointAnswerError,
    EndpointBusyError,
    EndpointError,
    EndpointRefusedError,
)
from ocrkit.inference.asking import Asking
from ocrkit.inference.health import EndpointHealth
from ocrkit.inference.loop import Loop
from ocrkit.inference.settings import EndpointKind, EndpointSettings, settings_from
from ocrkit.inference.wire import ChatRequest, ChatResponse, models_of, response_of
from ocrkit.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from types import TracebackType
    from typing import Any

Result = TypeVar("Result")

_LIST_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class _Open:
    """What exists between the first question and `close`."""

    loop: Loop
    asking: Asking


class Endpoint:
    """One model behind an OpenAI-compatible API; connects when first asked. A context manager.

    Args:
        settings: where it is, and how it may be used.
    """

    def __init__(self, settings: EndpointSettings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._open: _Open | None = None
        self._usage = Usage()
        self._calls = 0
        self._served = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def usage(self) -> Usage:
        """What all questions that were answered have cost so far."""
        return self._usage

    def chat(self, request: ChatRequest, *, cancelled: Callable[[], bool] | None = None) -> ChatResponse:
        """The model's answer.

        Args:
            request: what to ask.
            cancelled: looked at while waiting; the request is given up as soon as it says yes.

        Raises:
            EndpointUnavailableError, EndpointBusyError: there was no answer, now or to those who asked before.
            EndpointRefusedError: the endpoint does not take the request, the key or the model.
            EndpointAnswerError: it answered something that is no answer.
            BudgetExceededError: no more is to be spent.
            EndpointCancelledError: `cancelled` said yes.
        """
        self._spend()
        model = self.model(cancelled=cancelled)
        return self._result(lambda asking: self._chat(asking, request, model), cancelled)

    def model(self, *, cancelled: Callable[[], bool] | None = None) -> str:
        """The model that is asked: the one that is set, else the first that the endpoint lists.

        Raises:
            EndpointError: as `chat`.
        """
        name = self.settings.model or self._served
        if not name:
            listed = self.models(cancelled=cancelled)
            if not listed:
                what = f"The endpoint of the {self.settings.name} lists no model."
                raise EndpointAnswerError(what, hint="Name the model in its settings.")
            name = self._served = listed[0]
        return name

    def models(self, *, cancelled: Callable[[], bool] | None = None) -> tuple[str, ...]:
        """The ids of the models that the endpoint lists.

        Raises:
            EndpointError: as `chat`.
        """
        answer = self._result(lambda asking: asking.ask("models", seconds=_LIST_SECONDS), cancelled)
        return models_of(answer.data)

    def check(self) -> EndpointHealth:
        """How the endpoint stands. It is asked for one word, which tells whether it takes the key; raises nothing."""
        started = time.monotonic()
        models: tuple[str, ...] = ()
        model, reachable, hint = self.settings.model or "", False, ""
        try:
            if not model:
                models, reachable = self.models(), True
                model = self.model()
            answer = self.chat(ChatRequest("Say yes.", max_tokens=1))
            reachable, works, detail = True, True, f"{answer.model} answers."
        except EndpointError as error:
            reachable = reachable or isinstance(error, EndpointRefusedError | EndpointAnswerError | EndpointBusyError)
            works, detail, hint = False, error.message, error.hint
        return EndpointHealth(
            url=self.settings.url,
            reachable=reachable,
            works=works,
            models=models,
            model=model,
            detail=detail,
            hint=hint,
            seconds=time.monotonic() - started,
        )

    def close(self) -> None:
        """Ends what is under way and closes the connections; a later call would open new ones."""
        with self._lock:
            opened, self._open = self._open, None
        if opened is not None:
            opened.loop.close(opened.asking.close())

    def _result(
        self, work: Callable[[Asking], Coroutine[Any, Any, Result]], cancelled: Callable[[], bool] | None
    ) -> Result:
        with self._lock:
            if self._open is None:
                self._open = _Open(Loop(), Asking(self.settings))
            opened = self._open
        return opened.loop.result(work(opened.asking), cancelled)

    async def _chat(self, asking: Asking, request: ChatRequest, model: str) -> ChatResponse:
        seconds = self.settings.seconds_for(request.max_tokens)
        answer = await asking.ask("chat/completions", body=request.body(model), seconds=seconds)
        response = response_of(answer.data, model=model, attempts=answer.attempts, seconds=answer.seconds)
        with self._lock:
            self._usage += response.usage
        return response

    def _spend(self) -> None:
        """Takes one question from the budget.

        Raises:
            BudgetExceededError: it is used up.
        """
        settings = self.settings
        with self._lock:
            calls, tokens = settings.max_calls, settings.max_total_tokens
            if calls is not None and self._calls >= calls:
                used = f"{calls} questions"
            elif tokens is not None and self._usage.tokens >= tokens:
                used = f"{self._usage.tokens} of {tokens} tokens"
            else:
                self._calls += 1
                return
        raise BudgetExceededError(f"The budget of the {settings.name} is used up: {used}.", hint="Raise it, or wait.")


def endpoint_from(kind: EndpointKind, *, environ: Mapping[str, str] = os.environ, **chosen: object) -> Endpoint:
    """The endpoint that `settings_from` finds: what is `chosen` here before the variables.

    Raises:
        EndpointNotConfiguredError: there is no URL.
        OptionError: a setting does not exist or has a bad value.
    """
    return Endpoint(settings_from(kind, environ=environ, **chosen))

"""Watching the server: an id for every request, a line in the log, counts and times, and spans for a tracer.

What was asked is nowhere in them: neither the parameters of a request nor its body, and of its address only the
route.
"""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from asgi_correlation_id import CorrelationIdMiddleware, correlation_id
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.door import entry_of
from api.http.limits import still_wanted
from api.http.metrics import Metrics
from api.http.tracing import Tracing
from search.stages import Stage, watched_by

ACCESS = "dateline.access"
REQUEST_ID = "X-Request-ID"
_LOG = logging.getLogger(ACCESS)
_ID = re.compile(r"[A-Za-z0-9._~+/=-]{1,128}", re.ASCII)
_NO_ROUTE = "none"
_METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "OPTIONS"})
_ANY_OTHER = "other"
_PROBLEMS: ContextVar[list[str] | None] = ContextVar("dateline_problems", default=None)


def note_problem(kind: str) -> None:
    """Note of which kind the problem is that the request gets for an answer."""
    noted = _PROBLEMS.get()
    if noted is not None:
        noted.append(kind)


def request_id() -> str | None:
    """The id of the request that this code runs for; None where there is none."""
    return correlation_id.get()


def named_requests(app: ASGIApp) -> ASGIApp:
    """Give every request the id that it brings, or one of its own when it brings none that is fit to be logged."""
    return CorrelationIdMiddleware(app, header_name=REQUEST_ID, validator=None, transformer=_fit)


def _fit(given: str) -> str:
    return given if _ID.fullmatch(given) else uuid4().hex


class Watch:
    """Hears of the stages of a request's questions: a `Watcher`."""

    def __init__(self, metrics: Metrics, tracing: Tracing | None) -> None:
        self._metrics = metrics
        self._tracing = tracing

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        """Time a stage, as a span too."""
        self.step()
        with ExitStack() as stack:
            if self._tracing:
                stack.enter_context(self._tracing.stage(stage.value))
            stack.enter_context(self._metrics.timing(stage.value))
            yield

    def step(self) -> None:
        """End a trip whose answer nobody waits for any more.

        Raises:
            TooSlowError: If nobody does.
        """
        still_wanted()

    def verified(self, status: str, number: int) -> None:
        """Count citations by outcome."""
        self._metrics.citations.labels(str(status)).inc(number)


class Observation:
    """Counts, times, logs and traces every request (ASGI middleware)."""

    def __init__(self, app: ASGIApp, metrics: Metrics, tracing: Tracing | None = None) -> None:
        self._app = app
        self._metrics = metrics
        self._tracing = tracing
        self._watch = Watch(metrics, tracing)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, begun = 500, time.perf_counter()
        problems: list[str] = []

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with ExitStack() as stack:
            stack.callback(_PROBLEMS.reset, _PROBLEMS.set(problems))
            stack.enter_context(self._metrics.in_progress.track_inprogress())
            stack.enter_context(watched_by(self._watch))
            if self._tracing:
                stack.enter_context(self._tracing.continuing(Headers(scope=scope)))
            try:
                await self._app(scope, receive, send_noting)
            finally:
                self._note(scope, status, time.perf_counter() - begun, problems)

    def _note(self, scope: Scope, status: int, seconds: float, problems: list[str]) -> None:
        method = scope["method"] if scope["method"] in _METHODS else _ANY_OTHER
        route = _route_of(scope)
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.request_seconds.labels(route).observe(seconds)
        told: dict[str, Any] = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1_000, 1),
        }
        if problems:
            told["problem"] = problems[-1]
            self._metrics.problems.labels(problems[-1]).inc()
        if key := _key_of(scope):
            told["key"] = key
        _LOG.info("%s %s %s in %s ms", method, route, status, told["ms"], extra=told)


def _key_of(scope: Scope) -> str | None:
    """Name of the key that a request came with; None if it came without."""
    try:
        key = entry_of(scope).key
    except RuntimeError:  # it was refused at the door
        return None
    return key.name if key else None


def _route_of(scope: Scope) -> str:
    """The address as the application declares it, without what a request put in."""
    route = scope.get("route")
    path: str | None = getattr(route, "path", None)
    return path or _NO_ROUTE

"""Watching the server: an id for every request, a line in the log, counts and times, and spans for a tracer.

Logs are lines for people, or JSON for machines. Spans (extra `otel`) are after OpenTelemetry's conventions for
retrieval, and are sent where its standard variables say (`OTEL_EXPORTER_OTLP_ENDPOINT` and others). What was
asked is nowhere in any of them: neither the parameters of a request nor its body, and of its address only the
route.
"""

import logging
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from asgi_correlation_id import CorrelationIdMiddleware, correlation_id
from pythonjsonlogger.core import RESERVED_ATTRS
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.door import entry_of
from api.http.limits import still_wanted
from api.http.metrics import Metrics
from search.errors import SettingsError
from search.stages import Stage, watched_by

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_PLAIN = {"class": "api.http.observation.Lines", "format": "%(levelname)s: %(message)s"}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_JSON = {
    "()": "pythonjsonlogger.json.JsonFormatter",
    "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s %(correlation_id)s",
    "rename_fields": {
        "asctime": "time",
        "levelname": "level",
        "name": "logger",
        "correlation_id": "request_id",
    },
    "datefmt": "%Y-%m-%dT%H:%M:%S%z",
    "reserved_attrs": [*RESERVED_ATTRS, "color_message"],  # uvicorn says it all twice
}

_NAME = "dateline"
_OPERATION = "retrieval"
ACCESS = "dateline.access"
REQUEST_ID = "X-Request-ID"
_LOG = logging.getLogger(ACCESS)
_ID = re.compile(r"[A-Za-z0-9._~+/=-]{1,128}", re.ASCII)
_NO_ROUTE = "none"
_METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "OPTIONS"})
_ANY_OTHER = "other"
_PROBLEMS: ContextVar[list[str] | None] = ContextVar("dateline_problems", default=None)


class Lines(logging.Formatter):
    """Writes a message on one line: what others chose begins no line of its own, and moves no cursor."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name of what it extends
        """Write the line of a record, without what caused it."""
        return _visible(super().formatMessage(record).strip("\n")).replace("\n", "\\n")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name of what it extends
        """Write what caused it, on lines of its own."""
        return _visible(super().formatException(ei))


def _visible(text: str) -> str:
    """Show control characters, but for line breaks and tabs, as escapes."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def logging_of(form: Literal["plain", "json"] = "plain", *, access: bool = False) -> dict[str, Any]:
    """Make the configuration for `logging.config.dictConfig`.

    Args:
        form: How each record is written to standard error.
        access: Whether a record is written for every request.
    """

    def told(level: str) -> dict[str, Any]:
        return {"handlers": ["stderr"], "level": level, "propagate": False}

    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": _JSON if form == "json" else _PLAIN},
        "filters": {"request": {"()": "asgi_correlation_id.CorrelationIdFilter"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "chosen",
                "filters": ["request"],
                "stream": "ext://sys.stderr",
            }
        },
        "loggers": {
            "uvicorn": told("INFO"),
            "api": told("INFO"),
            "search": told("WARNING"),
            ACCESS: told("INFO" if access else "WARNING"),
        },
    }


class Tracing:
    """Makes spans."""

    def __init__(self, provider: "TracerProvider | None" = None) -> None:
        """Make spans with a provider, or with one that exports them over OTLP.

        Raises:
            SettingsError: If the packages that it takes are not installed.
        """
        try:
            from opentelemetry import context, propagate, trace
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ModuleNotFoundError as error:
            raise SettingsError(
                "The packages of OpenTelemetry are not installed.", "Run: pip install 'dateline[otel]'"
            ) from error
        if provider is None:
            provider = TracerProvider(resource=Resource.create({"service.name": _NAME}))
            provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._provider = provider
        self._tracer = provider.get_tracer(_NAME)
        self._context = context
        self._extract = propagate.extract
        self._kind = trace.SpanKind.INTERNAL

    @contextmanager
    def continuing(self, headers: Mapping[str, str]) -> Iterator[None]:
        """Let spans belong to the trace that a request names."""
        token = self._context.attach(self._extract(headers))
        try:
            yield
        finally:
            self._context.detach(token)

    def stage(self, name: str) -> AbstractContextManager[Any]:
        """Make the span of a stage."""
        return self._tracer.start_as_current_span(f"{_NAME}.{name}", kind=self._kind)

    def retrieval(self, archive_id: str, model: str, k: int, kind: str) -> AbstractContextManager[Any]:
        """Make the span of a question.

        Args:
            archive_id: What it is put to.
            model: Name of the embedding model.
            k: How many results are wanted at most.
            kind: `ask`, `search` or `timeline`.
        """
        attributes: dict[str, str | int] = {
            "gen_ai.operation.name": _OPERATION,
            "gen_ai.provider.name": _NAME,
            "gen_ai.data_source.id": archive_id,
            "gen_ai.request.model": model,
            "gen_ai.request.top_k": k,
            "dateline.kind": kind,
        }
        return self._tracer.start_as_current_span(
            f"{_OPERATION} {archive_id}", kind=self._kind, attributes=attributes
        )

    def close(self) -> None:
        """Send what was not sent yet."""
        self._provider.shutdown()


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

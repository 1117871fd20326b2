"""Spans for OpenTelemetry (extra `otel`), after its conventions for retrieval; no question is in them.

Where they are sent is told by the standard variables (`OTEL_EXPORTER_OTLP_ENDPOINT` and others).
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from search.errors import SettingsError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_NAME = "dateline"
_OPERATION = "retrieval"


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

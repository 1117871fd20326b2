"""What the server counts and times, for Prometheus.

Where the variable PROMETHEUS_MULTIPROC_DIR names a folder, all processes of a server count into it, and each of
them tells the sum. What the archive holds is looked up when it is asked for.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from api.writing.writer import Ending, Written
from search.asking.results import Answer
from search.errors import DatelineError

if TYPE_CHECKING:
    from api.http.engine_room import EngineRoom
    from search.archive.records import Facts

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SHARED = "PROMETHEUS_MULTIPROC_DIR"
MOST_SOURCES = 200
_KEPT = "kept"
_WRITING_SECONDS = (0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0)
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counts and times what a server does."""

    def __init__(self) -> None:
        # Else each would have another line, of when it was begun, which nobody reads.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        labels: dict[str, Any] = {"registry": self._registry, "namespace": "dateline"}
        self.requests = Counter(
            "http_requests", "Requests by method, route and status.", ["method", "route", "status"], **labels
        )
        self.request_seconds = Histogram(
            "http_request_seconds", "Time until a response is sent.", ["route"], buckets=_SECONDS, **labels
        )
        self.in_progress = Gauge(
            "http_requests_in_progress", "Requests being answered.", multiprocess_mode="livesum", **labels
        )
        self.problems = Counter(
            "http_problems", "Problems sent, by the last part of their type.", ["type"], **labels
        )
        self.stage_seconds = Histogram(
            "stage_seconds", "Time that a stage of a question took.", ["stage"], buckets=_SECONDS, **labels
        )
        self.answers = Counter("answers", "Answers to questions by tier.", ["tier"], **labels)
        self.refusals = Counter("refusals", "Questions that were not answered, by reason.", ["reason"], **labels)
        self.citations = Counter(
            "citations_verified",
            "Citations by the outcome of their verification; all but exact and normalised were dropped.",
            ["status"],
            **labels,
        )
        self.written = Counter(
            "written_answers", "Wishes for a written answer, by what came of them.", ["ending"], **labels
        )
        self.written_seconds = Histogram(
            "written_seconds", "Time until a model had written.", buckets=_WRITING_SECONDS, **labels
        )
        self.sentences = Counter(
            "written_sentences",
            "Sentences that a model wrote: `kept`, or dropped by the rule that they broke.",
            ["outcome"],
            **labels,
        )

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Time a stage."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.stage_seconds.labels(stage).observe(time.perf_counter() - begun)

    def count_answer(self, answer: Answer) -> None:
        """Count an answer, or those of its parts."""
        for part in answer.parts or (answer,):
            self.answers.labels(part.tier.value).inc()
            if reason := refusal_of(part):
                self.refusals.labels(reason).inc()

    def count_written(self, written: Written, seconds: float) -> None:
        """Count what came of a wish for a written answer, and how long it took where a model was asked."""
        self.written.labels(written.ending.value).inc()
        if written.ending in {Ending.NO_MODEL, Ending.NOTHING_TO_WORD}:
            return
        self.written_seconds.observe(seconds)
        self.sentences.labels(_KEPT).inc(len(written.sentences))
        for rule, number in written.dropped.items():
            self.sentences.labels(rule.value).inc(number)

    def write(self, room: "EngineRoom") -> bytes:
        """Write all of it, and what the archive holds, in Prometheus' text format."""
        registry = self._registry
        if os.environ.get(SHARED):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        held = CollectorRegistry()
        held.register(_Held(room))
        return generate_latest(registry) + generate_latest(held)


def made_for_workers(folder: Path) -> Path:
    """Make a folder in which the processes of a server count together."""
    counted = folder / "metrics"
    counted.mkdir()
    return counted


def forget_the_dead() -> None:
    """Let what processes that are gone were doing count no more, where several count together."""
    folder = os.environ.get(SHARED)
    for file in Path(folder).glob("gauge_live*_*.db") if folder else ():
        process = file.stem.rpartition("_")[2]
        if not Path("/proc", process).exists() and Path("/proc").is_dir():
            mark_process_dead(int(process))  # type: ignore[no-untyped-call]


def refusal_of(answer: Answer) -> str:
    """Name why a question was not answered, in a word of a few that are always the same; empty if it was."""
    if not answer.reason:
        return ""
    if not answer.searched.articles and answer.nearest is None:
        return "empty_archive"
    if not answer.reading.can_be_understood:
        return "not_understood"
    if answer.nearest is None:
        return "nothing_passes"
    return "improbable" if answer.probability else "near_miss"


class _Held(Collector):
    """What the archive holds, looked up when it is asked for."""

    def __init__(self, room: "EngineRoom") -> None:
        self._room = room

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Look it up; an archive that cannot be read has no figures but that it cannot."""
        try:
            with self._room.archive() as archive, archive.stored() as snapshot:
                number, facts = snapshot.number, snapshot.facts
        except DatelineError:
            yield _gauge("archive_readable", "Whether the archive can be read.", 0)
            return
        yield _gauge("archive_readable", "Whether the archive can be read.", 1)
        yield _gauge("archive_snapshot", "Number of the last committed change.", number)
        yield _gauge("archive_articles", "Articles that can be found.", facts.articles)
        yield _gauge("archive_passages", "Passages that can be found.", facts.passages)
        if facts.last_published is not None:
            told = "Beginning of the last day on which an article was published."
            yield _gauge("archive_last_published_seconds", told, _seconds(facts.last_published))
        latest = GaugeMetricFamily(
            "dateline_source_last_published_seconds",
            f"The same by source, the {MOST_SOURCES} most frequent.",
            labels=["source"],
        )
        for source, day in latest_by_source(facts).items():
            latest.add_metric([source], _seconds(day))
        yield latest


def latest_by_source(facts: "Facts") -> Mapping[str, date]:
    """Find the last day on which each of the most frequent sources published."""
    kept = set(list(facts.sources)[:MOST_SOURCES])
    latest: dict[str, date] = {}
    for source, day in facts.days:
        if source in kept:
            latest[source] = max(day, latest.get(source, day))
    return latest


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"dateline_{name}", told, value=value)


def _seconds(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()

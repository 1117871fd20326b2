"""The server can be seen from outside: ids, log, metrics and spans, with nothing of what was asked in them."""

import json
import logging
import logging.config
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families

from api.http import HttpSettings, create_app
from api.http.metrics import Metrics, latest_by_source
from api.http.observation import ACCESS, Lines, Tracing, logging_of
from search.archive import LocalArchive
from tests.api.http.assertions import assert_problem
from tests.fakes import HashEmbedder

QUESTION = {"q": "When will missiles be used in Ruritania?"}
SAID = "Ruritania"


@pytest.fixture
def own(settings: HttpSettings) -> Iterator[TestClient]:
    """A server of its own, which has counted nothing yet."""
    with TestClient(create_app(settings, HashEmbedder()), raise_server_exceptions=False) as client:
        yield client


def figures(client: TestClient) -> dict[str, float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in families
        for sample in family.samples
    }


def test_a_request_keeps_its_id_or_gets_one(own: TestClient) -> None:
    assert own.get("/livez", headers={"X-Request-ID": "desk-17/a"}).headers["x-request-id"] == "desk-17/a"
    given = own.get("/livez").headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", given)
    assert own.get("/livez").headers["x-request-id"] != given


@pytest.mark.parametrize("hostile", ["a b", "x" * 129, 'a"b', "é", "a\tb", "<script>"])
def test_an_id_that_is_not_fit_for_a_log_is_replaced(own: TestClient, hostile: str) -> None:
    response = own.get("/livez", headers={"X-Request-ID": hostile.encode("latin-1")})
    assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])


def test_a_problem_tells_the_id_of_its_request(own: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = own.get("/v1/ask", params={"k": 0}, headers={"X-Request-ID": "seventeen"})
    assert assert_problem(refused, 422, "invalid-request")["request_id"] == "seventeen"
    monkeypatch.setattr("api.http.routes.answer_to", lambda *_: 1 / 0)
    failed = own.get("/v1/ask", params=QUESTION, headers={"X-Request-ID": "eighteen"})
    assert assert_problem(failed, 500)["request_id"] == "eighteen"
    assert failed.headers.get_list("x-request-id") == ["eighteen"]


def test_the_log_tells_the_route_of_a_request_and_not_what_was_asked(
    own: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, ACCESS):
        own.get("/v1/ask", params=QUESTION)
        own.post("/v1/ask", json={**QUESTION, "k": 0})
        own.get(f"/v1/articles/{SAID}")
        own.get(f"/{SAID}")
        own.request("RURITANIA", "/livez")
    told = [(record.method, record.route, record.status) for record in caplog.records]  # type: ignore[attr-defined]
    assert told == [
        ("GET", "/v1/ask", 200),
        ("POST", "/v1/ask", 422),
        ("GET", "/v1/articles/{id:path}", 404),
        ("GET", "none", 404),
        ("other", "/livez", 405),
    ]
    assert caplog.records[1].problem == "invalid-request"  # type: ignore[attr-defined]
    assert SAID.lower() not in caplog.text.lower()


def test_the_log_can_be_json(capfd: pytest.CaptureFixture[str], own: TestClient) -> None:
    loggers = [logging.getLogger(name) for name in logging_of()["loggers"]]
    before = [(logger, logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    try:
        logging.config.dictConfig(logging_of("json", access=True))
        own.get("/v1/ask", params=QUESTION, headers={"X-Request-ID": "nineteen"})
        logging.getLogger("api").warning('two\nlines "quoted"')
    finally:
        for logger, handlers, level, propagate in before:
            logger.handlers[:], logger.propagate = handlers, propagate
            logger.setLevel(level)
    asked, other = (json.loads(line) for line in capfd.readouterr().err.splitlines())
    assert (asked["logger"], asked["route"], asked["status"]) == (ACCESS, "/v1/ask", 200)
    assert (asked["level"], asked["request_id"]) == ("INFO", "nineteen")
    assert other["message"] == 'two\nlines "quoted"'


def test_requests_stages_answers_and_refusals_are_counted(own: TestClient) -> None:
    own.get("/v1/ask", params={"q": "When will missiles be used?"})
    own.get("/v1/ask", params={"q": "Who is he?"})
    own.get("/v1/ask", params={"q": "Who won?", "k": 0})
    own.get("/v1/search", params=QUESTION)
    counted = figures(own)
    assert counted["dateline_http_requests_total['/v1/ask', '200', 'GET']"] == 2
    assert counted["dateline_http_requests_total['/v1/ask', '422', 'GET']"] == 1
    assert counted["dateline_http_problems_total['invalid-request']"] == 1
    for stage in ("embed", "dense", "lexical", "read", "cite"):
        assert counted[f"dateline_stage_seconds_count['{stage}']"] >= 1, stage
    assert counted["dateline_answers_total['not_found']"] >= 1
    assert counted["dateline_refusals_total['not_understood']"] == 1
    assert counted["dateline_citations_verified_total['exact']"] > 0
    assert counted["dateline_http_requests_in_progress[]"] == 1  # this one
    assert SAID.lower() not in own.get("/metrics").text.lower()


def test_the_age_of_the_archive_and_of_each_source_is_told(own: TestClient, settings: HttpSettings) -> None:
    told = figures(own)
    with LocalArchive.open(settings.index) as archive, archive.stored() as snapshot:
        facts, number = snapshot.facts, snapshot.number
    assert told["dateline_archive_readable[]"] == 1
    assert told["dateline_archive_snapshot[]"] == number
    assert told["dateline_archive_articles[]"] == facts.articles
    days = latest_by_source(facts)
    assert days
    for source, day in days.items():
        assert date.fromtimestamp(told[f"dateline_source_last_published_seconds['{source}']"]) == day  # noqa: DTZ012
    assert max(days.values()) <= facts.last_published  # type: ignore[operator]


def test_an_archive_that_is_not_there_is_told_and_nothing_else_of_it(settings: HttpSettings) -> None:
    empty = settings.model_copy(update={"index": settings.index / "nothing"})
    with TestClient(create_app(empty, HashEmbedder())) as client:
        told = figures(client)
    assert told["dateline_archive_readable[]"] == 0
    assert not any("published" in name for name in told)


@pytest.mark.long
def test_processes_of_one_server_are_counted_together(tmp_path: Path) -> None:
    program = (
        "from api.http.metrics import Metrics\n"
        "import sys\n"
        "metrics = Metrics()\n"
        "metrics.answers.labels('answer').inc(int(sys.argv[1]))\n"
        "from types import SimpleNamespace\n"
        "from search.errors import ArchiveMissingError\n"
        "def missing(): raise ArchiveMissingError('none')\n"
        "print(metrics.write(SimpleNamespace(archive=missing)).decode())\n"
    )
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for number in ("2", "3"):
        done = subprocess.run(
            [sys.executable, "-c", program, number], env=environment, capture_output=True, text=True, check=True
        )
    assert 'dateline_answers_total{tier="answer"} 5.0' in done.stdout
    assert "dateline_archive_readable 0.0" in done.stdout


@pytest.fixture
def traced(settings: HttpSettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list]]:  # type: ignore[type-arg]
    """Ask a server that traces, and give the spans that it made."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr("api.http.app.Tracing", lambda: Tracing(provider))
    traced = settings.model_copy(update={"http_tracing": True})
    with TestClient(create_app(traced, HashEmbedder())) as client:

        def spans() -> list:  # type: ignore[type-arg]
            parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            client.get("/v1/ask", params={**QUESTION, "k": 2}, headers={"traceparent": parent})
            return list(exporter.get_finished_spans())

        yield spans


def test_a_question_is_a_span_of_retrieval_in_the_trace_of_who_asks(
    traced: Callable[[], list],  # type: ignore[type-arg]
) -> None:
    spans = {span.name: span for span in traced()}
    (whole,) = (span for name, span in spans.items() if name.startswith("retrieval "))
    assert whole.attributes["gen_ai.operation.name"] == "retrieval"
    assert whole.attributes["gen_ai.request.top_k"] == 2
    assert whole.name == f"retrieval {whole.attributes['gen_ai.data_source.id']}"
    assert f"{whole.context.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"
    assert f"{whole.parent.span_id:016x}" == "b7ad6b7169203331"
    assert spans["dateline.read"].parent.span_id == whole.context.span_id
    assert SAID not in "".join(span.to_json() for span in spans.values())


def test_metrics_of_two_servers_in_one_process_are_apart() -> None:
    one, other = Metrics(), Metrics()
    one.answers.labels("answer").inc()
    counted = [sum(sample.value for sample in of.answers.collect()[0].samples) for of in (one, other)]
    assert counted == [1, 0]


def test_what_others_chose_begins_no_line_of_the_log_and_moves_no_cursor() -> None:
    (config,) = logging_of()["formatters"].values()
    formatter = Lines(config["format"])
    cause = (ValueError, ValueError("of\x1b[2Jit\rINFO: forged"), None)
    record = logging.LogRecord(
        "api", logging.WARNING, "", 0, "of %s\n", ("news\nINFO: forged\x1b[2J\u2028é\tok",), cause
    )
    first, *rest = formatter.format(record).split("\n")
    assert first == "WARNING: of news\\nINFO: forged\\x1b[2J\\u2028é\tok"
    assert not any(character in line for line in rest for character in "\x1b\r")

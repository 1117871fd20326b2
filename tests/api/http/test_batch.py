"""Many questions are answered line by line, each as if it had been asked alone."""

import json
from typing import Any

from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from tests.api.http.assertions import assert_problem
from tests.fakes import HashEmbedder

PATH = "/v1/batch/ask"
LINES = {"Content-Type": "application/x-ndjson"}


def lines(response: Any) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in response.text.splitlines()]


def test_each_question_is_answered_as_if_it_had_been_asked_alone(client: TestClient) -> None:
    questions = [
        {"q": "When will missiles be used?", "k": 1},
        {"q": "Who painted the lighthouse?", "language": ["en"]},
    ]
    answered = lines(client.post(PATH, json=questions))
    assert [line["index"] for line in answered] == [0, 1]
    for question, line in zip(questions, answered, strict=True):
        assert line["answer"] == client.post("/v1/ask", json=question).json()
        assert line["problem"] is None


def test_a_question_that_is_refused_keeps_no_other_from_being_answered(client: TestClient) -> None:
    sent = ['{"q": "Missiles?", "k": 0}', "", '{"q": ', "[1]", '{"q": " "}']
    body = "\n".join([*sent, '{"q": "Missiles?", "sorce": "x"}', '{"q": "Missiles?"}'])
    answered = lines(client.post(PATH, content=body, headers=LINES))
    assert [line["index"] for line in answered] == list(range(6))
    assert [(line["problem"] or {}).get("status") for line in answered] == [422, 422, 422, 422, 422, None]
    named = [error["name"] for line in (answered[0], answered[4]) for error in line["problem"]["errors"]]
    assert named == ["k", "sorce"]
    assert answered[0]["problem"]["instance"] == f"{PATH}#0"
    assert answered[-1]["answer"]["question"] == "Missiles?"


def test_a_body_that_brings_no_question_or_too_many_is_refused(settings: HttpSettings) -> None:
    few = settings.model_copy(update={"http_max_questions": 2})
    with TestClient(create_app(few, HashEmbedder())) as client:
        assert_problem(client.post(PATH, json=[]), 422, "invalid-request")
        assert_problem(client.post(PATH, json={"q": "Missiles?"}), 422, "invalid-request")
        assert_problem(client.post(PATH, content="Missiles?"), 415)
        many = assert_problem(client.post(PATH, json=[{"q": "Missiles?"}] * 3), 413)
        assert "DATELINE_HTTP_MAX_QUESTIONS" in many["detail"]


def test_what_keeps_all_from_being_answered_is_told_with_a_status(settings: HttpSettings) -> None:
    empty = settings.model_copy(update={"index": settings.index / "nothing"})
    with TestClient(create_app(empty, HashEmbedder())) as client:
        assert_problem(client.post(PATH, json=[{"q": "Missiles?"}]), 503, "archive-missing")


def test_lines_come_one_by_one_compressed_too(client: TestClient) -> None:
    for coding in ("identity", "gzip"):
        with client.stream(
            "POST", PATH, json=[{"q": "Missiles?"}] * 3, headers={"Accept-Encoding": coding}
        ) as response:
            assert response.headers.get("content-encoding", "identity") == coding
            assert [json.loads(line)["index"] for line in response.iter_lines()] == [0, 1, 2]

"""Written answers over HTTP: events, the quotes first, and what the check leaves of the model's words."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api.http import HttpSettings, create_app
from tests.api.http.conftest import LEAST_CLOSENESS
from tests.api.writing.endpoint import Endpoint, Reply, endpoint, streamed, written
from tests.fakes import HashEmbedder

QUESTION = "When will missiles be used?"


@pytest.fixture(scope="module")
def served() -> Iterator[Endpoint]:
    with endpoint() as served:
        yield served


@pytest.fixture(scope="module")
def writing(folder: Path, served: Endpoint) -> Iterator[TestClient]:
    """A server that has a model to write with."""
    settings = HttpSettings.load(
        index=folder, least_closeness=LEAST_CLOSENESS, writer_url=served.address, writer_model="small"
    )
    with TestClient(create_app(settings, HashEmbedder())) as client:
        yield client


def events_of(text: str) -> list[tuple[str, Any]]:
    found = []
    for event in text.strip().split("\n\n"):
        name, data = event.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_quotes_come_first_then_what_they_bear_out_and_the_whole(writing: TestClient, served: Endpoint) -> None:
    answer = writing.get("/v1/ask", params={"q": QUESTION}).json()
    quote = answer["citations"][0]["quote"]
    good = quote.rstrip(".").replace('"', "") + "."
    served.reply = lambda _: Reply(streamed(written((good, [1]), ("Mars won 7 cups.", [1]))))
    for response in (
        writing.get("/v1/written", params={"q": QUESTION}),
        writing.post("/v1/written", json={"q": QUESTION}),
    ):
        assert response.headers["Content-Type"].startswith("text/event-stream")
        (first, told), *sentences, (last, whole) = events_of(response.text)
        assert (first, last) == ("answer", "written")
        assert told == answer
        assert sentences == [("sentence", one) for one in whole["sentences"]]
        assert whole["model"] == "small"
        assert "Mars" not in json.dumps(whole)
        assert sum(whole["dropped"].values()) + len(whole["sentences"]) == 2


def test_where_nothing_is_found_no_model_is_asked(writing: TestClient, served: Endpoint) -> None:
    served.asked.clear()
    response = writing.get("/v1/written", params={"q": "Which tulips bloom on the moons of Saturn?"})
    (_, answer), (_, whole) = events_of(response.text)
    assert answer["tier"] == "not_found"
    assert whole["sentences"] == []
    assert whole["reason"]
    assert served.asked == []


def test_without_a_model_the_quotes_stand_alone(client: TestClient) -> None:
    (_, answer), (name, whole) = events_of(client.get("/v1/written", params={"q": QUESTION}).text)
    assert answer["found"]
    assert (name, whole["sentences"]) == ("written", [])
    assert "No model" in whole["reason"]


def test_what_came_of_it_is_counted(writing: TestClient, served: Endpoint) -> None:
    def counted() -> dict[str, float]:
        families = text_string_to_metric_families(writing.get("/metrics").text)
        samples = (sample for family in families for sample in family.samples)
        return {"".join([one.name, *one.labels.values()]): one.value for one in samples if "le" not in one.labels}

    before = counted()
    served.reply = lambda _: Reply(streamed(written(("Mars won 7 cups.", [1]), ("Mars won 8 cups.", [9]))))
    writing.get("/v1/written", params={"q": QUESTION})
    served.reply = lambda _: Reply([], status=503)
    writing.get("/v1/written", params={"q": QUESTION})
    writing.get("/v1/written", params={"q": "Which tulips bloom on the moons of Saturn?"})
    more = {name: value - before.get(name, 0) for name, value in counted().items()}
    endings = {name.removeprefix("dateline_written_answers_total"): value for name, value in more.items()}
    assert {"unsupported": 1, "malformed": 1, "nothing_to_word": 1}.items() <= endings.items()
    assert more["dateline_written_seconds_count"] == 2
    assert more["dateline_written_sentences_totalcitation"] == 1
    assert more["dateline_answers_totalnot_found"] == 1


def test_what_is_wrong_is_a_problem_before_anything_is_told(client: TestClient) -> None:
    response = client.get("/v1/written", params={"q": QUESTION, "explain": True})
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"

"""However slow a request is, it is answered in time, and its thread ends at its next step."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from api.http.door import OPEN, needs
from api.http.limits import TooSlowError, still_wanted
from tests.api.http.assertions import assert_problem
from tests.fakes import HashEmbedder

PATIENCE = 30


class Slow:
    """An endpoint that takes as long as it is told to."""

    def __init__(self, settings: HttpSettings) -> None:
        self.begun, self.go_on, self.ended = threading.Semaphore(0), threading.Event(), threading.Semaphore(0)
        self.given_up: list[bool] = []
        self.app = create_app(settings, HashEmbedder())

        @needs(OPEN)
        def answer() -> str:
            return self._answer()

        self.app.add_api_route("/slow", answer)
        self.app.add_api_route("/v1/articles/slow/one", answer, methods=["POST"])

    def _answer(self) -> str:
        self.begun.release()
        assert self.go_on.wait(PATIENCE)
        try:
            still_wanted()
            self.given_up.append(False)
        except TooSlowError:
            self.given_up.append(True)
        self.ended.release()
        return "done"


_PATIENCE_SECONDS = 15


@pytest.fixture
def threads() -> Iterator[None]:
    """No thread is left over."""
    before = threading.active_count()
    yield
    until = time.monotonic() + _PATIENCE_SECONDS
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.05)  # one that was told to end may need a moment
    assert threading.active_count() <= before


def limited(settings: HttpSettings, **limits: float) -> Slow:
    return Slow(settings.model_copy(update=limits))


def test_a_request_that_takes_too_long_is_answered_and_its_thread_told(
    settings: HttpSettings, threads: None
) -> None:
    slow = limited(settings, http_max_seconds=0.2)
    with TestClient(slow.app) as client:
        problem = assert_problem(client.get("/slow"), 504, "too-slow")
        assert "DATELINE_HTTP_MAX_SECONDS" in problem["remedy"]
        slow.go_on.set()
        assert slow.ended.acquire(timeout=PATIENCE)
        assert client.get("/slow").json() == "done"
    assert slow.given_up == [True, False]


def test_a_request_that_changes_the_archive_has_a_time_of_its_own(settings: HttpSettings) -> None:
    slow = limited(settings, http_max_seconds=PATIENCE, http_max_write_seconds=0.2)
    with TestClient(slow.app) as client:
        problem = assert_problem(client.post("/v1/articles/slow/one"), 504, "too-slow")
        assert "done all the same" in problem["detail"]
        slow.go_on.set()
        assert slow.ended.acquire(timeout=PATIENCE)


def test_more_requests_than_there_are_places_are_turned_away_but_health_is_told(settings: HttpSettings) -> None:
    slow = limited(settings, http_max_requests=2)
    with TestClient(slow.app) as client, ThreadPoolExecutor(2) as pool:
        busy = [pool.submit(client.get, "/slow") for _ in range(2)]
        assert all(slow.begun.acquire(timeout=PATIENCE) for _ in busy)
        refused = client.get("/v1/ask", params={"q": "missiles"})
        assert_problem(refused, 503, "too-busy")
        assert refused.headers["retry-after"] == "2"
        assert client.get("/livez").status_code == 200
        slow.go_on.set()
        assert [response.result(PATIENCE).status_code for response in busy] == [200, 200]
        assert client.get("/v1/ask", params={"q": "missiles"}).status_code == 200


def test_who_asks_for_what_is_not_there_is_told_that_everything_is_busy(settings: HttpSettings) -> None:
    slow = limited(settings, http_max_requests=1)
    with TestClient(slow.app) as client, ThreadPoolExecutor(1) as pool:
        busy = pool.submit(client.get, "/slow")
        assert slow.begun.acquire(timeout=PATIENCE)
        assert_problem(client.get("/nowhere"), 503, "too-busy")
        slow.go_on.set()
        assert busy.result(PATIENCE).status_code == 200
        assert client.get("/nowhere").status_code == 404


def test_the_place_of_a_request_that_was_given_up_is_taken_until_its_thread_ends(settings: HttpSettings) -> None:
    slow = limited(settings, http_max_seconds=0.2, http_max_requests=1)
    with TestClient(slow.app) as client:
        assert_problem(client.get("/slow"), 504, "too-slow")
        assert_problem(client.get("/slow"), 503, "too-busy")
        slow.go_on.set()
        assert slow.ended.acquire(timeout=PATIENCE)
        responses = (client.get("/slow").status_code for _ in range(1_000))
        assert next(status for status in responses if status != 503) == 200


def test_what_the_archive_is_asked_is_not_counted_among_its_changes(settings: HttpSettings) -> None:
    slow = limited(settings, http_max_writes=1, writable=True)
    with TestClient(slow.app) as client, ThreadPoolExecutor(1) as pool:
        busy = pool.submit(client.post, "/v1/articles/slow/one")
        assert slow.begun.acquire(timeout=PATIENCE)
        assert_problem(client.delete("/v1/articles/missiles"), 503, "too-busy")
        assert client.get("/v1/articles/missiles").status_code == 200
        slow.go_on.set()
        assert busy.result(PATIENCE).status_code == 200


def test_outside_a_request_everything_is_wanted() -> None:
    still_wanted()

"""Requests have places, and a time for each part of them; clients that dawdle keep nobody's place."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
import uvicorn
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from api.http.admission import HeadTimed, Places
from api.http.door import OPEN, needs
from api.http.limits import TooBusyError, TooSlowError, still_wanted
from tests.api.http.assertions import assert_problem
from tests.fakes import HashEmbedder

PATIENCE = 30
HEAD_SECONDS = 2.0
_BLOCK = b"x" * 65_536
_BLOCKS = 300  # more than a system keeps for who does not read


@pytest.fixture(scope="module")
def server(settings: HttpSettings) -> Iterator[uvicorn.Server]:
    """A server that is as impatient as a test must be, with one place, and an endpoint that sends much."""
    app = create_app(settings.model_copy(update={"http_max_requests": 1, "http_max_seconds": 5.0}), HashEmbedder())

    @needs(OPEN)
    def much() -> StreamingResponse:
        return StreamingResponse(_BLOCK for _ in range(_BLOCKS))

    app.add_api_route("/much", much)
    options = {"http": HeadTimed, "ws": "none", "log_config": None}
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, **options))  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run, daemon=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HeadTimed, "patience", HEAD_SECONDS)
        thread.start()
        end = time.monotonic() + PATIENCE
        while not server.started:
            assert time.monotonic() < end
            time.sleep(0.01)
        yield server
        server.should_exit = True
        thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def address(server: uvicorn.Server) -> str:
    return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"


@pytest.fixture
def connect(address: str) -> Iterator[Callable[[], socket.socket]]:
    host, port = address.removeprefix("http://").split(":")
    opened: list[socket.socket] = []

    def connected() -> socket.socket:
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.settimeout(PATIENCE)
        connection.connect((host, int(port)))
        opened.append(connection)
        return connection

    yield connected
    for connection in opened:
        connection.close()


def is_answered(address: str) -> bool:
    return httpx2.get(f"{address}/v1/facets", trust_env=False, timeout=PATIENCE).status_code == 200


@pytest.mark.parametrize(
    "begun", [b"", b"GET /v1/status HT", b"GET /v1/status HTTP/1.1\r\nHost: desk\r\nX-Slow: "]
)
def test_a_head_that_does_not_come_is_not_waited_for(
    connect: Callable[[], socket.socket], address: str, begun: bytes
) -> None:
    connection = connect()
    connection.sendall(begun)
    assert connection.recv(100) == b""
    assert is_answered(address)


def test_a_head_that_drips_is_not_waited_for(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    began = time.monotonic()
    try:
        while time.monotonic() - began < PATIENCE:
            connection.sendall(b"G")
            time.sleep(0.1)
    except OSError:
        pass
    assert time.monotonic() - began < PATIENCE


def test_a_connection_that_is_used_again_has_the_same_time_for_each_head(
    connect: Callable[[], socket.socket],
) -> None:
    connection = connect()
    asked = b"GET /livez HTTP/1.1\r\nHost: desk\r\n\r\n"
    for _ in range(2):
        connection.sendall(asked)
        answer = b""
        while b'"alive"' not in answer:
            answer += (block := connection.recv(4_096))
            assert block
        assert answer.startswith(b"HTTP/1.1 200 ")
        time.sleep(HEAD_SECONDS * 1.2)  # longer than a head may take
    connection.sendall(asked[:20])
    assert connection.recv(100) == b""


def test_who_does_not_read_the_answer_loses_the_place_and_the_connection(
    connect: Callable[[], socket.socket], address: str, server: uvicorn.Server
) -> None:
    connection = connect()
    connection.sendall(b"GET /much HTTP/1.1\r\nHost: desk\r\n\r\n")
    assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
    end = time.monotonic() + PATIENCE
    while not is_answered(address):
        assert time.monotonic() < end, "one who does not read keeps the only place"
        time.sleep(0.1)
    while server.server_state.connections:
        assert time.monotonic() < end, "the connection is kept for what nobody takes"
        time.sleep(0.1)


def test_who_reads_slowly_gets_all_of_it(address: str) -> None:
    plain = {"Accept-Encoding": "identity"}
    with httpx2.stream("GET", f"{address}/much", headers=plain, trust_env=False, timeout=PATIENCE) as response:
        received = 0
        for block in response.iter_raw():
            if not received:
                time.sleep(HEAD_SECONDS * 1.2)
            received += len(block)
    assert received == len(_BLOCK) * _BLOCKS


def test_a_request_to_speak_something_else_is_answered_in_http(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    connection.sendall(
        b"GET /v1/status HTTP/1.1\r\nHost: desk\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    return Places.made(tmp_path / "places")


def test_no_more_requests_are_answered_at_once_than_there_are_places() -> None:
    places = Places(2, 1)
    places.take(writes=True)
    with pytest.raises(TooBusyError, match=r"^1 requests that change the archive") as caught:
        places.take(writes=True)
    assert "DATELINE_HTTP_MAX_WRITES" in caught.value.remedy
    places.take(writes=False)
    with pytest.raises(TooBusyError, match=r"^2 requests are being answered"):
        places.take(writes=False)
    places.give_back(writes=False)
    places.take(writes=False)


def test_who_only_reads_is_not_turned_away_for_those_who_write() -> None:
    places = Places(9, 1)
    places.take(writes=True)
    places.take(writes=False)


def test_the_places_of_all_workers_are_counted_together(shared: Path) -> None:
    first, second = Places(2, 2, shared), Places(2, 2, shared)
    first.take(writes=False)
    second.take(writes=False)
    for places in (first, second):
        with pytest.raises(TooBusyError):
            places.take(writes=False)
    first.give_back(writes=False)
    second.take(writes=False)


def test_the_places_of_a_worker_that_died_are_free(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as died:
        died.wait()
    with monkeypatch.context() as in_its_place:
        in_its_place.setattr(os, "getpid", lambda: died.pid)
        Places(2, 1, shared).take(writes=True)
    places = Places(2, 1, shared)
    places.take(writes=True)
    places.take(writes=False)
    with pytest.raises(TooBusyError):
        places.take(writes=False)


def test_separate_servers_count_apart() -> None:
    one, other = Places(1, 1), Places(1, 1)
    one.take(writes=False)
    other.take(writes=False)


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

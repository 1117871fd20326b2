"""Clients that dawdle, or speak something else, keep nobody's place."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest
import uvicorn
from fastapi.responses import StreamingResponse

from api.http import HttpSettings, create_app
from api.http.connections import HeadTimed
from api.http.door import OPEN, needs
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

"""Over HTTP, agents pass the same door as everybody, and see what their key reaches."""

import logging.config
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.http import HttpSettings
from api.http.engine_room import EngineRoom
from api.keys import Keys, KeyScope
from api.mcp.server import PATH, http_app, serve_http
from search.archive import LocalArchive
from tests.fakes import NEWS, HashEmbedder, store

if TYPE_CHECKING:
    import uvicorn

ACCEPTS = {"Accept": "application/json, text/event-stream", "Host": "127.0.0.1:8000"}


@pytest.fixture
def settings(tmp_path: Path) -> HttpSettings:
    embedder = HashEmbedder()
    with LocalArchive.create(tmp_path / "archive", embedder.card) as archive:
        store(archive, embedder, *NEWS)
    return HttpSettings.load(index=tmp_path / "archive", least_closeness=0.2, keys_file=tmp_path / "keys.json")


@pytest.fixture
def web(settings: HttpSettings) -> Iterator[TestClient]:
    room = EngineRoom(settings, HashEmbedder())
    room.start()
    with TestClient(http_app(room, settings), base_url="http://127.0.0.1:8000") as client:
        yield client
    room.close()


def call(web: TestClient, key: str, tool: str, **arguments: object) -> Any:
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
    return web.post(PATH, json=request, headers={**ACCEPTS, "Authorization": f"Bearer {key}"})


def test_a_tool_sees_what_the_key_of_its_client_reaches(web: TestClient, settings: HttpSettings) -> None:
    keys = Keys(settings.keys_file or Path())
    wire = keys.create("wire", [KeyScope.READ], ["Wire"])[1]
    everything = keys.create("desk", [KeyScope.READ])[1]
    told = call(web, wire, "status").json()["result"]["structuredContent"]
    assert (told["articles"], told["sources"]) == (2, {"Wire": 2})
    assert call(web, everything, "status").json()["result"]["structuredContent"]["articles"] == len(NEWS)
    for tool, arguments in (
        ("ask", {"question": "Who struck the bridge?"}),
        ("search", {"query": "bridge Baltimore"}),
        ("timeline", {"subject": "bridge Baltimore"}),
        ("fetch", {"id": "bridge"}),
        ("verify", {"text": '"A container ship struck the Francis Scott Key Bridge in Baltimore"'}),
    ):
        assert "potholes" not in call(web, wire, tool, **arguments).text
    assert "potholes" in call(web, everything, "fetch", id="bridge").text


def test_without_a_key_that_reads_no_tool_is_called(web: TestClient, settings: HttpSettings) -> None:
    keys = Keys(settings.keys_file or Path())
    feeder = keys.create("feed", [KeyScope.INGEST])[1]
    assert call(web, "guess", "status").status_code == 401
    assert call(web, feeder, "status").status_code == 403


def test_agents_are_served_with_the_keys_that_there_were_at_the_start_and_the_log_as_it_is_wanted(
    settings: HttpSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    Keys(settings.keys_file or Path()).create("desk", [KeyScope.READ])
    configured: list[uvicorn.Config] = []

    def run(self: "uvicorn.Server", sockets: list[socket.socket]) -> None:
        configured.append(self.config)
        for opened in sockets:
            opened.close()

    monkeypatch.setattr(logging.config, "dictConfig", lambda _: None)
    monkeypatch.setattr(EngineRoom, "start", lambda _: None)
    monkeypatch.setattr(EngineRoom, "close", lambda _: None)
    monkeypatch.setattr("uvicorn.Server.run", run)
    serve_http(settings.model_copy(update={"http_log_format": "json", "http_port": 0}))
    (config,) = configured
    assert isinstance(config.log_config, dict)
    assert "json" in config.log_config["formatters"]["chosen"]["()"]
    (settings.keys_file or Path()).unlink()
    with TestClient(config.app, base_url="http://127.0.0.1:8000") as later:  # type: ignore[arg-type]
        assert call(later, "", "status").status_code == 401

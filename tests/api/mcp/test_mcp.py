"""The tools, asked by the protocol's own client: in this process, on standard input and output, and over HTTP."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from mcp import Client, StdioServerParameters
from mcp.server import MCPServer
from mcp_types import CallToolResult
from typer.testing import CliRunner

from api.cli import app
from api.cli.terminal import Exit
from api.http import HttpSettings
from api.http.engine_room import EngineRoom
from api.mcp import create_server
from api.mcp.results import AskResult
from api.schemas import AnswerResponse, ListedOut
from indexer.readers import InputFile, ReadOptions, find_files, read_file
from search.archive import LocalArchive
from search.article import Article
from search.asking.engine import Engine
from search.models.embedding import Embedder
from search.settings import Settings
from tests.api.reports import CHANGED, make_archive_of_reports
from tests.fakes import MISSILES, NEWS, HashEmbedder, store

REPOSITORY = Path(__file__).resolve().parents[3]
SAMPLE = REPOSITORY / "corpus/markdown/2024-09-10-iran-missiles-blinken-accuses-tehran.md"
PATIENCE = 120

Call = Callable[..., CallToolResult]


def talk(
    server: MCPServer | StdioServerParameters | str, work: Callable[[Client], Coroutine[Any, Any, Any]]
) -> Any:
    """Connect to a server, and do something there."""

    async def connected() -> Any:
        with anyio.fail_after(PATIENCE):
            async with Client(server) as client:
                return await work(client)

    return anyio.run(connected)


def text_of(result: CallToolResult) -> str:
    (block,) = result.content
    assert block.type == "text"
    return block.text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where its archive lies."""
    return tmp_path_factory.mktemp("mcp") / "archive"


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[MCPServer]:
    """A server in this process, of a small archive without a model."""
    embedder = HashEmbedder()
    with LocalArchive.create(folder, embedder.card) as archive:
        store(archive, embedder, *NEWS)
    room = EngineRoom(HttpSettings.load(index=folder, least_closeness=0.2), embedder)
    room.start()
    yield create_server(room)
    room.close()


@pytest.fixture(scope="module")
def call(server: MCPServer) -> Call:
    """Calls a tool."""

    def call_tool(name: str, **arguments: object) -> CallToolResult:
        return talk(server, lambda client: client.call_tool(name, arguments))

    return call_tool


def test_every_tool_only_reads_and_says_what_it_gives(server: MCPServer) -> None:
    listed = talk(server, lambda client: client.list_tools()).tools
    assert [tool.name for tool in listed] == ["ask", "search", "fetch", "timeline", "verify", "cite", "status"]
    for tool in listed:
        assert tool.annotations
        assert (tool.annotations.read_only_hint, tool.annotations.open_world_hint) == (True, False)
        assert tool.description
        assert not any(line.startswith(" ") for line in tool.description.splitlines())
        assert tool.output_schema
    for name, parameter in (("search", "query"), ("fetch", "id")):
        (tool,) = (tool for tool in listed if tool.name == name)
        assert list(tool.input_schema["properties"]) == [parameter]


def test_search_and_fetch_have_the_shape_of_connectors(call: Call) -> None:
    found = call("search", query="missiles to Russia")
    assert json.loads(text_of(found)) == found.structured_content
    first = found.structured_content["results"][0]
    assert (first["id"], first["title"]) == (
        "missiles",
        "Blinken accuses Tehran of arming Moscow (Wire, 2024-09-10)",
    )
    assert first["url"].startswith("https://news.example/2024/missiles")
    assert first["text"] in MISSILES.body
    fetched = call("fetch", id=first["id"])
    assert json.loads(text_of(fetched)) == fetched.structured_content
    assert fetched.structured_content["text"] == MISSILES.body
    assert fetched.structured_content["url"] == MISSILES.url
    assert fetched.structured_content["metadata"]["source"] == "Wire"


def test_a_long_article_is_fetched_in_parts(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.mcp.results.MOST_CHARS", 100)
    parts, id_ = [], "missiles"
    while id_:
        part = call("fetch", id=id_).structured_content
        parts.append(part["text"])
        id_ = part["metadata"].get("next_id")
    assert len(parts) > 1
    assert "".join(parts) == MISSILES.body


def test_a_quote_is_answered_verified_and_found_again(call: Call) -> None:
    answered = call("ask", question="Who said that Russia will likely use the missiles?")
    assert not answered.is_error
    quoted = answered.structured_content["quotes"][0]
    assert quoted["quote"] == MISSILES.body[quoted["start"] : quoted["end"]]
    for part in (quoted["quote"], quoted["day"], quoted["source"], quoted["url"], quoted["citation_id"]):
        assert part in text_of(answered)
    cited = call("cite", citation_id=quoted["citation_id"])
    assert cited.structured_content["place"]["quote"] == quoted["quote"]
    assert call("fetch", id=quoted["citation_id"]).structured_content["text"] == MISSILES.body
    checked = call(
        "verify", text='It says: "Iran has sent missiles to Russia". And: "We shall never sail on Sundays again."'
    )
    assert [one["verified"] for one in checked.structured_content["quotes"]] == [True, False]
    assert "NOT verified (absent)" in text_of(checked)


def test_several_questions_in_one_are_answered_each_in_fields_and_in_words(call: Call) -> None:
    answered = call("ask", question="Who sent missiles to Russia and who composed the opera about quicksilver?")
    first, second = answered.structured_content["parts"]
    assert (first["found"], second["found"]) == (True, False)
    told, missing = text_of(answered).split(f"\n\n{second['question']}\n")
    assert told.startswith(f"{first['question']}\n")
    assert first["quotes"][0]["citation_id"] in told
    assert missing.startswith("Not found")
    assert second["reason"] in missing


def test_what_was_reported_before_what_a_list_names_and_how_words_were_read_are_in_fields_and_words(
    tmp_path: Path,
) -> None:
    make_archive_of_reports(tmp_path / "archive")
    with LocalArchive.open(tmp_path / "archive") as archive:
        answer = AnswerResponse.of(Engine(archive, HashEmbedder(), Settings.load()).ask(CHANGED))
    (earlier,) = answer.history
    listed = ListedOut(quote="Porto", article_id="first", start=0, end=5, articles=("first", "differing"))
    reading = answer.reading.model_copy(update={"respelt": (("trawlres", "trawlers"),)})
    result = AskResult.of(answer.model_copy(update={"listed": (listed,), "reading": reading}))
    assert [(one.words, one.quoted.day) for one in result.earlier] == [("41", "2024-09-12")]
    assert [(one.name, one.article_ids) for one in result.listed] == [("Porto", ("first", "differing"))]
    for told in (
        f'Earlier, and changed since: 41 "{earlier.citation.quote}"',
        "Porto (first, differing)",
        '"trawlres" was read as "trawlers".',
    ):
        assert told in result.in_words()


def test_not_found_is_no_failure_and_does_not_tell_where_the_archive_lies(call: Call, folder: Path) -> None:
    for tool, arguments in (
        ("ask", {"question": "Which tulips bloom on the moons of Saturn?"}),
        ("cite", {"citation_id": "missiles.0-9.0123456789ab"}),
    ):
        result = call(tool, **arguments)
        assert not result.is_error
        assert result.structured_content["found"] is False
        assert text_of(result).startswith("Not found")
        assert str(folder) not in text_of(result)
    missing = call("fetch", id="no such article")
    assert str(folder) not in text_of(missing)
    assert not missing.is_error
    assert missing.structured_content["metadata"]["found"] == "false"


def test_a_timeline_and_the_status_are_told(call: Call) -> None:
    timeline = call("timeline", subject="missiles", published_to="2024-09-30")
    for entry in timeline.structured_content["entries"]:
        assert entry["quoted"]["quote"] in text_of(timeline)
    status = call("status")
    assert f"{len(NEWS)} articles" in text_of(status)
    assert status.structured_content["articles"] == len(NEWS)


def test_what_is_wrong_is_told_with_what_to_do(call: Call) -> None:
    result = call("ask", question="missiles", about_from="2024-10-01", about_to="2024-09-01")
    assert result.is_error
    assert "Swap the two." in text_of(result)
    assert call("ask", question="").is_error


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, model_cache: Path) -> list[str]:
    """The command that serves an archive of one article, embedded with the real model."""
    folder = tmp_path_factory.mktemp("agents") / "archive"
    (file,) = find_files([SAMPLE])
    assert isinstance(file, InputFile)
    with LocalArchive.create(folder, embedder.card) as archive:
        store(archive, embedder, *(read for read in read_file(file, ReadOptions()) if isinstance(read, Article)))
    return ["-m", "dateline", "mcp", "--index", str(folder)]


@pytest.fixture(scope="module")
def environment(model_cache: Path) -> dict[str, str]:
    return {"DATELINE_CACHE": str(model_cache), "PYTHONPATH": str(REPOSITORY), "DATELINE_THREADS": "2"}


@pytest.fixture(scope="module")
def over_http(command: list[str], environment: dict[str, str]) -> Iterator[str]:
    """The address of a server on the loopback interface."""
    with subprocess.Popen(
        [sys.executable, *command, "--http", "--port", "0"],
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        watchdog = threading.Timer(PATIENCE, process.kill)
        watchdog.start()
        try:
            assert process.stderr
            yield next(found[0] for line in process.stderr if (found := re.search(r"http://\S+/mcp", line)))
        finally:
            watchdog.cancel()
            process.terminate()


@pytest.mark.model
@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_the_missiles_are_answered_over_both_transports(
    request: pytest.FixtureRequest, transport: str, command: list[str], environment: dict[str, str]
) -> None:
    server = (
        StdioServerParameters(command=sys.executable, args=command, env=environment)
        if transport == "stdio"
        else request.getfixturevalue("over_http")
    )
    result = talk(server, lambda client: client.call_tool("ask", {"question": "when will missiles be used?"}))
    assert not result.is_error, text_of(result)
    first = result.structured_content["quotes"][0]
    assert "will likely use them within weeks in Ukraine, against Ukrainians." in first["quote"]
    assert first["speaker"] == "Antony Blinken, US Secretary of State"
    assert first["standing"] == "predicted"
    assert first["time"].startswith('"within weeks" = 2024-09-10 to ')
    for part in (first["quote"], first["speaker"], "predicted", first["time"], first["day"], first["citation_id"]):
        assert part in text_of(result)


def test_a_missing_sdk_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name == "api.mcp" or name.startswith("api.mcp.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    result = CliRunner().invoke(app, ["mcp"])
    assert result.exit_code == Exit.USAGE
    assert "pip install 'dateline[mcp]'" in result.stderr

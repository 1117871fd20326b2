"""Who may change the archive, and what stands in the way of a change."""

import logging
import shutil
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from api.http.server import serve
from search.archive import LocalArchive
from search.archive.local.files import writer_lock
from search.errors import SettingsError
from tests.api.http.assertions import assert_problem
from tests.fakes import HashEmbedder

TOKEN = "ferry-sails-on-monday"  # noqa: S105 - of no secret
PATIENCE = 30
ARTICLE = {"body": "The ferry sails again on Monday."}
CHANGES: list[tuple[str, str, Any]] = [
    ("PUT", "/v1/articles/ferry", ARTICLE),
    ("POST", "/v1/articles", [ARTICLE]),
    ("DELETE", "/v1/articles/missiles", None),
]


def ask(client: TestClient, change: tuple[str, str, Any], token: str | None = None) -> httpx2.Response:
    method, path, body = change
    headers = {"Authorization": token} if token is not None else {}
    return client.request(method, path, json=body, headers=headers)


@pytest.fixture
def writable(folder: Path, tmp_path: Path) -> HttpSettings:
    """A copy of the small archive that may be changed."""
    shutil.copytree(folder, tmp_path / "archive")
    return HttpSettings.load(index=tmp_path / "archive", writable=True)


def opened(settings: HttpSettings, **given: object) -> TestClient:
    return TestClient(create_app(HttpSettings.load(**(settings.model_dump() | given)), HashEmbedder()))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change[0])
def test_a_server_changes_nothing_unless_it_was_told_to(client: TestClient, change: tuple[str, str, Any]) -> None:
    problem = assert_problem(ask(client, change), 403, "not-writable")
    assert "--writable" in problem["remedy"]
    assert client.get("/v1/articles/missiles").status_code == 200


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change[0])
@pytest.mark.parametrize(
    "token", [None, "", TOKEN, "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer \xfc"], ids=str
)
def test_a_change_takes_the_token_if_there_is_one(
    writable: HttpSettings, change: tuple[str, str, Any], token: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with opened(writable, write_token=TOKEN) as client:
        refused = ask(client, change, token.encode("latin-1") if token else token)  # type: ignore[arg-type]
        assert_problem(refused, 401, "not-authorised")
        assert refused.headers["www-authenticate"] == "Bearer"
        assert client.get("/v1/status").status_code == 200
        assert ask(client, change, f"Bearer {TOKEN}").status_code in {200, 201, 204}
        assert TOKEN not in client.get("/openapi.json").text
    assert TOKEN not in caplog.text
    assert TOKEN not in repr(HttpSettings.load(write_token=TOKEN))


def test_a_body_is_not_read_for_those_who_may_not_write(writable: HttpSettings) -> None:
    with opened(writable, write_token=TOKEN) as client:
        refused = client.post(
            "/v1/articles", content=b"[" * 10_000_000, headers={"Content-Type": "application/json"}
        )
    assert_problem(refused, 401, "not-authorised")


def test_a_token_that_can_be_guessed_is_refused_and_not_shown() -> None:
    with pytest.raises(SettingsError, match="write_token") as caught:
        HttpSettings.load(write_token="guess-me")  # noqa: S106
    assert "guess-me" not in str(caught.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "desk.example"])  # noqa: S104
def test_others_cannot_be_let_change_the_archive_without_a_token(writable: HttpSettings, host: str) -> None:
    with pytest.raises(SettingsError, match="DATELINE_WRITE_TOKEN"):
        serve(writable.model_copy(update={"http_host": host, "http_keys": "off"}))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change[0])
def test_while_another_writes_a_change_is_put_off_and_questions_go_on(
    writable: HttpSettings, change: tuple[str, str, Any]
) -> None:
    with opened(writable) as client:
        with writer_lock(writable.index), ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(ask, client, change)
            assert client.get("/v1/ask", params={"q": "missiles"}).status_code == 200
            refused = waiting.result(PATIENCE)
            assert_problem(refused, 503, "archive-busy")
            assert int(refused.headers["retry-after"]) > 0
        assert ask(client, change).status_code in {200, 201, 204}


def test_questions_are_answered_while_articles_are_being_embedded(writable: HttpSettings) -> None:
    embedding, go_on = threading.Event(), threading.Event()

    class Patient(HashEmbedder):
        def embed_passages(self, texts: Sequence[str], on_progress: Any = None) -> Any:
            if "ferry" in texts[0]:
                embedding.set()
                assert go_on.wait(PATIENCE)
            return super().embed_passages(texts, on_progress)

    with TestClient(create_app(writable, Patient())) as client, ThreadPoolExecutor(1) as pool:
        storing = pool.submit(ask, client, CHANGES[0])
        assert embedding.wait(PATIENCE)
        assert client.get("/v1/ask", params={"q": "missiles"}).json()["found"]
        with LocalArchive.open(writable.index) as other, other.write() as writer:
            writer.remove("bridge")
            writer.commit()
        go_on.set()
        assert storing.result(PATIENCE).status_code == 201


def test_nothing_is_stored_in_an_archive_that_another_took_the_place_of(writable: HttpSettings) -> None:
    embedding, go_on = threading.Event(), threading.Event()

    class Patient(HashEmbedder):
        def embed_passages(self, texts: Sequence[str], on_progress: Any = None) -> Any:
            embedding.set()
            assert go_on.wait(PATIENCE)
            return super().embed_passages(texts, on_progress)

    other = writable.index.with_name("other")
    shutil.copytree(writable.index, other)
    with TestClient(create_app(writable, Patient())) as client, ThreadPoolExecutor(1) as pool:
        storing = pool.submit(ask, client, CHANGES[0])
        assert embedding.wait(PATIENCE)
        writable.index.rename(writable.index.with_name("old"))
        other.rename(writable.index)
        go_on.set()
        assert_problem(storing.result(PATIENCE), 503, "archive-busy")
        assert ask(client, CHANGES[0]).status_code == 201
        assert client.get("/v1/articles/ferry").status_code == 200


def test_what_was_given_up_while_it_was_embedded_is_not_stored(writable: HttpSettings) -> None:
    go_on = threading.Event()

    class Patient(HashEmbedder):
        def embed_passages(self, *arguments: Any, **named: Any) -> Any:
            assert go_on.wait(PATIENCE)
            return super().embed_passages(*arguments, **named)

    slow = writable.model_copy(update={"http_max_write_seconds": 2.0, "http_max_writes": 1})  # begun by then
    with TestClient(create_app(slow, Patient())) as client:
        assert_problem(ask(client, CHANGES[0]), 504, "too-slow")
        assert_problem(client.delete("/v1/articles/none"), 503, "too-busy")
        go_on.set()
        statuses = (client.delete("/v1/articles/none").status_code for _ in range(10_000))
        assert next(status for status in statuses if status != 503) == 404
        assert_problem(client.get("/v1/articles/ferry"), 404, "article-not-found")


def test_an_archive_that_may_not_be_written_says_so(
    writable: HttpSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def refusing(*arguments: Any, **named: Any) -> sqlite3.Connection:
        # Rights do not bind the user that tests may run as, so SQLite is told to refuse.
        connection = connect(*arguments, **named)
        connection.execute("PRAGMA query_only = ON")
        return connection

    with opened(writable) as client:
        client.get("/v1/ask", params={"q": "missiles"})
        monkeypatch.setattr(sqlite3, "connect", refusing)
        with client.app.state.room.archive() as archive:  # type: ignore[attr-defined]
            archive.close()  # so that every connection is a new one
        for change in CHANGES:
            problem = assert_problem(ask(client, change), 503, "archive-unwritable")
            assert problem["remedy"]
        assert client.get("/v1/ask", params={"q": "missiles"}).json()["found"]


def test_a_database_that_cannot_be_read_is_told_as_damage(writable: HttpSettings) -> None:
    database = writable.index / "archive.sqlite"
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(database.read_bytes())
    content[4_096:] = bytes(len(content) - 4_096)
    database.write_bytes(content)
    with opened(writable) as client:
        for change in CHANGES:
            assert_problem(ask(client, change), 503, "archive-damaged")
        assert_problem(client.get("/v1/ask", params={"q": "missiles"}), 503, "archive-damaged")
        assert_problem(client.get("/v1/articles/missiles"), 503, "archive-damaged")


def test_pages_of_named_origins_may_change_a_writable_archive_only(writable: HttpSettings) -> None:
    def allowed(*, is_writable: bool) -> str:
        preflight = {"Origin": "https://desk.example", "Access-Control-Request-Method": "PUT"}
        with opened(writable, writable=is_writable, http_cors_origins=["https://desk.example"]) as client:
            return client.options("/v1/articles/x", headers=preflight).headers["access-control-allow-methods"]

    assert "PUT" in allowed(is_writable=True)
    assert "PUT" not in allowed(is_writable=False)


def test_the_bodies_of_articles_have_a_limit_of_their_own(writable: HttpSettings) -> None:
    with opened(writable, http_max_articles_bytes=2_048, http_max_body_bytes=1_024) as client:
        assert client.put("/v1/articles/x", json={"body": "word " * 300}).status_code == 201
        for content in (b"x" * 4_096, (b"x" * 512 for _ in range(8))):
            refused = client.put("/v1/articles/x", content=content, headers={"Content-Type": "application/json"})
            assert "DATELINE_HTTP_MAX_ARTICLES_BYTES" in assert_problem(refused, 413)["detail"]


def test_a_first_article_makes_the_archive(tmp_path: Path) -> None:
    settings = HttpSettings.load(index=tmp_path / "new" / "archive", writable=True)
    with opened(settings) as client:
        assert_problem(client.get("/v1/status"), 503, "archive-missing")
        assert client.put("/v1/articles/x", json=ARTICLE).status_code == 201
        assert client.get("/v1/status").json()["archive"]["articles"] == 1


def test_two_servers_of_one_archive_see_each_others_changes(writable: HttpSettings) -> None:
    with opened(writable) as one, opened(writable) as other:
        tag = one.put("/v1/articles/ferry", json=ARTICLE).headers["etag"]
        assert other.get("/v1/articles/ferry").headers["etag"] == tag
        assert other.delete("/v1/articles/ferry", headers={"If-Match": tag}).status_code == 204
        assert one.put("/v1/articles/ferry", json=ARTICLE, headers={"If-Match": tag}).status_code == 412

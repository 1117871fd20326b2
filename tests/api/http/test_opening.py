import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app, opening
from indexer.pipeline import embed_again
from search.archive import Archive
from search.embedding import Embedder
from search.errors import ModelMissingError
from search.settings import Settings
from tests.api.http.assertions import assert_problem
from tests.fakes import MISSILES, HashEmbedder, store

QUESTIONS = ["/v1/ask?q=missiles", "/v1/search?q=missiles", "/readyz"]


def eventually(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Ask again and again, but not for ever."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        threading.Event().wait(0.01)
    return True


def make_archive(folder: Path) -> None:
    embedder = HashEmbedder()
    with Archive.create(folder, embedder.card) as archive:
        store(archive, embedder, MISSILES)


def test_the_server_answers_while_the_model_is_loading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = threading.Event()

    def load_slowly(settings: Settings, report: Callable[[str], None]) -> Embedder:
        report("preparing the model")
        assert loaded.wait(10)
        return HashEmbedder()

    monkeypatch.setattr(opening, "load_embedder", load_slowly)
    with TestClient(create_app(HttpSettings.load(index=folder, least_closeness=0.1))) as client:
        assert client.get("/livez").json() == {"status": "alive"}
        assert eventually(lambda: "preparing" in client.get("/readyz").json()["detail"])
        for path in QUESTIONS:
            response = client.get(path)
            assert_problem(response, 503, "not-ready")
            assert response.headers["retry-after"] == "2"
        assert client.get("/v1/articles/missiles").status_code == 200
        assert client.get("/v1/status").json()["model"] is None
        loaded.set()
        assert eventually(lambda: client.get("/readyz").status_code == 200)
        assert client.get("/readyz").json() == {"status": "ready"}
        assert client.get("/v1/ask?q=missiles").json()["found"]
        assert client.get("/v1/status").json()["model"]["name"] == "hash-embedder"


def test_a_missing_archive_is_told_until_it_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    with TestClient(create_app(HttpSettings.load(index=folder, least_closeness=0.1), HashEmbedder())) as client:
        assert client.get("/livez").status_code == 200
        for path in [*QUESTIONS, "/v1/status", "/v1/articles/missiles"]:
            problem = assert_problem(client.get(path), 503, "archive-missing")
            assert "dateline index" in problem["remedy"]
        make_archive(folder)
        assert client.get("/readyz").status_code == 200
        assert client.get("/v1/ask?q=missiles").json()["found"]


def test_articles_that_are_added_are_found_without_a_restart(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    with Archive.create(tmp_path, embedder.card) as archive:
        settings = HttpSettings.load(index=tmp_path, least_closeness=0.1)
        with TestClient(create_app(settings, embedder)) as client:
            assert client.get("/v1/ask?q=missiles").json()["reason"] == "The archive is empty."
            store(archive, embedder, MISSILES)
            assert client.get("/v1/ask?q=missiles").json()["found"]


def test_an_archive_of_another_model_is_refused(tmp_path: Path) -> None:
    make_archive(tmp_path)
    other = HashEmbedder("other")
    with TestClient(create_app(HttpSettings.load(index=tmp_path), other)) as client:
        for path in QUESTIONS:
            assert_problem(client.get(path), 503, "archive-mismatch")
        assert client.get("/v1/status").json()["archive"]["model"] == "hash-embedder"


def test_an_archive_that_another_process_embeds_with_another_model_is_refused(tmp_path: Path) -> None:
    make_archive(tmp_path)
    with TestClient(create_app(HttpSettings.load(index=tmp_path), HashEmbedder())) as client:
        assert client.get("/readyz").status_code == 200
        with Archive.open(tmp_path) as archive:
            embed_again(archive, HashEmbedder("other"))
        for path in QUESTIONS:
            assert_problem(client.get(path), 503, "archive-mismatch")


def test_a_model_that_cannot_be_loaded_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = [
        (ModelMissingError("There is no model."), "model-missing"),
        (OSError("disk /dev/sdz broke"), "model"),
    ]
    for failure, name in failures:

        def fail(settings: Settings, report: Callable[[str], None], failure: Exception = failure) -> Embedder:
            raise failure

        monkeypatch.setattr(opening, "load_embedder", fail)
        with TestClient(create_app(HttpSettings.load(index=folder))) as client:
            assert eventually(lambda: "not-ready" not in client.get("/readyz").text)
            for path in QUESTIONS:
                problem = assert_problem(client.get(path), 503, name)
                assert "sdz" not in problem["detail"]
            assert client.get("/livez").status_code == 200


def test_opening_and_closing_leaves_no_thread(settings: HttpSettings) -> None:
    before = set(threading.enumerate())
    for _ in range(10):
        with TestClient(create_app(settings, HashEmbedder())) as client:
            assert client.get("/readyz").status_code == 200
    assert eventually(lambda: set(threading.enumerate()) <= before)


def test_who_asks_while_the_server_closes_is_told(settings: HttpSettings) -> None:
    room = opening.EngineRoom(settings, HashEmbedder())
    room.start()
    room.close()
    for ask in (room.archive, room.engine):
        with pytest.raises(opening.NotReadyError, match="shutting down"):
            ask()

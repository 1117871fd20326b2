import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app, engine_room
from indexer.renewal import embed_again
from search import models
from search.archive import LocalArchive
from search.article import Article
from search.errors import ModelDamagedError, ModelMissingError
from search.models.close_reading import CloseReader
from search.models.embedding import Embedder
from search.settings import Settings
from tests.api.http.assertions import assert_problem
from tests.fakes import MISSILES, RATES, HashEmbedder, ReaderForAWord, store
from tests.looking import ids_in

QUESTIONS = ["/v1/ask?q=missiles", "/v1/search?q=missiles", "/readyz"]


def eventually(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Ask again and again, but not for ever."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        threading.Event().wait(0.01)
    return True


def make_archive(folder: Path, article: Article = MISSILES) -> None:
    embedder = HashEmbedder()
    with LocalArchive.create(folder, embedder.card) as archive:
        store(archive, embedder, article)


def test_the_server_answers_while_the_model_is_loading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = threading.Event()

    def load_slowly(settings: Settings, report: Callable[[str], None]) -> Embedder:
        report("preparing the model")
        assert loaded.wait(10)
        return HashEmbedder()

    monkeypatch.setattr(engine_room, "load_embedder", load_slowly)
    monkeypatch.setattr(models, "load_close_reader", lambda *_: ReaderForAWord("missiles"))
    with TestClient(create_app(HttpSettings.load(index=folder))) as client:
        assert client.get("/livez").json() == {"status": "alive"}
        assert eventually(lambda: "preparing" in client.get("/readyz").json()["detail"])
        for path in QUESTIONS:
            response = client.get(path)
            assert_problem(response, 503, "not-ready")
            assert response.headers["retry-after"] == "2"
        assert client.get("/v1/articles/missiles").status_code == 200
        status = client.get("/v1/status").json()
        assert (status["model"], status["close_reader"]) == (None, None)
        loaded.set()
        assert eventually(lambda: client.get("/readyz").status_code == 200)
        assert client.get("/v1/status").json()["close_reader"]["name"] == "word reader"
        assert client.get("/readyz").json() == {"status": "ready"}
        assert client.get("/v1/ask?q=missiles").json()["found"]
        assert client.get("/v1/status").json()["model"]["name"] == "hash-embedder"


def test_a_missing_archive_is_told_until_it_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    with TestClient(create_app(HttpSettings.load(index=folder), HashEmbedder())) as client:
        assert client.get("/livez").status_code == 200
        for path in [*QUESTIONS, "/v1/status", "/v1/articles/missiles"]:
            problem = assert_problem(client.get(path), 503, "archive-missing")
            assert "dateline index" in problem["remedy"]
        make_archive(folder)
        assert client.get("/readyz").status_code == 200
        assert client.get("/v1/ask?q=missiles").json()["found"]


def test_articles_that_are_added_are_found_without_a_restart(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    with LocalArchive.create(tmp_path, embedder.card) as archive:
        settings = HttpSettings.load(index=tmp_path)
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
        with LocalArchive.open(tmp_path) as archive:
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

        monkeypatch.setattr(engine_room, "load_embedder", fail)
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
    room = engine_room.EngineRoom(settings, HashEmbedder())
    room.start()
    room.close()
    for borrow in (room.archive, room.engine):
        with pytest.raises(engine_room.NotReadyError, match="shutting down"), borrow():
            pass


def test_an_archive_that_takes_the_place_of_another_is_found_without_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    make_archive(folder)
    with TestClient(create_app(HttpSettings.load(index=folder), HashEmbedder())) as client:
        assert client.get("/v1/articles/missiles").status_code == 200
        client.get("/v1/ask?q=missiles")
        before = client.get("/v1/status").json()
        shutil.rmtree(folder)
        assert_problem(client.get("/v1/ask?q=missiles"), 503, "archive-missing")
        make_archive(folder, RATES)
        assert_problem(client.get("/v1/articles/missiles"), 404, "article-not-found")
        assert client.get("/v1/ask?q=benchmark+rate").json()["citations"][0]["article_id"] == "rates"
        after = client.get("/v1/status").json()
        assert after["archive"]["archive_id"] != before["archive"]["archive_id"]
        assert after["verified"]["exact"] > before["verified"]["exact"] > 0
        assert not open_although_deleted(folder)


def test_what_is_lent_stays_open_until_it_is_given_back(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    make_archive(folder)
    room = engine_room.EngineRoom(HttpSettings.load(index=folder), HashEmbedder())
    room.start()
    with room.engine() as before:
        shutil.rmtree(folder)
        make_archive(folder, RATES)
        with room.engine() as after:
            assert after is not before
            assert ids_in(after.archive) == ["rates"]
        assert ids_in(before.archive) == ["missiles"]
        assert open_although_deleted(folder)
    assert not open_although_deleted(folder)
    with room.engine() as engine:
        room.close()
        assert ids_in(engine.archive) == ["rates"]


def test_what_was_verified_is_counted_once_and_each_answer_as_a_whole(folder: Path) -> None:
    room = engine_room.EngineRoom(HttpSettings.load(index=folder), HashEmbedder())
    room.start()
    with room.engine() as engine:
        engine.ask("missiles")
    once = sum(room.verified().values())
    assert once
    asking = threading.Event()
    counted: list[int] = []

    def count() -> None:
        while not asking.is_set():
            counted.append(sum(room.verified().values()))

    def ask() -> None:
        for _ in range(5):
            with room.engine() as engine:
                engine.ask("missiles")

    counting = threading.Thread(target=count)
    counting.start()
    with ThreadPoolExecutor(4) as pool:
        for asked in [pool.submit(ask) for _ in range(4)]:
            asked.result()
    asking.set()
    counting.join()
    assert sum(room.verified().values()) == 21 * once
    assert counted == sorted(counted)
    assert {count % once for count in counted} <= {0}
    room.close()
    assert sum(room.verified().values()) == 21 * once


def test_archives_may_be_replaced_while_questions_are_answered(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    make_archive(folder)
    others = [tmp_path / str(number) for number in range(4)]
    for other in others:
        make_archive(other)
    with TestClient(create_app(HttpSettings.load(index=folder), HashEmbedder())) as client:
        stop = threading.Event()

        def ask() -> set[int]:
            paths = ("/v1/ask?q=missiles", "/v1/status", "/v1/articles/missiles", "/readyz")
            return {client.get(path).status_code for _ in iter(stop.is_set, True) for path in paths}

        with ThreadPoolExecutor(3) as pool:
            asking = [pool.submit(ask) for _ in range(3)]
            for other in others:
                folder.rename(f"{other}-old")
                other.rename(folder)
                client.get("/v1/ask?q=missiles")
            stop.set()
            statuses = set().union(*(asked.result() for asked in asking))
        assert statuses <= {200, 503}
        assert client.get("/v1/ask?q=missiles").json()["found"]


def test_the_model_is_told_of_although_the_reranker_cannot_be_loaded(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_room, "load_embedder", lambda *_: HashEmbedder())
    monkeypatch.setattr(models, "load_close_reader", lambda *_: ReaderForAWord("missiles"))
    with TestClient(create_app(HttpSettings.load(index=folder, reranker=str(tmp_path)))) as client:
        assert eventually(lambda: "not-ready" not in client.get("/readyz").text)
        assert_problem(client.get("/v1/ask?q=missiles"), 503, "model-missing")
        assert client.get("/v1/status").json()["model"]["name"] == "hash-embedder"


def test_a_close_reader_that_cannot_be_loaded_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> CloseReader:
        raise ModelDamagedError("The close reader is broken.")

    monkeypatch.setattr(engine_room, "load_embedder", lambda *_: HashEmbedder())
    monkeypatch.setattr(models, "load_close_reader", fail)
    with TestClient(create_app(HttpSettings.load(index=folder))) as client:
        assert eventually(lambda: "not-ready" not in client.get("/readyz").text)
        assert_problem(client.get("/v1/ask?q=missiles"), 503, "model-damaged")
        assert client.get("/v1/status").json()["model"]["name"] == "hash-embedder"


def open_although_deleted(folder: Path) -> list[str]:
    """Files below a folder that this process holds open although they were deleted."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(str(link.readlink()))
    return [file for file in found if file.startswith(str(folder)) and file.endswith("(deleted)")]

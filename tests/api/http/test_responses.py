"""A client that has an answer is told so, and nothing else ever is; what is sent may be compressed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from search.archive import LocalArchive
from search.archive.local.parts import Shelf
from tests.fakes import NEWS, HashEmbedder, make_article, store

QUESTION = {"q": "When will missiles be used?"}
ASKED = [("/v1/ask", QUESTION), ("/v1/search", QUESTION), ("/v1/timeline", QUESTION), ("/v1/articles", {})]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    embedder = HashEmbedder()
    with LocalArchive.create(tmp_path / "archive", embedder.card) as archive:
        store(archive, embedder, *NEWS)
    return tmp_path / "archive"


@pytest.fixture
def desk(folder: Path) -> Iterator[TestClient]:
    settings = HttpSettings.load(index=folder, writable=True, least_closeness=0.2)
    with TestClient(create_app(settings, HashEmbedder())) as client:
        yield client


def again(client: TestClient, path: str, parameters: dict[str, Any], tag: str) -> int:
    return client.get(path, params=parameters, headers={"If-None-Match": tag}).status_code


@pytest.mark.parametrize(("path", "parameters"), [*ASKED, ("/v1/changes", {})])
def test_what_a_client_has_is_not_sent_again_until_the_archive_changes(
    desk: TestClient, path: str, parameters: dict[str, Any]
) -> None:
    first = desk.get(path, params=parameters)
    tag = first.headers["etag"]
    same = desk.get(path, params=parameters, headers={"If-None-Match": f'"other", {tag}'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    desk.put("/v1/articles/rain", json={"body": "It rained in Trieste on Monday."})
    changed = desk.get(path, params=parameters, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


@pytest.mark.parametrize(("path", "parameters"), ASKED)
def test_another_request_has_another_tag(desk: TestClient, path: str, parameters: dict[str, Any]) -> None:
    tag = desk.get(path, params=parameters).headers["etag"]
    assert again(desk, path, {**parameters, "k": 2}, tag) == 200
    assert again(desk, path, {**parameters, "language": "en"}, tag) == 200
    assert again(desk, path, {**parameters, "k": 0}, "*") == 422


def test_settings_models_and_days_have_tags_of_their_own(
    folder: Path, desk: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = {desk.get("/v1/ask", params=QUESTION).headers["etag"]}
    settings: tuple[dict[str, Any], ...] = ({"wanted_precision": 0.9}, {"profile": "fast"}, {"search_reads": 3})
    for setting in settings:
        other = HttpSettings.load(index=folder, least_closeness=0.2, **setting)
        with TestClient(create_app(other, HashEmbedder())) as client:
            tags.add(client.get("/v1/ask", params=QUESTION).headers["etag"])
    embedder = HashEmbedder()
    object.__setattr__(embedder.card, "precision", "bf16")
    with TestClient(create_app(HttpSettings.load(index=folder, least_closeness=0.2), embedder)) as client:
        tags.add(client.get("/v1/ask", params=QUESTION).headers["etag"])
    monkeypatch.setattr("api.http.responses.this_day", lambda: "2031-05-04")
    tags.add(desk.get("/v1/ask", params=QUESTION).headers["etag"])
    assert len(tags) == 6


def test_what_was_answered_from_indexes_that_were_not_verified_has_another_tag(
    folder: Path, desk: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified = desk.get("/v1/ask", params=QUESTION)
    assert verified.json()["searched"]["verified"]
    monkeypatch.setattr(Shelf, "verified", property(lambda _: False))
    assert again(desk, "/v1/ask", QUESTION, verified.headers["etag"]) == 200


def test_a_citation_is_known_by_its_tag(desk: TestClient) -> None:
    (cited, *_) = desk.get("/v1/ask", params=QUESTION).json()["citations"]
    tag = desk.get(f"/v1/citations/{cited['id']}").headers["etag"]
    assert again(desk, f"/v1/citations/{cited['id']}", {}, tag) == 304


def test_an_answer_that_was_computed_while_the_archive_changed_has_no_tag(
    desk: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.http.engine_room import EngineRoom

    states = iter(["before", "after"])
    monkeypatch.setattr(EngineRoom, "state", lambda _: next(states))
    answered = desk.get("/v1/ask", params=QUESTION)
    assert answered.status_code == 200
    assert "etag" not in answered.headers


def test_a_broken_condition_is_told(desk: TestClient) -> None:
    refused = desk.get("/v1/ask", params=QUESTION, headers={"If-None-Match": "no tag"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["name"] == "If-None-Match"


def test_what_is_long_is_compressed_for_whoever_takes_it(desk: TestClient) -> None:
    plain = desk.get("/v1/ask", params=QUESTION, headers={"Accept-Encoding": "identity"})
    packed = desk.get("/v1/ask", params=QUESTION, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert packed.content == plain.content
    assert packed.headers["etag"] == plain.headers["etag"]
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert "content-encoding" not in desk.get("/livez").headers
    for unwanted in ("gzip;q=0", "br, GZIP ; q=0.0, identity"):
        refused = desk.get("/v1/ask", params=QUESTION, headers={"Accept-Encoding": unwanted})
        assert "content-encoding" not in refused.headers
        assert refused.headers["vary"] == "Accept-Encoding"


def test_the_tag_of_a_compressed_article_is_its_own_and_serves_as_well(folder: Path, desk: TestClient) -> None:
    embedder = HashEmbedder()
    long = make_article("long", "The lock of the canal was mended again, said the keeper. " * 40)
    with LocalArchive.open(folder) as archive:
        store(archive, embedder, long)
    plain = desk.get("/v1/articles/long", headers={"Accept-Encoding": "identity"}).headers["etag"]
    packed = desk.get("/v1/articles/long", headers={"Accept-Encoding": "gzip"}).headers["etag"]
    assert packed == f'{plain[:-1]}-gzip"'
    assert again(desk, "/v1/articles/long", {}, packed) == again(desk, "/v1/articles/long", {}, plain) == 304
    changed = desk.put("/v1/articles/long", json={"body": "It is open."}, headers={"If-Match": packed})
    assert changed.status_code == 200

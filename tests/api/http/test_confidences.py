"""What is wrong with the server, and what others store, is told to those whom it concerns."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from api.http.door import Guard
from api.http.rates import TooManyError
from api.keys import Keys, KeyScope, keys_file
from search.archive import LocalArchive
from search.archive.local.files import writer_lock
from tests.api.http.assertions import assert_problem
from tests.fakes import HashEmbedder, make_article, store

MINE, THEIRS = "Agence", "Bulletin"
TOKEN = "a token of some length"  # noqa: S105 - of this test alone


@pytest.fixture
def settings(tmp_path: Path) -> HttpSettings:
    """An archive of two sources, for a server with keys that may be changed."""
    folder, embedder = tmp_path / "archive", HashEmbedder()
    with LocalArchive.create(folder, embedder.card) as archive:
        store(
            archive,
            embedder,
            make_article("mine", "The harbour handled more sardines than ever.", source=MINE),
            make_article("theirs", "The bridge collapsed within seconds.", source=THEIRS),
        )
    return HttpSettings.load(index=folder, writable=True, http_rate_by_key="")


@pytest.fixture
def web(settings: HttpSettings) -> Iterator[TestClient]:
    with TestClient(create_app(settings, HashEmbedder())) as client:
        yield client


def keyed(settings: HttpSettings, *scopes: KeyScope, sources: list[str] | None = None) -> dict[str, str]:
    keys = Keys(keys_file(settings.index, None))
    return {"Authorization": f"Bearer {keys.create(str(scopes), scopes, sources)[1]}"}


def test_paths_and_processes_are_told_to_operators_alone(
    web: TestClient, settings: HttpSettings, caplog: pytest.LogCaptureFixture
) -> None:
    place = str(Path(settings.index))
    alone = {"body": "Another text of it."}
    with writer_lock(Path(settings.index)):
        told = assert_problem(web.put("/v1/articles/a", json=alone), 503, "archive-busy")
        assert place in told["detail"], "without keys whoever is on this machine is an operator"
        admin = keyed(settings, KeyScope.ADMIN)
        feed = keyed(settings, KeyScope.INGEST)
        assert (
            place
            in assert_problem(web.put("/v1/articles/a", json=alone, headers=admin), 503, "archive-busy")["detail"]
        )
        caplog.clear()
        refused = web.put("/v1/articles/a", json=alone, headers=feed)
        problem = assert_problem(refused, 503, "archive-busy")
        assert refused.headers["Retry-After"]
    assert place not in refused.text
    assert "process" not in refused.text
    assert problem["detail"] == "The archive is being written; the server's log says more."
    assert any(place in record.getMessage() for record in caplog.records)


def test_who_has_no_key_is_not_told_where_the_archive_and_its_keys_are(
    settings: HttpSettings, tmp_path: Path
) -> None:
    missing = settings.model_copy(update={"index": tmp_path / "nowhere"})
    with TestClient(create_app(missing, HashEmbedder())) as client:
        assert "nowhere" in assert_problem(client.get("/readyz"), 503, "archive-missing")["detail"]
        headers = keyed(missing, KeyScope.READ)
        for response in (client.get("/readyz"), client.get("/v1/status", headers=headers)):
            assert_problem(response, 503, "archive-missing")
            assert str(tmp_path) not in response.text
        keys_file(missing.index, None).write_bytes(b"{")
        refused = client.get("/v1/status", headers=headers)
        assert_problem(refused, 503, "keys")
        assert str(tmp_path) not in refused.text


def test_what_is_stored_of_another_source_is_not_told_by_a_refusal(
    web: TestClient, settings: HttpSettings
) -> None:
    whole = keyed(settings, KeyScope.READ)
    feed = keyed(settings, KeyScope.INGEST, sources=[MINE])
    stored = web.get("/v1/articles/theirs", headers=whole).json()["content_hash"]
    for tag in (f'"{stored}"', '"guess"', "*"):
        sent = {"body": "A text of mine.", "source": MINE}
        refused = web.put("/v1/articles/theirs", json=sent, headers={**feed, "If-Match": tag})
        assert_problem(refused, 403, "not-allowed")
        assert stored not in refused.text
        gone = web.delete("/v1/articles/theirs", headers={**feed, "If-Match": tag})
        assert gone.status_code in {404, 412}
        assert stored not in gone.text
    other = web.put(
        "/v1/articles/mine", json={"body": "Anew.", "source": MINE}, headers={**feed, "If-Match": '"x"'}
    )
    assert_problem(other, 412, "article-changed")
    assert web.get("/v1/articles/theirs", headers=whole).json()["content_hash"] == stored


def test_a_token_is_not_guessed_at_leisure(settings: HttpSettings) -> None:
    limited = settings.model_copy(update={"write_token": TOKEN, "http_rate_wrong_keys": "3/hour"})
    limited = HttpSettings.load(**limited.model_dump(exclude_unset=True))
    guard = Guard(limited)
    assert guard.admit(KeyScope.INGEST, f"Bearer {TOKEN}", "10.0.0.1")
    outcomes = []
    for number in range(5):
        with pytest.raises(Exception) as refused:  # noqa: PT011 - which one is looked at below
            guard.admit(KeyScope.INGEST, f"Bearer guess {number}", "10.0.0.1")
        outcomes.append(isinstance(refused.value, TooManyError))
    assert outcomes == [False, False, False, True, True]
    with pytest.raises(TooManyError):
        guard.admit(KeyScope.INGEST, f"Bearer {TOKEN}", "10.0.0.1")
    assert guard.admit(KeyScope.INGEST, f"Bearer {TOKEN}", "10.0.0.2")


def test_a_file_of_keys_that_others_may_write_now_opens_nothing_though_it_is_as_it_was(
    web: TestClient, settings: HttpSettings
) -> None:
    headers = keyed(settings, KeyScope.READ)
    path = keys_file(settings.index, None)
    assert web.get("/v1/status", headers=headers).status_code == 200
    path.chmod(0o666)
    assert_problem(web.get("/v1/status", headers=headers), 503, "keys")
    path.chmod(0o600)
    assert web.get("/v1/status", headers=headers).status_code == 200


def test_the_log_is_where_operators_read_it(settings: HttpSettings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    headers = keyed(settings, KeyScope.READ)
    keys_file(settings.index, None).write_bytes(b"{")
    with TestClient(create_app(settings, HashEmbedder())) as client:
        client.get("/v1/status", headers=headers)
    assert any("cannot be read" in record.getMessage() for record in caplog.records)

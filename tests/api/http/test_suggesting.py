"""What can be asked is looked for in the background and kept."""

import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app, suggesting
from search.archive import LocalArchive
from search.asking.suggestions import Kind, Suggestion
from tests.fakes import MISSILES, RATES, HashEmbedder, make_article, store

PATIENCE = 20.0


def test_questions_are_looked_for_in_the_background_until_they_are_complete(folder: Path) -> None:
    settings = HttpSettings.load(index=folder, wanted_precision=0)
    with TestClient(create_app(settings, HashEmbedder())) as client:
        told = client.get("/v1/suggestions").json()
        assert told == {"complete": False, "questions": []}
        until = time.monotonic() + PATIENCE
        while not told["complete"] and time.monotonic() < until:
            time.sleep(0.05)
            told = client.get("/v1/suggestions").json()
        assert told["complete"]
        for one in told["questions"]:
            answer = client.get("/v1/ask", params={"q": one["question"]}).json()
            assert answer["citations"][0]["article_id"] == one["article_id"]
        assert client.get("/v1/suggestions").json() == told


def test_an_archive_that_is_not_there_has_no_questions(tmp_path: Path) -> None:
    with TestClient(create_app(HttpSettings.load(index=tmp_path), HashEmbedder())) as client:
        assert client.get("/v1/suggestions").status_code == 503


def test_questions_of_articles_that_are_gone_or_have_other_words_are_left_out_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalArchive.create(tmp_path / "archive", HashEmbedder().card) as archive:
        store(archive, HashEmbedder(), MISSILES, RATES, make_article("pier", "The pier opened on Monday."))
    found = (
        Suggestion("Who has missiles?", Kind.PERSON, "", MISSILES.id),
        Suggestion("What was cut?", Kind.FIGURE, "", RATES.id),
        Suggestion("When did the pier open?", Kind.TIME, "on Monday", "pier"),
    )
    monkeypatch.setattr(suggesting, "suggest", lambda *_, **__: found)
    settings = HttpSettings.load(index=tmp_path / "archive", writable=True)
    with TestClient(create_app(settings, HashEmbedder())) as client:

        def told() -> list[str]:
            return [one["article_id"] for one in client.get("/v1/suggestions").json()["questions"]]

        until = time.monotonic() + PATIENCE
        while not told() and time.monotonic() < until:
            time.sleep(0.05)
        assert told() == [MISSILES.id, RATES.id, "pier"]
        assert client.delete(f"/v1/articles/{MISSILES.id}").is_success
        assert told() == [RATES.id, "pier"]
        client.put("/v1/articles/pier", json={"body": "The pier opened on Tuesday."})
        assert told() == [RATES.id]

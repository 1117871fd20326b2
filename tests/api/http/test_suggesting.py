"""What can be asked is looked for in the background and kept."""

import time
from pathlib import Path

from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from tests.fakes import HashEmbedder

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

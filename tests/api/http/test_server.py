import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from api.http import HttpSettings
from api.http.server import serve
from search.asking.engine import Engine
from search.errors import SettingsError
from tests.api.http.articles import ARTICLES
from tests.api.http.assertions import assert_problem

PATIENCE = 60
SERVE = """
import sys
from api.http import HttpSettings
from api.http.server import serve
serve(HttpSettings.load(index=sys.argv[1], model=sys.argv[2], http_port=0))
"""


@pytest.fixture
def web(address: str) -> Iterator[httpx2.Client]:
    """Asks over the network."""
    with httpx2.Client(base_url=address, timeout=PATIENCE, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("id_", [article.id for article in ARTICLES])
def test_every_article_can_be_fetched_by_its_encoded_id(web: httpx2.Client, id_: str) -> None:
    response = web.get(f"/v1/articles/{quote(id_, safe='')}")
    assert response.status_code == 200
    assert response.json()["id"] == id_


def test_what_is_asked_at_the_same_time_is_answered_as_if_it_was_asked_alone(web: httpx2.Client) -> None:
    questions = ["Who struck the bridge?", "When was the rate cut?", "sardines", "rooster on the spire"] * 6
    alone = {question: web.get("/v1/ask", params={"q": question}).content for question in set(questions)}
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: web.get("/v1/ask", params={"q": question}).content, questions))
    assert together == [alone[question] for question in questions]


def test_the_health_of_the_server_is_told_while_questions_are_answered(
    web: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = threading.Event(), threading.Event()
    original = Engine.ask

    def ask_slowly(self: Engine, *arguments: object, **named: object) -> object:
        asked.set()
        assert answer.wait(PATIENCE)
        return original(self, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "ask", ask_slowly)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(web.get, "/v1/ask", params={"q": "missiles"})
        assert asked.wait(PATIENCE)
        assert web.get("/livez").status_code == 200
        assert not slow.done()
        answer.set()
        assert slow.result(PATIENCE).status_code == 200


def test_a_port_that_another_process_listens_on_is_told(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port}: Address already in use") as caught:
            serve(HttpSettings.load(index=folder, http_port=port))
    assert "--port" in caught.value.remedy


def test_a_served_process_says_what_is_missing_and_ends_when_told(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", SERVE, str(tmp_path / "archive"), str(tmp_path / "model")]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        watchdog = threading.Timer(PATIENCE, process.kill)
        watchdog.start()
        try:
            assert process.stderr
            found = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stderr)
            address = next(match.group() for match in found if match)
            assert httpx2.get(f"{address}/livez", trust_env=False).status_code == 200
            assert_problem(httpx2.get(f"{address}/readyz", trust_env=False), 503, "archive-missing")
            httpx2.get(f"{address}/v1/ask?q=secret", trust_env=False)
            process.send_signal(signal.SIGTERM)
            output, log = process.communicate(timeout=PATIENCE)
        finally:
            watchdog.cancel()
            process.kill()
    assert output == ""
    assert "secret" not in log
    assert "Traceback" not in log

"""Record the examples of the OpenAPI description from the sample corpus, and write the description down.

python scripts/record_examples.py                 record `api/http/examples.json`, then write `docs/openapi.json`
python scripts/record_examples.py --description   write `docs/openapi.json` only: after another change of the API

The description is the contract: a change of it is seen in review, and a test fails while it is not written down.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from api.http.openapi import ARTICLE_ID, CLAIMS, QUESTIONS, SENT
from indexer.pipeline import index
from indexer.readers import ReadOptions
from search.archive import create_archive
from search.models.embedding import load_embedder

REPOSITORY = Path(__file__).resolve().parent.parent
EXAMPLES = REPOSITORY / "api" / "http" / "examples.json"
DESCRIPTION = REPOSITORY / "docs" / "openapi.json"
_PATIENCE_SECONDS = 120
_PAUSE_SECONDS = 0.2
_QUESTION = QUESTIONS["plain"]["value"]
_SENT = SENT["full"]["value"]
_FOLDER = ".dateline"
_LINES_SHOWN = 12
_LINES = {"Content-Type": "application/x-ndjson"}


class Recorder:
    """Sends requests and keeps what is answered."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self.kept: dict[str, dict[str, Any]] = {}

    def record(self, operation: str, name: str, summary: str, method: str, path: str, **request: Any) -> Any:
        """Keep an answer under the id of its operation and its status, and return it.

        Raises:
            RuntimeError: If the server refuses the request.
        """
        response = self._client.request(method, path, **request)
        if response.is_error:
            raise RuntimeError(f"{method} {path}: {response.text}")
        is_json = "json" in response.headers["Content-Type"] and "ndjson" not in response.headers["Content-Type"]
        value = response.json() if is_json else response.text
        shown = {"summary": summary, "value": value}
        self.kept.setdefault(f"{operation} {response.status_code}", {})[name] = shown
        return value


def record(client: TestClient) -> dict[str, dict[str, Any]]:
    """Ask everything that an example is wanted of, in an order in which nothing changes what follows."""
    recorder = Recorder(client)
    keep = recorder.record
    answer = keep("ask", "found", "An answer", "GET", "/v1/ask", params={**_QUESTION, "k": 1})
    unknown = {"q": "Who won the chess Olympiad?"}
    keep("write", "quotes", "Quotes alone", "GET", "/v1/written", params={**_QUESTION, "k": 1})
    keep("ask", "not found", "No answer", "GET", "/v1/ask", params=unknown)
    keep("search", "passages", "Two passages", "GET", "/v1/search", params={"q": "ballistic missiles", "k": 2})
    subject = {"q": "missiles for Russia", "k": 2, "grouping": "month"}
    keep("timeline", "timeline", "Two entries", "GET", "/v1/timeline", params=subject)
    questions = "".join(f"{json.dumps(one)}\n" for one in ({**_QUESTION, "k": 1}, {"q": "Who won?", "k": 0}))
    keep("ask_many", "two", "An answer and a refusal", "POST", "/v1/batch/ask", content=questions, headers=_LINES)
    citation = answer["citations"][0]["id"]
    quoted = CLAIMS["text"]["value"]["text"].rpartition("[")[0] + f"[{citation}]."
    keep(
        "verify_quotes", "report", "A quote that was set differently", "POST", "/v1/verify", json={"text": quoted}
    )
    keep("resolve_citation", "quote", "A quote", "GET", f"/v1/citations/{citation}")
    keep("read_article", "article", "An article", "GET", f"/v1/articles/{ARTICLE_ID}")
    keep("read_readings", "readings", "Its times and statements", "GET", f"/v1/readings/{ARTICLE_ID}")
    keep("list_articles", "page", "A page", "GET", "/v1/articles", params={"k": 2, "source": "Dateline Wire"})
    keep("facets", "facets", "A whole archive", "GET", "/v1/facets")
    while not client.get("/v1/suggestions").json()["complete"]:
        time.sleep(_PAUSE_SECONDS)
    keep("suggest", "suggestions", "Questions of the archive", "GET", "/v1/suggestions")
    status = keep("read_status", "status", "An archive and its model", "GET", "/v1/status")
    status["archive"]["folder"] = _FOLDER
    keep("livez", "alive", "Alive", "GET", "/livez")
    keep("readyz", "ready", "Ready", "GET", "/readyz")
    figures = keep("read_metrics", "beginning", "The beginning", "GET", "/metrics")
    shown = "".join(figures.splitlines(keepends=True)[:_LINES_SHOWN])
    recorder.kept["read_metrics 200"]["beginning"]["value"] = shown
    snapshot = status["archive"]["snapshot"]
    path = f"/v1/articles/{_SENT['id']}"
    keep("put_article", "created", "Created", "PUT", path, json=_SENT)
    keep("put_article", "replaced", "Replaced", "PUT", path, json={**_SENT, "version": 2})
    batch = [SENT["least"]["value"], {"body": "It rained.", "published": "some day"}]
    keep("post_articles", "partly", "One stored, one refused", "POST", "/v1/articles", json=batch)
    keep("follow_changes", "page", "A page", "GET", "/v1/changes", params={"since": snapshot, "k": 1})
    return recorder.kept


def main() -> None:
    """Record the examples unless told not to, and write the description."""
    if "--description" not in sys.argv:
        _record()
        # The examples are read when modules are imported: another Python has the new ones.
        subprocess.run([sys.executable, __file__, "--description"], check=True)  # noqa: S603 - ourselves
        return
    text = json.dumps(create_app(HttpSettings.load()).openapi(), indent=1, ensure_ascii=False)
    DESCRIPTION.write_text(f"{text}\n", encoding="utf-8")


def _record() -> None:
    # Ids are made of paths where a file tells none: from one place, they are the same every time.
    sample = Path(tempfile.gettempdir()) / "dateline-sample"
    shutil.copytree(REPOSITORY / "corpus", sample / "corpus", dirs_exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = HttpSettings.load(index=Path(folder) / "archive", writable=True)
        embedder = load_embedder(settings)
        with create_archive(settings.index, embedder.card) as archive:
            index([sample / "corpus"], archive, embedder, ReadOptions())
        with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
            client.app.state.room.wait(_PATIENCE_SECONDS)  # type: ignore[attr-defined]
            kept = record(client)
    text = json.dumps(kept, indent=1, ensure_ascii=False).replace(f"{sample}/", "/srv/news/")
    EXAMPLES.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

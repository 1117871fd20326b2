"""`dateline ask --written`: a model's words below the quotes, marked as such."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.cli.terminal import output
from api.cli.writing import Wording
from api.writing.settings import WriterSettings
from api.writing.writer import Writer
from search.archive import LocalArchive
from search.asking.engine import Engine
from search.filters import Filter
from search.models.embedding import Embedder
from search.settings import Settings
from tests.api.writing.endpoint import Endpoint, Reply, endpoint, streamed, written
from tests.commands import run_command
from tests.fakes import NEWS, store

QUESTION = "Who accused Iran of sending missiles to Russia?"
GOOD = ("Iran has sent missiles to Russia, Antony Blinken said.", [1])


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    folder = tmp_path_factory.mktemp("written") / "archive"
    with LocalArchive.create(folder, embedder.card) as archive:
        store(archive, embedder, *NEWS)
    return folder


@pytest.fixture(scope="module")
def served() -> Iterator[Endpoint]:
    with endpoint() as served:
        served.reply = lambda _: Reply(streamed(written(GOOD, ("Putin bought 9 ships.", [1]))))
        yield served


@pytest.mark.model
def test_it_stands_below_the_quotes_and_is_marked(index: Path, model_cache: Path, served: Endpoint) -> None:
    environment = {"DATELINE_CACHE": str(model_cache), "DATELINE_WRITER_URL": served.address}
    asked = run_command("ask", QUESTION, "--written", "-k", "1", "--index", index, **environment)
    assert asked.returncode == 0, asked.stderr
    quotes, _, below = asked.stdout.partition("Written by a language model")
    assert "Iran has sent missiles to Russia" in quotes
    assert f"{GOOD[0]} [1]" in below
    assert "Left out" in below
    assert "Putin" not in asked.stdout
    as_json = run_command("ask", QUESTION, "--written", "-k", "1", "--json", "--index", index, **environment)
    whole = json.loads(as_json.stdout)
    assert whole["citations"]
    assert whole["written"]["sentences"] == [{"text": GOOD[0], "citations": [1]}]


@pytest.mark.model
def test_quotes_are_printed_before_a_model_is_asked(
    index: Path, embedder: Embedder, served: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = []
    with LocalArchive.open(index) as archive:
        found = Engine(archive, embedder, Settings.load()).ask(QUESTION, 1, Filter())
    assert found.found
    wording = Wording(Writer(WriterSettings.load(writer_url=served.address)))
    good = served.reply

    def reply(asked: dict[str, Any]) -> Reply:
        seen.append(capsys.readouterr().out)
        return good(asked)

    served.reply = reply
    wording.render(output(), wording.respond(found))
    served.reply = good
    assert found.citations[0].quote.split()[-1] in seen[0]
    assert "Written by" not in seen[0]
    assert GOOD[0] in capsys.readouterr().out


def test_without_an_endpoint_it_says_what_to_set(index: Path) -> None:
    asked = run_command("ask", QUESTION, "--written", "--index", index)
    assert asked.returncode != 0
    assert "DATELINE_WRITER_URL" in asked.stderr

"""The HTTP client, against a server on the loopback interface."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("msgspec", reason="the client's dependencies are not installed")

import dateline_client
import httpx2
from dateline_client import AsyncClient, Client, Condition, DatelineError, NotFoundError, UnreachableError

from api import schemas
from tests.fakes import MISSILES, NEWS

PATIENCE = 60
HOME = Path(__file__).resolve().parents[2] / "clients/http"
QUESTION = "Who said that Russia will likely use the missiles?"


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address) as client:
        yield client


def test_everything_can_be_asked(client: Client) -> None:
    answer = client.ask(QUESTION, 2, Condition(published_from=date(2024, 9, 1), sources=["Wire"]))
    assert answer.found
    first = answer.citations[0]
    assert first.quote == MISSILES.body[first.start : first.end]
    assert client.cite(first.id).quote == first.quote
    assert client.article(first.article_id).body == MISSILES.body
    assert client.search("missiles", method="lexical").passages[0].article_id == "missiles"
    assert client.timeline("missiles", grouping="month").grouping == "month"
    report = client.verify('It says: "Iran has sent missiles to Russia". And: "We shall never sail on Sundays."')
    assert [result.verified for result in report.results] == [True, False]
    assert client.verify(claims=[{"quote": first.quote, "article_id": "missiles"}]).verified
    assert client.status().archive["articles"] == len(NEWS)


def test_not_found_is_an_answer(client: Client) -> None:
    answer = client.ask("Which tulips bloom on the moons of Saturn?")
    assert not answer.found
    assert answer.tier == "not_found"
    assert answer.reason


def test_each_of_several_questions_has_an_answer(client: Client) -> None:
    answer = client.ask("Who sent missiles to Russia and who composed the opera about quicksilver?")
    assert [part.found for part in answer.parts] == [True, False]
    assert answer.parts[0].citations[0] == answer.citations[0]
    assert answer.reading["shape"] == "one"


def test_what_is_refused_is_raised_with_what_the_server_says(client: Client) -> None:
    with pytest.raises(NotFoundError) as missing:
        client.article("no such/article")
    assert (missing.value.kind, missing.value.status) == ("article-not-found", 404)
    with pytest.raises(DatelineError) as wrong:
        client.ask("missiles", condition=Condition(about_from=date(2024, 2, 1), about_to=date(2024, 1, 1)))
    assert wrong.value.kind == "query"
    assert "Swap the two." in wrong.value.remedy
    with Client("http://127.0.0.1:9") as nobody, pytest.raises(UnreachableError, match="dateline serve"):
        nobody.status()


def test_it_can_be_asked_without_waiting(address: str, client: Client) -> None:
    async def ask_together() -> list[object]:
        async with AsyncClient(address) as other:
            return await asyncio.gather(
                other.ask(QUESTION), other.search("missiles"), other.article("missiles"), other.status()
            )

    answer, found, article, status = asyncio.run(ask_together())
    assert (answer, found) == (client.ask(QUESTION), client.search("missiles"))
    assert (article, status.archive["articles"]) == (client.article("missiles"), len(NEWS))  # type: ignore[attr-defined]


def test_a_key_is_sent_as_a_bearer_token_and_not_shown() -> None:
    sent: list[str | None] = []

    def refuse(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.headers.get("Authorization"))
        return httpx2.Response(401, json={"type": "urn:problem-type:dateline:not-authorised", "detail": "No."})

    async def ask(key: str) -> None:
        async with AsyncClient("http://there", key=key, transport=httpx2.MockTransport(refuse)) as other:
            await other.status()

    with Client("http://there", key="dl_secret", transport=httpx2.MockTransport(refuse)) as client:
        with pytest.raises(DatelineError, match="No") as wrong:
            client.status()
        assert "dl_secret" not in repr((client, vars(client), wrong.value))
    with pytest.raises(DatelineError):
        asyncio.run(ask("dl_other"))
    with Client("http://there", transport=httpx2.MockTransport(refuse)) as client, pytest.raises(DatelineError):
        client.status()
    assert sent == ["Bearer dl_secret", "Bearer dl_other", None]
    with pytest.raises(ValueError, match="characters") as refused:
        Client("http://there", key="dl_sécret")
    assert "cret" not in str(refused.value)


def test_its_example_runs(address: str) -> None:
    done = subprocess.run(
        [sys.executable, str(HOME / "examples/ask.py"), address, *QUESTION.split()],
        env={"PYTHONPATH": str(HOME / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert "missiles [" in done.stdout


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Answer", "AnswerResponse"),
        ("Article", "ArticleResponse"),
        ("Citation", "CitationOut"),
        ("Earlier", "EarlierOut"),
        ("Listed", "ListedOut"),
        ("SearchResult", "SearchResponse"),
        ("Timeline", "TimelineResponse"),
        ("Verification", "VerificationOut"),
        ("VerificationReport", "VerificationResponse"),
        ("CitedQuote", "CitedQuoteResponse"),
        ("Status", "StatusResponse"),
    ],
)
def test_its_results_have_fields_of_the_server(ours: str, theirs: str) -> None:
    known = getattr(schemas, theirs).model_fields
    assert {field.name for field in fields(getattr(dateline_client, ours))} <= set(known)


def test_its_public_names_are_sorted() -> None:
    assert sorted(dateline_client.__all__) == dateline_client.__all__

"""Quotes verified, and citation ids resolved, over HTTP."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from search.archive import LocalArchive
from search.article import Article, Withdrawal
from search.quoting.citation_id import citation_id
from tests.api.http.articles import ARTICLES, HOSTILE
from tests.api.http.assertions import assert_problem
from tests.fakes import MISSILES, HashEmbedder, make_article, published, store

SENTENCE = "Tehran denied it."
START = MISSILES.body.index(SENTENCE)
ID = citation_id("missiles", START, START + len(SENTENCE), SENTENCE)


@pytest.fixture(scope="module")
def modelless(folder: Path) -> Iterator[TestClient]:
    """Asks a server whose model cannot be loaded."""
    settings = HttpSettings.load(index=folder, model=str(folder / "none"), max_claims=5, max_quote_chars=300)
    with TestClient(create_app(settings)) as client:
        yield client


def verify(client: TestClient, **body: Any) -> dict[str, Any]:
    response = client.post("/v1/verify", json=body)
    assert response.status_code == 200, response.text
    return response.json()


def test_the_answers_of_the_server_are_verified(client: TestClient) -> None:
    answer = client.get("/v1/ask", params={"q": "When will Russia use missiles in Ukraine?"})
    report = verify(client, text=answer.text)
    assert report["verified"]
    checked = {result["where"]: result["status"] for result in report["results"]}
    assert set(checked.values()) == {"exact"}
    assert {f"citations[{number}]" for number in range(len(answer.json()["citations"]))} <= checked.keys()
    assert verify(client, claims=answer.json()["char_locations"])["verified"]


def test_a_text_is_verified_without_a_model(modelless: TestClient) -> None:
    report = verify(
        modelless, text="He said: “Russia will likely use them within weeks” and “nobody ever said this”."
    )
    assert [result["status"] for result in report["results"]] == ["exact", "absent"]
    assert not report["verified"]
    found = report["results"][0]["found"]
    assert found["article_id"] == "missiles"
    assert MISSILES.body[found["start"] : found["end"]] == found["quote"]
    assert found["link"].startswith("https://news.example/2024/missiles#:~:text=")
    assert modelless.get(f"/v1/citations/{found['id']}").json()["quote"] == found["quote"]
    assert report["unchecked_words"] == 3


def test_a_claim_tells_what_is_wrong_with_it(modelless: TestClient) -> None:
    report = verify(
        modelless,
        claims=[
            {"quote": SENTENCE, "article_id": "rates"},
            {"quote": SENTENCE, "article_id": "missiles", "start": 0, "end": 17},
            {"quote": "x" * 301},
            7,
            {"quote": SENTENCE, "start": 1},
        ],
    )
    assert [(result["status"], result["moved"]) for result in report["results"]] == [
        ("misattributed", False),
        ("exact", True),
    ]
    assert [refused["where"] for refused in report["refused"]] == ["claims[3]", "claims[2]", "claims[4]"]


def test_half_a_surrogate_pair_is_refused_by_itself(modelless: TestClient) -> None:
    content = b'{"claims": [{"quote": "half \\ud83d"}, {"quote": "Tehran denied it."}]}'
    response = modelless.post("/v1/verify", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 200, response.text
    assert "surrogate" in response.json()["refused"][0]["reason"]
    assert response.json()["counts"]["exact"] == 1


def test_half_a_surrogate_pair_in_a_text_is_refused_with_its_quote(modelless: TestClient) -> None:
    quotes = "“Tehran denied \\ud83d it twice” and “Russia will likely use them” [1:2] of \\udc00"
    for text in (quotes, "\\ud83d"):
        content = f'{{"text": "{text}"}}'.encode()
        response = modelless.post("/v1/verify", content=content, headers={"Content-Type": "application/json"})
        assert response.status_code == 200, response.text
        reasons = [refused["reason"].partition(" ")[0] for refused in response.json()["refused"]]
        assert reasons == (["quote", "article_id"] if text == quotes else [])
        assert not response.json()["verified"]


@pytest.mark.parametrize(
    "body", [{}, {"text": "x", "claims": []}, {"claims": {}}, {"text": 1}, {"text": "x", "k": 1}]
)
def test_a_request_that_is_neither_text_nor_claims_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    assert_problem(client.post("/v1/verify", json=body), 422, "invalid-request")


def test_too_many_claims_are_refused(modelless: TestClient) -> None:
    problem = assert_problem(modelless.post("/v1/verify", json={"claims": [{"quote": "x"}] * 6}), 422, "query")
    assert "at most 5" in problem["detail"]


def test_the_server_has_a_limit_of_its_own(folder: Path) -> None:
    settings = HttpSettings.load(index=folder, http_max_claims=2)
    with TestClient(create_app(settings, HashEmbedder())) as client:
        assert verify(client, claims=[{"quote": SENTENCE}] * 2)["verified"]
        problem = assert_problem(client.post("/v1/verify", json={"claims": [{"quote": "x"}] * 3}), 422, "query")
    assert "at most 2" in problem["detail"]
    assert "DATELINE_HTTP_MAX_CLAIMS" in problem["remedy"]


@pytest.mark.parametrize("body", [{"text": ""}, {"text": "No quote."}, {"claims": []}, {"text": '{"claims": []}'}])
def test_where_there_is_nothing_to_check_nothing_is_verified(modelless: TestClient, body: dict[str, Any]) -> None:
    report = verify(modelless, **body)
    assert (report["nothing_to_check"], report["verified"]) == (True, False)


def test_what_became_of_the_article_is_told(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    killed = make_article("killed", "The mayor of Lisbon has resigned today.", source="Wire")
    first = make_article("first", "The harbour will close on Monday morning.", source="Wire")
    second = replace(make_article("second", "The harbour will stay open.", source="Wire"), supersedes="first")
    with LocalArchive.create(tmp_path / "archive", embedder.card) as archive:
        store(archive, embedder, killed, first, second)
        with archive.write() as writer:
            writer.withdraw(Withdrawal(("killed",), "He has not.", published("2024-05-02"), source="Wire"))
            writer.commit()
    claims = [{"quote": article.body, "article_id": article.id} for article in (killed, first, second)]
    with TestClient(create_app(HttpSettings.load(index=tmp_path / "archive"), embedder)) as client:
        report = verify(client, claims=claims)
        cited = [
            client.get(f"/v1/citations/{citation_id(article.id, 0, len(article.body), article.body)}").json()
            for article in (killed, first, second)
        ]
    assert (report["verified"], report["withdrawn"], report["superseded"]) == (False, 1, 1)
    for told in (cited, [result | result["found"] for result in report["results"]]):
        assert [place["status"] for place in told] == ["exact"] * 3
        assert [place["verified"] for place in told] == [False, True, True]
        assert [place["superseded_by"] for place in told] == [None, "second", None]
        reasons = [place["withdrawn"]["reason"] if place["withdrawn"] else None for place in told]
        assert reasons == ["He has not.", None, None]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "body: It is missing."),
        (b"\x89PNG\r\n\x1a\n", "body: This is not JSON"),
        (b'{"text": "caf\xe9"}', "body: This is not JSON: it is not UTF-8 at byte 13."),
        (b'{"text": ', "body: This is not JSON: Expecting value at character 9."),
        (b'{"claims": ' + b"[" * 30_000, "body: This is not JSON: it is nested too deep."),
        (b'{"claims": [1' + b"0" * 5_000 + b"]}", "body: This is not JSON: a number in it has too many digits."),
        (b"[]", "body: It must be an object."),
        (b'{"text": 1}', "text: It must be a text."),
        (b'{"claims": {}}', "claims: It must be a list."),
        (b'{"quotes": []}', "quotes: There is no such parameter."),
    ],
)
def test_a_body_that_cannot_be_read_is_told_what_is_wrong(client: TestClient, content: bytes, said: str) -> None:
    response = client.post("/v1/verify", content=content, headers={"Content-Type": "application/json"})
    problem = assert_problem(response, 422, "invalid-request")
    assert problem["detail"].startswith(said)


def test_a_body_that_is_too_long_is_refused(client: TestClient) -> None:
    problem = assert_problem(client.post("/v1/verify", json={"text": "x" * 70_000}), 413)
    assert "65536 bytes" in problem["detail"]


@pytest.mark.parametrize("text", ["\\ud83d", "a.1-2.0f3d6f1c0d9f\\udc00", "\\u0000", "x", "\\u00ad", "/../.."])
def test_a_citation_id_that_is_none_is_refused_by_itself(modelless: TestClient, text: str) -> None:
    content = f'{{"claims": [{{"citation_id": "{text}"}}, {{"quote": "{SENTENCE}"}}]}}'
    response = modelless.post("/v1/verify", content=content.encode(), headers={"Content-Type": "application/json"})
    assert response.status_code == 200, response.text
    (refused,) = response.json()["refused"]
    assert refused["where"] == "claims[0]"
    assert "citation" in refused["reason"]
    assert response.json()["counts"]["exact"] == 1


def test_only_json_is_verified(client: TestClient) -> None:
    assert_problem(client.post("/v1/verify", content=b"text"), 415)
    assert_problem(client.get("/v1/verify"), 405)


def test_a_citation_id_is_resolved(modelless: TestClient) -> None:
    cited = modelless.get(f"/v1/citations/{ID}").json()
    assert cited["link"] == "https://news.example/2024/missiles#:~:text=Tehran%20denied%20it."
    assert cited["published"]["value"] == "2024-09-10"
    assert {name: cited[name] for name in ("id", "article_id", "headline", "source", "quote", "start", "end")} == {
        "id": ID,
        "article_id": "missiles",
        "headline": MISSILES.headline,
        "source": "Wire",
        "quote": SENTENCE,
        "start": START,
        "end": START + len(SENTENCE),
    }
    assert (cited["status"], cited["moved"]) == ("exact", False)


def test_a_quote_is_found_by_its_digest_where_it_moved(modelless: TestClient) -> None:
    cited = modelless.get(f"/v1/citations/{citation_id('missiles', 3, 3 + len(SENTENCE), SENTENCE)}").json()
    assert (cited["id"], cited["moved"]) == (ID, True)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_any_article_can_be_cited(modelless: TestClient, article: Article) -> None:
    quote = article.body[:12]
    cited = modelless.get(f"/v1/citations/{citation_id(article.id, 0, 12, quote)}").json()
    assert (cited["article_id"], cited["quote"]) == (article.id, quote)
    report = verify(modelless, claims=[{"quote": article.body.split("\n\n")[0], "article_id": article.id}])
    assert report["results"][0]["status"] == "exact"


def test_an_address_that_is_no_web_address_is_no_link(modelless: TestClient) -> None:
    text = citation_id("hostile", 0, 8, HOSTILE.body[:8])
    assert modelless.get(f"/v1/citations/{text}").json()["link"] is None


@pytest.mark.parametrize("text", [citation_id("gone", 0, 4, "Gone"), citation_id("missiles", 0, 4, "Gone")])
def test_a_citation_that_is_not_there_is_not_found(client: TestClient, text: str) -> None:
    problem = assert_problem(client.get(f"/v1/citations/{text}"), 404, "citation-not-found")
    assert problem["remedy"]


@pytest.mark.parametrize("text", ["x", "missiles", "a.1-2.0f3d6f1c0d9", "%00", "é"])
def test_what_is_no_citation_id_is_refused(client: TestClient, text: str) -> None:
    assert_problem(client.get(f"/v1/citations/{text}"), 422, "query")


def test_without_an_archive_nothing_is_verified(tmp_path: Path) -> None:
    with TestClient(create_app(HttpSettings.load(index=tmp_path), HashEmbedder())) as client:
        assert_problem(client.post("/v1/verify", json={"text": "x"}), 503, "archive-missing")
        assert_problem(client.get(f"/v1/citations/{ID}"), 503, "archive-missing")

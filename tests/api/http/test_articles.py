"""Articles are stored, replaced and removed over HTTP, each write whole, told and seen at once."""

import json
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.http import HttpSettings, create_app
from indexer.canonical import canonical_body
from search.archive import LocalArchive
from search.article import Withdrawal
from tests.api.http.assertions import assert_problem
from tests.fakes import MISSILES, HashEmbedder, store
from tests.lengths import examples

BODY = "The ferry to Gotland sails again on Monday, the harbour master said.\n\nTickets are sold out."
LINES = {"Content-Type": "application/x-ndjson"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def writable(tmp_path: Path) -> HttpSettings:
    return HttpSettings.load(index=tmp_path / "archive", writable=True, http_max_batch=5, least_closeness=0.2)


@pytest.fixture
def desk(writable: HttpSettings) -> Iterator[TestClient]:
    """Asks a server that may change its archive, of which there is none yet."""
    with TestClient(create_app(writable, HashEmbedder())) as client:
        yield client


def put(desk: TestClient, id_: str = "ferry", headers: dict[str, str] | None = None, **fields: Any) -> Any:
    return desk.put(f"/v1/articles/{id_}", json={"body": BODY, **fields}, headers=headers)


def test_an_article_is_created_then_unchanged_then_replaced(desk: TestClient) -> None:
    first, again, other = put(desk), put(desk), put(desk, headline="Ferry sails")
    assert (first.status_code, first.json()["status"]) == (201, "created")
    assert first.headers["location"] == "/v1/articles/ferry"
    assert (again.status_code, again.json()["status"]) == (200, "unchanged")
    assert again.json()["snapshot"] == first.json()["snapshot"]
    assert (other.status_code, other.json()["status"]) == (200, "replaced")
    assert other.json()["snapshot"] == first.json()["snapshot"] + 1
    assert first.headers["etag"] == again.headers["etag"] == f'"{first.json()["content_hash"]}"'
    assert other.headers["etag"] != first.headers["etag"]


def test_questions_see_a_write_at_once(desk: TestClient) -> None:
    put(desk, published="2024-09-10")
    found = desk.get("/v1/ask", params={"q": "When does the ferry to Gotland sail?"}).json()
    assert found["citations"][0]["article_id"] == "ferry"
    assert found["citations"][0]["quote"] in BODY
    assert desk.delete("/v1/articles/ferry").status_code == 204
    assert desk.get("/v1/search", params={"q": "ferry to Gotland"}).json()["passages"] == []


def test_an_article_comes_back_as_it_was_sent(desk: TestClient) -> None:
    sent = {
        "headline": "Ferry sails",
        "published": "2024-09-10T12:31+02:00",
        "standfirst": "Monday it is.",
        "byline": "By A. Reporter",
        "dateline": "VISBY, Sept 10",
        "source": "Example Wire",
        "url": "https://wire.example/ferry",
        "section": "Travel",
        "version": 2,
        "supersedes": "ferry-first-take",
    }
    notice = {"kind": "correction", "text": "Corrects the day."}
    put(desk, **sent, language="en-GB", notice=notice)
    stored = desk.get("/v1/articles/ferry").json()
    assert stored["body"] == BODY
    assert stored["published"]["value"] == sent.pop("published")
    assert stored["published"]["precision"] == "minute"
    assert stored["language"] == "en"
    assert stored["notice"] == notice
    assert {name: stored[name] for name in sent} == sent


def test_what_a_client_has_already_is_not_sent_again(desk: TestClient) -> None:
    tag = put(desk).headers["etag"]
    assert desk.get("/v1/articles/ferry").headers["etag"] == tag
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        response = desk.get("/v1/articles/ferry", headers={"If-None-Match": known})
        assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", tag)
    assert desk.get("/v1/articles/ferry", headers={"If-None-Match": '"other"'}).status_code == 200


def test_an_article_that_was_withdrawn_or_copied_has_another_tag(desk: TestClient, writable: HttpSettings) -> None:
    body = " ".join(f"The {word} was loaded at the quay of Visby before the storm." for word in "abcdefghij")
    tag = put(desk, body=body).headers["etag"]
    put(desk, "copy", body=body, source="Other Wire")
    of_family = desk.get("/v1/articles/ferry").headers["etag"]
    with LocalArchive.open(writable.index) as archive, archive.write() as writer:
        writer.withdraw(Withdrawal(("ferry",), "It was wrong."))
        writer.commit()
    withdrawn = desk.get("/v1/articles/ferry", headers={"If-None-Match": of_family})
    assert withdrawn.status_code == 200
    assert len({tag, of_family, withdrawn.headers["etag"]}) == 3
    changed = put(desk, headline="Anew", headers={"If-Match": withdrawn.headers["etag"]})
    assert changed.json()["status"] == "replaced"


def test_a_change_is_made_only_to_what_was_seen(desk: TestClient) -> None:
    tag = put(desk).headers["etag"]
    later = put(desk, headline="Later", headers={"If-Match": f'"other", {tag}'}).headers["etag"]
    for headers in (
        {"If-Match": tag},
        {"If-Match": f"W/{later}"},
        {"If-None-Match": "*"},
        {"If-None-Match": later},
    ):
        assert_problem(put(desk, headline="Lost", headers=headers), 412, "article-changed")
    assert_problem(desk.delete("/v1/articles/ferry", headers={"If-Match": tag}), 412, "article-changed")
    assert_problem(put(desk, "new", headers={"If-Match": "*"}), 412, "article-changed")
    assert_problem(desk.get("/v1/articles/new"), 404, "article-not-found")
    assert desk.get("/v1/articles/ferry").json()["headline"] == "Later"
    assert put(desk, "new", headers={"If-None-Match": "*"}).status_code == 201
    assert desk.delete("/v1/articles/ferry", headers={"If-Match": later}).status_code == 204


@pytest.mark.parametrize(
    "tags", ["", "abc", '"a" "b"', '"a",', "*, *", '"' + "a" * 9_000 + '"'], ids=lambda t: t[:9]
)
def test_a_malformed_tag_is_refused_and_named(desk: TestClient, tags: str) -> None:
    put(desk)
    for response in (
        put(desk, headers={"If-Match": tags}),
        desk.delete("/v1/articles/x", headers={"If-Match": tags}),
    ):
        problem = assert_problem(response, 422, "invalid-request")
        assert [(fault["where"], fault["name"]) for fault in problem["errors"]] == [("header", "If-Match")]
    assert desk.get("/v1/articles/ferry", headers={"If-None-Match": tags}).status_code == 422


def test_of_two_that_change_the_same_version_at_once_one_is_told(desk: TestClient) -> None:
    tag = put(desk).headers["etag"]
    for turn in range(10):
        with ThreadPoolExecutor(2) as pool:
            made = list(
                pool.map(lambda who: put(desk, headline=f"{turn} {who}", headers={"If-Match": tag}), "AB")  # noqa: B023
            )
        assert sorted(response.status_code for response in made) == [200, 412]
        done = next(response for response in made if response.status_code == 200)
        tag = desk.get("/v1/articles/ferry").headers["etag"]
        assert done.headers["etag"] == tag


def test_an_older_version_does_not_replace_a_later_one_unless_it_is_named(desk: TestClient) -> None:
    tag = put(desk, version=3).headers["etag"]
    problem = assert_problem(put(desk, version=2), 409, "article-older")
    assert "If-Match" in problem["remedy"]
    assert put(desk, version=2, headers={"If-Match": tag}).json()["status"] == "replaced"
    assert desk.get("/v1/articles/ferry").json()["version"] == 2
    item = desk.post("/v1/articles", json=[{"id": "ferry", "body": BODY, "version": 1}]).json()["items"][0]
    assert (item["status"], item["problem"]["status"]) == ("failed", 409)


def test_of_a_batch_what_is_sound_is_stored_in_one_commit(desk: TestClient) -> None:
    put(desk, "old")
    before = desk.get("/v1/status").json()["archive"]["snapshot"]
    batch = [
        {"id": "new", "body": "A crane fell in Hamburg."},
        {"id": "bad", "body": "x", "published": "soon"},
        {"id": "old", "body": BODY},
        7,
        {"id": "old", "body": "A tram stood still in Graz."},
    ]
    response = desk.post("/v1/articles", json=batch)
    told = response.json()
    assert response.status_code == 200
    assert [(item["index"], item["id"], item["status"]) for item in told["items"]] == [
        (0, "new", "created"),
        (1, "bad", "failed"),
        (2, "old", "unchanged"),
        (3, None, "failed"),
        (4, "old", "replaced"),
    ]
    assert told["items"][1]["problem"]["errors"][0]["name"] == "published"
    assert told["items"][1]["problem"]["instance"] == "/v1/articles#1"
    assert (told["created"], told["replaced"], told["unchanged"], told["failed"]) == (1, 1, 1, 2)
    assert told["snapshot"] == desk.get("/v1/status").json()["archive"]["snapshot"] == before + 1
    assert desk.get("/v1/articles/old").json()["body"] == "A tram stood still in Graz."


def test_a_batch_sent_again_changes_nothing(desk: TestClient) -> None:
    batch = [{"body": "A crane fell."}, {"body": "A tram stood.", "url": "https://wire.example/tram#top"}]
    first = desk.post("/v1/articles", json=batch).json()
    again = desk.post("/v1/articles", json=batch).json()
    assert [item["id"] for item in again["items"]] == [item["id"] for item in first["items"]]
    assert first["items"][0]["content_hash"].startswith(first["items"][0]["id"])
    assert [item["status"] for item in again["items"]] == ["unchanged"] * 2
    assert again["snapshot"] == first["snapshot"]


def test_lines_are_read_one_by_one(desk: TestClient) -> None:
    lines = (
        b'\xef\xbb\xbf{"id": "a", "body": "A crane fell."}\r\n\n{"id": "b", "bo\n\xff\n{"id": "c", "body": "So."}'
    )
    told = desk.post("/v1/articles", content=lines, headers=LINES).json()
    assert [(item["id"], item["status"]) for item in told["items"]] == [
        ("a", "created"),
        (None, "failed"),
        (None, "failed"),
        ("c", "created"),
    ]


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        (JSON, b"", 422),
        (JSON, b"{", 422),
        (JSON, b"{}", 422),
        (JSON, b"[]", 422),
        (JSON, b"\xff", 422),
        (JSON, b"[" * 100_000, 422),
        (JSON, b"[" + b"1" * 10_000 + b"]", 422),
        (LINES, b"\n \n", 422),
        (JSON, json.dumps([{"body": "x"}] * 6).encode(), 413),
        (LINES, b'{"body": "x"}\n' * 6, 413),
        ({"Content-Type": "text/plain"}, b"[]", 415),
        ({}, b"[]", 415),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_batch_is_refused(
    desk: TestClient, headers: dict[str, str], content: bytes, status: int
) -> None:
    response = desk.post("/v1/articles", content=content, headers=headers)
    assert_problem(response, status, "invalid-request" if status == 422 else None)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"body": ""}, "body"),
        ({"body": " \u200b\n"}, "body"),
        ({"body": None}, "body"),
        ({"body": 1}, "body"),
        ({"body": "x" * 200_001}, "body"),
        ({"headline": "x" * 1_001}, "headline"),
        ({"published": "03/04/2024"}, "published"),
        ({"published": "3024-01-01"}, "published"),
        ({"published": 2024}, "published"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"language": "klingonese"}, "language"),
        ({"version": 10**18}, "version"),
        ({"version": -1}, "version"),
        ({"version": 1.5}, "version"),
        ({"version": "2"}, "version"),
        ({"notice": {"kind": "withdrawal", "text": "x"}}, "notice.kind"),
        ({"id": "another"}, "id"),
        ({"origin": "x"}, "origin"),
        ({"headline": "KILL: ferry", "body": "Please disregard this story and do not publish it."}, "body"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_wrong_with_an_article_is_named_and_nothing_stored(
    desk: TestClient, fields: dict[str, Any], name: str
) -> None:
    problem = assert_problem(put(desk, **fields), 422, "invalid-request")
    assert [fault["name"] for fault in problem["errors"]] == [name]
    assert_problem(desk.get("/v1/articles/ferry"), 503, "archive-missing")


@pytest.mark.parametrize("id_", ["", "%20", "a%20", "%00", "e%CC%81", "x" * 201])
def test_an_id_that_no_file_could_give_is_refused(desk: TestClient, id_: str) -> None:
    problem = assert_problem(put(desk, id_), 422, "invalid-request")
    assert problem["errors"][0]["where"] == "path"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-ndjson", "application/jsonx", ""])
def test_an_article_that_is_not_declared_to_be_json_is_refused(desk: TestClient, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    assert_problem(desk.put("/v1/articles/x", content=b'{"body": "x"}', headers=headers), 415)


def test_lone_surrogates_and_nul_become_what_they_become_in_files(desk: TestClient) -> None:
    content = rb'{"body": "A \ud800 B\u0000C\n\n\ud83c\udf0b", "headline": "\udfff open"}'
    assert desk.put("/v1/articles/odd", content=content, headers=JSON).status_code == 201
    stored = desk.get("/v1/articles/odd").json()
    assert stored["body"] == "A \ufffd BC\n\n\U0001f30b"
    assert stored["headline"] == "\ufffd open"


@settings(max_examples=examples(15, 40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), min_size=1, max_size=300))
@example(text="NONE")
def test_any_text_is_stored_in_canonical_form_or_refused(desk: TestClient, text: str) -> None:
    canonical = canonical_body(text)
    response = desk.put("/v1/articles/any", content=json.dumps({"body": text}), headers=JSON)
    if not canonical or canonical.casefold() in {"none", "null", "undefined", "n/a", "na"}:
        assert_problem(response, 422, "invalid-request")
        return
    stored = desk.get("/v1/articles/any").json()
    assert stored["body"] == canonical
    assert unicodedata.is_normalized("NFC", stored["body"])
    assert stored["content_hash"] == response.json()["content_hash"]
    assert put(desk, "any", body=canonical).json()["status"] == "unchanged"


@pytest.mark.parametrize("send", ["put", "post"])
def test_a_field_that_is_given_twice_is_refused(desk: TestClient, send: str) -> None:
    article = '{"id": "any", "headline": "One", "body": "First.", "body": "Second."}'
    response = (
        desk.put("/v1/articles/any", content=article.replace('"id": "any", ', ""), headers=JSON)
        if send == "put"
        else desk.post("/v1/articles", content=f"[{article}]", headers=JSON)
    )
    problem = assert_problem(response, 422, "invalid-request")
    assert "'body' twice" in str(problem)


def test_the_methods_of_articles_are_told(desk: TestClient) -> None:
    assert desk.patch("/v1/articles/ferry").headers["allow"] == "GET, PUT, DELETE"
    assert desk.options("/v1/articles/ferry").status_code == 405
    head, get = (
        dict(answer.headers) for answer in (desk.head("/v1/articles/ferry"), desk.get("/v1/articles/ferry"))
    )
    assert head.pop("x-request-id") != get.pop("x-request-id")
    assert head == get
    assert desk.put("/v1/articles").headers["allow"] == "GET, POST"


def test_a_removed_article_is_gone_and_cannot_be_removed_again(desk: TestClient) -> None:
    put(desk)
    assert desk.delete("/v1/articles/ferry").content == b""
    assert_problem(desk.get("/v1/articles/ferry"), 404, "article-not-found")
    assert_problem(desk.delete("/v1/articles/ferry"), 404, "article-not-found")


def test_what_files_gave_is_kept_as_theirs_when_it_is_sent_unchanged(
    desk: TestClient, writable: HttpSettings
) -> None:
    embedder = HashEmbedder()
    with LocalArchive.create(writable.index, embedder.card) as archive:
        store(archive, embedder, MISSILES)
    shown = desk.get("/v1/articles/missiles").json()
    fields = ("headline", "body", "byline", "source", "url", "language", "section")
    sent = {name: shown[name] for name in fields} | {"published": shown["published"]["value"]}
    told = desk.put("/v1/articles/missiles", json=sent).json()
    assert (told["status"], told["content_hash"]) == ("unchanged", shown["content_hash"])
    assert desk.get("/v1/articles/missiles").json() == shown

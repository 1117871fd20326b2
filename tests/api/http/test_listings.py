"""Articles are listed a page at a time, and what changes is followed without a gap."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from search.archive import LocalArchive
from search.article import Withdrawal
from tests.api.http.articles import ARTICLES
from tests.api.http.assertions import assert_problem
from tests.fakes import HashEmbedder, store


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestClient]:
    embedder = HashEmbedder()
    with LocalArchive.create(tmp_path / "archive", embedder.card) as archive:
        store(archive, embedder, *ARTICLES)
    settings = HttpSettings.load(index=tmp_path / "archive", writable=True)
    with TestClient(create_app(settings, embedder)) as client:
        yield client


def pages(client: TestClient, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
    page = client.get(path, params=parameters).json()
    yield page
    while following := page.get("next"):
        page = client.get(path, params={**parameters, "cursor": following}).json()
        yield page


def poll(client: TestClient, **parameters: Any) -> tuple[list[dict[str, Any]], str]:
    """All items of a feed, page by page, and the cursor of what comes later."""
    items = []
    while True:
        page = client.get("/v1/changes", params=parameters).json()
        items += page["items"]
        place = page["_dateline"]
        assert ("next_url" in page) == place["more"]
        if not place["more"]:
            return items, place["next"]
        parameters = {"k": parameters.get("k", 50), "cursor": place["next"]}


@pytest.mark.parametrize("k", [1, 3, 1_000])
def test_every_article_is_listed_once_in_order(desk: TestClient, k: int) -> None:
    found = [one["id"] for page in pages(desk, "/v1/articles", k=k) for one in page["articles"]]
    assert found == sorted(article.id for article in ARTICLES)


def test_a_list_keeps_to_its_filter(desk: TestClient) -> None:
    listed = [page["articles"] for page in pages(desk, "/v1/articles", k=1, source="gazette")]
    assert [one["source"] for page in listed for one in page] == ["Gazette"] * len(listed)
    assert desk.get("/v1/articles", params={"source": "nobody"}).json()["articles"] == []


def test_what_comes_and_goes_between_pages_neither_repeats_nor_hides_the_rest(desk: TestClient) -> None:
    first = desk.get("/v1/articles", params={"k": 4}).json()
    gone, *_ = (article.id for article in ARTICLES if article.id > first["articles"][-1]["id"])
    desk.put("/v1/articles/0", json={"body": "A lorry was stuck under the bridge."})
    desk.delete(f"/v1/articles/{gone}")
    rest = list(pages(desk, "/v1/articles", k=4, cursor=first["next"]))
    seen = [one["id"] for page in [first, *rest] for one in page["articles"]]
    assert seen == sorted({article.id for article in ARTICLES} - {gone})
    assert all(page["began_at"] == first["snapshot"] < page["snapshot"] for page in rest)
    items, _ = poll(desk, since=first["snapshot"])
    assert {item["id"]: item["_dateline"]["status"] for item in items} == {"0": "current", gone: "removed"}


def test_what_changes_is_followed_without_a_gap(desk: TestClient) -> None:
    items, later = poll(desk, k=2)
    assert [item["id"] for item in items] == sorted(article.id for article in ARTICLES)
    assert poll(desk, cursor=later)[0] == []
    desk.put(
        "/v1/articles/desk/ferry", json={"body": "The ferry sails again.", "url": "https://wire.example/ferry"}
    )
    (item,), later = poll(desk, cursor=later)
    assert item["content_text"] == "The ferry sails again."
    assert item["url"] == "https://wire.example/ferry"
    assert item["_dateline"]["article"] == "/v1/articles/desk/ferry"
    desk.delete("/v1/articles/desk/ferry")
    (item,), later = poll(desk, cursor=later)
    assert (item["_dateline"]["status"], item["content_text"]) == ("removed", "")


def test_a_feed_gives_no_text_that_was_withdrawn_and_no_address_that_is_none(desk: TestClient) -> None:
    room = desk.app.state.room  # type: ignore[attr-defined]
    withdrawn, hostile = ARTICLES[0].id, next(one for one in ARTICLES if one.id == "hostile")
    with room.archive() as archive, archive.write() as writer:
        writer.withdraw(Withdrawal((withdrawn,), "killed", None))
        writer.commit()
    by_id = {item["id"]: item for item in poll(desk)[0]}
    assert by_id[withdrawn]["_dateline"]["status"] == "withdrawn"
    assert by_id[withdrawn]["content_text"] == ""
    assert "url" not in by_id[hostile.id]
    assert desk.get("/v1/changes").headers["content-type"] == "application/feed+json"


def cursor(**members: object) -> str:
    whole = {"line": "0" * 16, "conditions": "changes", "snapshot": 0, "since": 0, "after": ""} | members
    return urlsafe_b64encode(json.dumps(whole).encode()).decode()


@pytest.mark.parametrize(
    "broken",
    ["x", "eyJ", "[]", "bnVsbA", cursor(since=-1), cursor(snapshot="3"), cursor(more=1), cursor(after=None), "é"],
)
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/changes"])
def test_what_is_no_cursor_is_refused(desk: TestClient, path: str, broken: str) -> None:
    problem = assert_problem(desk.get(path, params={"cursor": broken}), 422, "invalid-request")
    assert problem["errors"][0]["name"] == "cursor"


def test_a_cursor_serves_the_list_that_it_came_with(desk: TestClient) -> None:
    following = desk.get("/v1/articles", params={"k": 1}).json()["next"]
    assert_problem(
        desk.get("/v1/articles", params={"cursor": following, "language": "en"}), 422, "invalid-request"
    )
    assert_problem(desk.get("/v1/changes", params={"cursor": following}), 422, "invalid-request")
    assert_problem(desk.get("/v1/changes", params={"cursor": following, "since": 1}), 422, "invalid-request")


def test_a_list_of_another_archive_or_of_a_state_to_come_is_begun_again(desk: TestClient) -> None:
    assert_problem(desk.get("/v1/changes", params={"cursor": cursor()}), 410, "cursor-outdated")
    assert_problem(desk.get("/v1/changes", params={"since": 99}), 410, "cursor-outdated")

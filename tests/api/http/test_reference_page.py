"""The page that documents the endpoints has all of them, leads somewhere, and needs nothing from elsewhere."""

import re
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from api.http.reference import reference_page


class Page(HTMLParser):
    """What a page has: the ids in it, where it leads, and which tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attributes:
            assert not name.startswith("on")
            if name == "id":
                self.ids.append(value or "")
            elif name in {"href", "src"}:
                self.links.append(value or "")


@pytest.fixture(scope="module")
def text(client: TestClient) -> str:
    response = client.get("/docs")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return response.text


def test_every_operation_and_shape_is_on_the_page(client: TestClient, text: str) -> None:
    description = client.get("/openapi.json").json()
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            assert f">{method.upper()} {path}</h3>" in text
            assert operation["operationId"] in text
    for name in description["components"]["schemas"]:
        assert f">{name}</h3>" in text


def test_the_page_leads_to_itself_and_this_server_only(client: TestClient, text: str) -> None:
    page = Page(text)
    assert "script" not in page.tags
    assert len(set(page.ids)) == len(page.ids)
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids, link
        else:
            assert not re.match(r"[a-z]+:|//", link)
            assert client.get(f"/{link.removeprefix('./')}").status_code == 200


def test_the_page_shows_real_answers(text: str) -> None:
    assert "will likely use them within weeks in Ukraine" in text


def test_nothing_in_a_description_is_markup() -> None:
    hostile = "<script>owned()</script> [x](javascript:owned())"
    content = {"a/b": {"examples": {"x": {"summary": hostile, "value": f"```\n{hostile}"}}}}
    operation = {
        "tags": ["t"],
        "summary": hostile,
        "description": hostile,
        "operationId": "x",
        "responses": {"200": {"description": hostile, "content": content}},
    }
    page = reference_page(
        {
            "info": {"title": hostile, "version": "1", "description": hostile},
            "tags": [{"name": "t", "description": hostile}],
            "paths": {"/x": {"get": operation}},
            "components": {"schemas": {}},
        }
    )
    assert "script" not in Page(page).tags
    assert not any(link.startswith("javascript") for link in Page(page).links)

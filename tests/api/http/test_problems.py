from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from api.http.door import OPEN, needs
from api.http.problems import KINDS, kind_of
from search import errors
from search.errors import ArchiveBusyError, ArchiveError, DatelineError
from search.quoting.citation_id import citation_id
from tests.api.http.assertions import assert_problem
from tests.fakes import HashEmbedder

CITATION = "/v1/citations/missiles.0-6.0f3d6f1c0d9f"
ENDPOINTS = ["/v1/ask", "/v1/search", "/v1/articles/missiles", CITATION, "/v1/status", "/livez", "/readyz"]


OF_COMMANDS = {errors.TagNotFoundError}
"""What no endpoint has to do with."""


def every_error() -> list[type[DatelineError]]:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DatelineError)]
    return [kind for kind in kinds if kind not in OF_COMMANDS]


@pytest.mark.parametrize("path", ENDPOINTS)
def test_an_unknown_parameter_is_refused_and_named(client: TestClient, path: str) -> None:
    problem = assert_problem(client.get(path, params={"q": "x", "sorce": "Wire"}), 422, "invalid-request")
    assert {"where": "query", "name": "sorce", "detail": "There is no such parameter."} in problem["errors"]
    assert problem["instance"] == path


@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_method_that_an_endpoint_does_not_have_is_refused(client: TestClient, path: str) -> None:
    response = client.patch(path)
    assert_problem(response, 405)
    assert "GET" in response.headers["allow"]


@pytest.mark.parametrize("path", ["/v1", "/v2/ask", "/v1/ask/", "/favicon.ico", "/redoc", "/static/none.js", "/é"])
def test_an_unknown_address_is_a_problem(client: TestClient, path: str) -> None:
    assert_problem(client.get(path), 404)


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({}, "q"),
        ({"q": ""}, "q"),
        ({"q": "x", "k": "0"}, "k"),
        ({"q": "x", "k": "-1"}, "k"),
        ({"q": "x", "k": "ten"}, "k"),
        ({"q": "x", "k": "1.5"}, "k"),
        ({"q": "x", "k": "10001"}, "k"),
        ({"q": "x", "from": "2024"}, "from"),
        ({"q": "x", "from": "0"}, "from"),
        ({"q": "x", "from": "2024-02-30"}, "from"),
        ({"q": "x", "to": "10/09/2024"}, "to"),
        ({"q": "x", "to": "2024-09-10T00:00:00Z"}, "to"),
        ({"q": "x", "to": ""}, "to"),
        ({"q": "x", "source": ""}, "source.0"),
        ({"q": "x", "section": "x" * 301}, "section.0"),
        ({"q": "x", "language": ["x"] * 101}, "language"),
        ({"q": ["x", "y"]}, "q"),
        ({"q": "x", "from": ["2024-01-01", "2023-01-01"]}, "from"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_parameter_out_of_bounds_is_refused_and_named(
    client: TestClient, path: str, parameters: dict[str, str], name: str
) -> None:
    problem = assert_problem(client.get(path, params=parameters), 422, "invalid-request")
    assert [fault["name"] for fault in problem["errors"]] == [name]


@pytest.mark.parametrize(("name", "value"), [("method", "best"), ("every_passage", "maybe")])
def test_how_to_search_is_one_of_what_is_offered(client: TestClient, name: str, value: str) -> None:
    problem = assert_problem(client.get("/v1/search", params={"q": "x", name: value}), 422, "invalid-request")
    assert [fault["name"] for fault in problem["errors"]] == [name]


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": "?!"},
        {"q": "x" * 2_001},
        {"q": "x", "k": "1001"},
        {"q": "x", "from": "2024-02-01", "to": "2024-01-01"},
    ],
    ids=lambda value: str(value)[:40],
)
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_a_question_that_the_engine_refuses_is_a_problem(
    client: TestClient, path: str, parameters: dict[str, str]
) -> None:
    assert_problem(client.get(path, params=parameters), 422, "query")


@pytest.mark.parametrize(
    "id_",
    ["", "unknown", "MISSILES", "missiles/", "missiles ", "a%2Fb", "Z%C3%BCrich", "..%2f..%2fetc", "%00", "%FF"],
)
def test_an_unknown_article_is_a_problem(client: TestClient, id_: str) -> None:
    assert_problem(client.get(f"/v1/articles/{id_}"), 404, "article-not-found")


def test_what_is_not_there_does_not_tell_where_the_archive_lies(client: TestClient, folder: Path) -> None:
    for path in ("articles/unknown", f"citations/{citation_id('unknown', 0, 4, 'Gone')}"):
        detail = client.get(f"/v1/{path}").json()["detail"]
        assert "has no article 'unknown'" in detail
        assert str(folder) not in detail


def test_an_id_that_is_too_long_is_refused(client: TestClient) -> None:
    assert_problem(client.get(f"/v1/articles/{'x' * 5_000}"), 422, "invalid-request")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b"null",
        b'"q"',
        b"\xff\xfe",
        b'{"q": 1}',
        b'{"q": "\\ud800"}',
        b'{"q": "x", "z": 1}',
    ],
)
def test_a_body_that_is_not_a_question_is_refused(client: TestClient, body: bytes) -> None:
    response = client.post("/v1/ask", content=body, headers={"Content-Type": "application/json"})
    assert_problem(response, 422, "invalid-request")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_that_is_not_json_is_refused(client: TestClient, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    assert_problem(client.post("/v1/ask", content=b'{"q": "x"}', headers=headers), 415)


def test_parameters_in_the_address_of_a_post_are_refused(client: TestClient) -> None:
    assert_problem(client.post("/v1/ask?k=1", json={"q": "x"}), 422, "invalid-request")


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_beyond_the_limit_is_refused(client: TestClient, declared: bool) -> None:  # noqa: FBT001
    body = b'{"q": "' + b"x" * 70_000 + b'"}'
    content = body if declared else (body[start : start + 10_000] for start in range(0, len(body), 10_000))
    response = client.post("/v1/ask", content=content, headers={"Content-Type": "application/json"})
    assert_problem(response, 413)


@pytest.mark.parametrize("error", every_error())
def test_every_error_has_a_kind_of_its_own(error: type[DatelineError]) -> None:
    assert kind_of(error("It broke.")) is KINDS[error]


def test_no_two_kinds_share_a_name() -> None:
    assert len({kind.name for kind in KINDS.values()}) == len(KINDS)


def raising(settings: HttpSettings, error: Exception) -> FastAPI:
    app = create_app(settings, HashEmbedder())

    @needs(OPEN)
    def fail() -> None:
        raise error

    app.add_api_route("/fail", fail)
    return app


@pytest.mark.parametrize("error", every_error())
def test_an_error_of_ours_says_what_was_wrong_and_what_to_do(
    settings: HttpSettings, error: type[DatelineError]
) -> None:
    with TestClient(raising(settings, error("It broke.", "Mend it."))) as client:
        problem = assert_problem(client.get("/fail"), KINDS[error].status, KINDS[error].name)
    assert problem["detail"] == "It broke."
    assert problem["remedy"] == "Mend it."


def test_an_error_that_will_pass_says_when_to_come_back(settings: HttpSettings) -> None:
    for error, header in [(ArchiveBusyError("Busy."), "2"), (ArchiveError("Broken."), None)]:
        with TestClient(raising(settings, error)) as client:
            assert client.get("/fail").headers.get("retry-after") == header


def test_an_unexpected_error_tells_nothing_of_the_inside(settings: HttpSettings) -> None:
    app = raising(settings, RuntimeError("password in /etc/secret"))
    with TestClient(app, raise_server_exceptions=False) as client:
        response = client.get("/fail")
    assert_problem(response, 500)
    assert "secret" not in response.text
    assert "RuntimeError" not in response.text


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/verify"])
def test_a_field_of_json_that_is_given_twice_is_refused(client: TestClient, path: str) -> None:
    body = '{"q": "storm", "q": "rain"}' if path == "/v1/ask" else '{"text": "one", "text": "two"}'
    response = client.post(path, content=body, headers={"Content-Type": "application/json"})
    problem = assert_problem(response, 422, "invalid-request")
    assert problem["errors"][0]["detail"].startswith("Give it only once")


@pytest.mark.parametrize("path", ["/", "/livez", "/readyz", "/v1/status", "/v1/articles/missiles"])
def test_head_is_answered_as_get(client: TestClient, path: str) -> None:
    assert client.head(path).status_code == client.get(path).status_code == 200

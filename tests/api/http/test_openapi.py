from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openapi_spec_validator import validate

from api import schemas
from api.http.health import Health
from api.http.problems import MEDIA_TYPE, Problem
from search.article import Span

SHAPES = {
    shape.__name__: shape
    for shape in [*vars(schemas).values(), Health, Problem]
    if isinstance(shape, type) and issubclass(shape, schemas.Shape)
}


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    return client.get("/openapi.json").json()


def operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_description_is_valid(description: dict[str, Any]) -> None:
    validate(description)


def test_every_endpoint_is_described(description: dict[str, Any]) -> None:
    assert {name for name, _ in operations(description)} == {
        "GET /v1/ask",
        "POST /v1/ask",
        "GET /v1/search",
        "GET /v1/timeline",
        "GET /v1/articles/{id}",
        "POST /v1/verify",
        "GET /v1/citations/{id}",
        "GET /v1/status",
        "GET /livez",
        "GET /readyz",
    }
    for name, operation in operations(description):
        assert operation["summary"], name
        assert operation["description"], name
        for parameter in operation.get("parameters", []):
            assert parameter["description"], name
            assert parameter["schema"].get("examples") or parameter.get("example"), (name, parameter["name"])


def test_every_answer_has_examples_of_its_own_shape(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        content = operation["responses"]["200"]["content"]["application/json"]
        shape = SHAPES[content["schema"]["$ref"].rpartition("/")[2]]
        assert content["examples"], name
        for example in content["examples"].values():
            assert shape.model_validate(example["value"]).model_dump(mode="json") == example["value"]


def test_every_error_is_described_as_a_problem(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        assert "default" in operation["responses"], name
        for status, response in operation["responses"].items():
            if status == "200":
                continue
            assert list(response["content"]) == [MEDIA_TYPE], name
            example = response["content"][MEDIA_TYPE].get("example")
            if status != "default":
                assert Problem.model_validate(example).status == int(status)
    assert "HTTPValidationError" not in description["components"]["schemas"]


def test_every_field_is_described(description: dict[str, Any]) -> None:
    for name, schema in description["components"]["schemas"].items():
        assert schema.get("description"), name
        for field, about in schema.get("properties", {}).items():
            assert about.get("description"), f"{name}.{field}"


def test_the_examples_cite_what_stands_there(description: dict[str, Any]) -> None:
    paths = description["paths"]

    def example(path: str, name: str) -> dict[str, Any]:
        return paths[path]["get"]["responses"]["200"]["content"]["application/json"]["examples"][name]["value"]

    body = example("/v1/articles/{id}", "article")["body"]
    for cited in (example("/v1/ask", "found")["citations"][0], example("/v1/search", "passages")["passages"][0]):
        assert Span(cited["start"], cited["end"]).of(body) == cited["quote"]


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/verify"])
def test_the_examples_of_bodies_can_be_sent(client: TestClient, description: dict[str, Any], path: str) -> None:
    body = description["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    for example in body["examples"].values():
        assert client.post(path, json=example["value"]).status_code == 200

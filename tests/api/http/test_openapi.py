import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openapi_spec_validator import validate

from api import schemas
from api.http import HttpSettings, create_app, shapes
from api.http.incoming import JSON
from api.http.problems import MEDIA_TYPE, Problem
from api.http.shapes import Health
from api.schemas.writing import WrittenOut
from search.article import Span
from tests.fakes import HashEmbedder

REPOSITORY = Path(__file__).resolve().parents[3]
SHAPES = {
    shape.__name__: shape
    for shape in [*vars(schemas).values(), *vars(shapes).values(), Health, Problem]
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
        "GET /v1/written",
        "POST /v1/written",
        "GET /v1/search",
        "POST /v1/search",
        "GET /v1/timeline",
        "POST /v1/timeline",
        "POST /v1/batch/ask",
        "GET /v1/articles",
        "GET /v1/changes",
        "GET /v1/articles/{id}",
        "GET /v1/readings/{id}",
        "GET /v1/suggestions",
        "PUT /v1/articles/{id}",
        "DELETE /v1/articles/{id}",
        "POST /v1/articles",
        "POST /v1/verify",
        "GET /v1/citations/{id}",
        "GET /v1/facets",
        "GET /v1/status",
        "GET /livez",
        "GET /readyz",
        "GET /metrics",
    }
    for name, operation in operations(description):
        assert operation["summary"], name
        assert operation["description"], name
        for parameter in operation.get("parameters", []):
            assert parameter["description"], name
            assert parameter["schema"].get("examples") or parameter.get("example"), (name, parameter["name"])


def test_every_answer_has_examples_of_its_own_shape(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        answers = [response for status, response in operation["responses"].items() if status in {"200", "201"}]
        assert answers or "204" in operation["responses"], name
        for answer in answers:
            content = next(iter(answer["content"].values()))
            assert content["examples"], name
            for example in content["examples"].values():
                if name == "GET /metrics":
                    assert "dateline_http_requests_total" in example["value"]
                    continue
                if name == "POST /v1/batch/ask":
                    for line in example["value"].splitlines():
                        assert shapes.AnsweredLine.model_validate_json(line).to_json() == line
                    continue
                if name.endswith("/v1/written"):
                    events = [event.splitlines() for event in example["value"].strip().split("\n\n")]
                    assert [named for named, _ in events] == ["event: answer", "event: written"]
                    shapes.AnswerResponse.model_validate_json(events[0][1].removeprefix("data: "))
                    WrittenOut.model_validate_json(events[1][1].removeprefix("data: "))
                    continue
                shape = SHAPES[content["schema"]["$ref"].rpartition("/")[2]]
                without_nulls = shape is shapes.ChangesResponse
                again = shape.model_validate(example["value"]).model_dump(mode="json", exclude_none=without_nulls)
                assert again == example["value"]


def test_operations_have_names_of_their_own_and_tags_that_are_described(description: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, operation in operations(description)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", id_) for id_ in ids)
    told = {tag["name"] for tag in description["tags"]}
    assert told == {tag for _, operation in operations(description) for tag in operation["tags"]}


def test_the_description_is_the_one_that_was_written_down() -> None:
    written = json.loads((REPOSITORY / "docs" / "openapi.json").read_text(encoding="utf-8"))
    described = json.loads(json.dumps(create_app(HttpSettings.load(), HashEmbedder()).openapi()))
    assert described == written, "python scripts/record_examples.py --description writes it down"


def test_every_error_is_described_as_a_problem(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        assert "default" in operation["responses"], name
        for status, response in operation["responses"].items():
            if status < "4":
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


def test_the_examples_of_articles_can_be_stored(tmp_path: Path) -> None:
    settings = HttpSettings.load(index=tmp_path / "archive", writable=True)
    with TestClient(create_app(settings, HashEmbedder())) as client:
        paths = client.get("/openapi.json").json()["paths"]
        for example in paths["/v1/articles/{id}"]["put"]["requestBody"]["content"][JSON]["examples"].values():
            id_ = example["value"].get("id", "one")
            assert client.put(f"/v1/articles/{id_}", json=example["value"]).status_code == 201
        for media_type, body in paths["/v1/articles"]["post"]["requestBody"]["content"].items():
            for example in body["examples"].values():
                value = example["value"]
                content = value if isinstance(value, str) else json.dumps(value)
                sent = client.post("/v1/articles", content=content, headers={"Content-Type": media_type})
                assert sent.json()["failed"] == 0


def test_the_limits_of_the_server_are_described(settings: HttpSettings) -> None:
    changed = settings.model_copy(
        update={"http_max_batch": 17, "http_max_seconds": 7.5, "max_question_chars": 1_234}
    )
    text = create_app(changed, HashEmbedder()).openapi()["info"]["description"]
    for limit in ("17 articles", "7.5 seconds", "1,234 characters", "refused with status 403"):
        assert limit in text


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/verify"])
def test_the_examples_of_bodies_can_be_sent(client: TestClient, description: dict[str, Any], path: str) -> None:
    body = description["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    for example in body["examples"].values():
        assert client.post(path, json=example["value"]).status_code == 200

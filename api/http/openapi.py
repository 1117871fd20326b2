"""The OpenAPI description: real examples, and problems as they are sent."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from api.http.opening import ASK_AGAIN, NotReadyError
from api.http.parameters import NOT_JSON
from api.http.problems import (
    MEDIA_TYPE,
    UNKNOWN_PARAMETER,
    Fault,
    Problem,
    plain_problem,
    problem_of,
    problem_of_faults,
)
from api.schemas import Shape
from search.errors import ArticleNotFoundError, CitationNotFoundError

Responses = dict[int | str, dict[str, Any]]

_COMPONENTS = "#/components/schemas/"
_JSON = "application/json"
CITATION_NOT_FOUND = problem_of(
    "/v1/citations/desk_2Fgone.0-4.7abf2f52b3c1",
    CitationNotFoundError("The archive in .dateline has no article 'desk/gone', which the citation id names."),
)
_PROBLEMS = {
    404: problem_of(
        "/v1/articles/desk/unknown", ArticleNotFoundError("The archive in .dateline has no article 'unknown'.")
    ),
    413: plain_problem("/v1/ask", 413, "The body of the request is larger than the 65536 bytes allowed."),
    415: plain_problem("/v1/ask", 415, NOT_JSON),
    422: problem_of_faults("/v1/ask", Fault(where="query", name="since", detail=UNKNOWN_PARAMETER)),
    503: problem_of("/v1/ask", NotReadyError("Dateline is not ready yet: the model is being loaded.", ASK_AGAIN)),
}


def answer_with(examples: Mapping[str, tuple[str, Shape]]) -> Responses:
    """Document the answer of an endpoint by examples, given as name -> (summary, answer)."""
    shown = {
        name: {"summary": summary, "value": shape.model_dump(mode="json")}
        for name, (summary, shape) in examples.items()
    }
    return {200: {"content": {_JSON: {"examples": shown}}}}


def problems(*statuses: int, not_found: Problem | None = None) -> Responses:
    """Document the problems that an endpoint answers with, and that any other error is a problem too."""
    examples = _PROBLEMS | ({404: not_found} if not_found else {})
    documented: Responses = {
        status: _problem(HTTPStatus(status).phrase, example=examples[status]) for status in statuses
    }
    documented["default"] = _problem("Any other error")
    return documented


def complete_description(app: FastAPI, router: APIRouter) -> None:
    """Have the description of an application hold the schema of problems, and the examples as they were given.

    FastAPI drops what is null from examples.
    """
    describe = app.openapi

    def describe_completely() -> dict[str, Any]:
        description = describe()
        schema = Problem.model_json_schema(mode="serialization", ref_template=f"{_COMPONENTS}{{model}}")
        description["components"]["schemas"] |= {**schema.pop("$defs"), "Problem": schema}
        for route in router.routes:
            if isinstance(route, APIRoute):
                for method in route.methods or ():
                    described = description["paths"][route.path_format][method.lower()]["responses"]["200"]
                    described["content"][_JSON]["examples"] = route.responses[200]["content"][_JSON]["examples"]
        return description

    app.openapi = describe_completely  # type: ignore[method-assign]


def _problem(description: str, example: Problem | None = None) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": f"{_COMPONENTS}Problem"}}
    if example:
        content["example"] = example.model_dump(mode="json", exclude_none=True)
    return {"description": description, "content": {MEDIA_TYPE: content}}

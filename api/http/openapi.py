"""The OpenAPI description: real examples, and problems as they are sent.

The answers among the examples are recorded from the sample corpus by `scripts/record_examples.py`.
"""

import json
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from itertools import chain
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from api.formats import FILE_TYPES, Format
from api.http.cursors import CursorOutdatedError
from api.http.door import SECURITY_SCHEME, NotAllowedError, NotAuthorisedError, needed, security
from api.http.engine_room import ASK_AGAIN, NotReadyError
from api.http.incoming import JSON, LINES
from api.http.limits import TooSlowError
from api.http.parameters import NOT_JSON, LineParameters
from api.http.problems import (
    MEDIA_TYPE,
    UNKNOWN_PARAMETER,
    Fault,
    Problem,
    plain_problem,
    problem_of,
    problem_of_faults,
)
from api.http.rates import TooManyError
from api.http.shapes import AnsweredLine
from api.keys import KeyScope
from api.schemas import Shape
from api.schemas.incoming import ArticleIn
from api.schemas.writing import WrittenOut
from search.errors import ArticleChangedError, ArticleNotFoundError, ArticleOlderError, CitationNotFoundError

ARTICLE_ID = "dateline-2024-09-10-blinken-missiles"

QUESTIONS: dict[str, Any] = {
    "plain": {"summary": "A question", "value": {"q": "When will missiles be used?"}},
    "filtered": {
        "summary": "A question to some of the archive",
        "value": {"q": "When will missiles be used?", "k": 1, "from": "2024-09-01", "source": ["Dateline Wire"]},
    },
}

SENT: dict[str, Any] = {
    "full": {
        "summary": "An article with all that is known of it",
        "value": {
            "id": "desk/2024/iran-missiles",
            "headline": "Talks with Tehran are off",
            "body": "LONDON - The talks with Iran were called off on Tuesday, a spokesman said.\n\n"
            "No other date was set, he told reporters.",
            "published": "2024-09-10T12:31",
            "byline": "A. Reporter",
            "dateline": "LONDON",
            "source": "Example Wire",
            "url": "https://wire.example/2024/iran-missiles",
            "language": "en",
            "section": "World",
            "version": 1,
        },
    },
    "least": {"summary": "The least there must be", "value": {"body": "The talks ended without a date."}},
}

Responses = dict[int | str, dict[str, Any]]

_COMPONENTS = "#/components/schemas/"
CITATION_NOT_FOUND = problem_of(
    "/v1/citations/desk_2Fgone.0-4.7abf2f52b3c1",
    CitationNotFoundError("The archive has no article 'desk/gone', which the citation id names."),
)
_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key (`dateline keys create`) with the scope that the operation names; `admin` has "
    "every one. A server without keys takes none.",
}
_PROBLEMS = {
    401: problem_of(
        "/v1/articles/desk/talks",
        NotAuthorisedError("The request does not carry a valid key."),
    ),
    403: problem_of(
        "/v1/articles/desk/talks",
        NotAllowedError("The key does not have the scope 'ingest', which this takes."),
    ),
    409: problem_of(
        "/v1/articles/desk/talks", ArticleOlderError("A later version of the article 'desk/talks' is stored.")
    ),
    412: problem_of(
        "/v1/articles/desk/talks",
        ArticleChangedError("If-Match is not met: no article of this id is stored."),
    ),
    410: problem_of(
        "/v1/articles",
        CursorOutdatedError(
            "The cursor is of another archive, or of a state that was given up.", "Begin the list again."
        ),
    ),
    504: problem_of("/v1/ask", TooSlowError("The request took longer than 30 seconds.")),
    404: problem_of("/v1/articles/desk/unknown", ArticleNotFoundError("The archive has no article 'unknown'.")),
    413: plain_problem("/v1/ask", 413, "The body of the request is larger than the 65536 bytes allowed."),
    415: plain_problem("/v1/ask", 415, NOT_JSON),
    422: problem_of_faults("/v1/ask", Fault(where="query", name="since", detail=UNKNOWN_PARAMETER)),
    429: problem_of(
        "/v1/ask",
        TooManyError("There have been too many requests with this key: more than 600 per 1 minute.", "", 12),
    ),
    503: problem_of("/v1/ask", NotReadyError("Dateline is not ready yet: the model is being loaded.", ASK_AGAIN)),
}


_OTHER_FORMATS: dict[str, Any] = {
    kind.media_type: {"schema": {"type": ["array", "object"] if "json" in kind.media_type else "string"}}
    for form, kind in FILE_TYPES.items()
    if form is not Format.JSON
}

TAGS = [
    {"name": "questions", "description": "Ask, search, and put evidence in the order of time."},
    {"name": "citations", "description": "Verify quotes, and resolve what a citation names."},
    {"name": "archive", "description": "What is stored: read, list, follow and change it."},
    {"name": "health", "description": "For whoever runs the server."},
]


@cache
def _all_recorded() -> dict[str, dict[str, Any]]:
    file = files("api.http") / "examples.json"
    found: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found


def recorded(operation: str, status: int = 200) -> dict[str, Any]:
    """Look up recorded answers of an operation with this status: name -> `summary` and `value`; perhaps none."""
    found: dict[str, Any] = _all_recorded().get(f"{operation} {status}", {})
    return found


CITATION_ID = next(
    (shown["value"]["id"] for shown in recorded("resolve_citation").values()),
    f"{ARTICLE_ID}.204-369.0f3d6f1c0d9f",
)

CLAIMS: dict[str, Any] = {
    "text": {
        "summary": "A text with quotes",
        "value": {"text": f"He said: \u201cwill likely use them  within weeks in Ukraine\u201d [{CITATION_ID}]."},
    },
    "claims": {
        "summary": "A list of claims",
        "value": {"claims": [{"quote": "will likely use them within days", "article_id": ARTICLE_ID}]},
    },
}


def answer_with(
    shape: type[Shape],
    operation: str,
    *,
    status: int = 200,
    tagged: bool = False,
    media_type: str = JSON,
    formats: bool = False,
) -> Responses:
    """Document the answer of an endpoint by answers that were recorded.

    Args:
        shape: Of the answer.
        operation: Id of the operation that was recorded.
        status: Of the answer.
        tagged: Whether it has an ETag.
        media_type: Of the answer.
        formats: Whether it can be written in other formats, too.
    """
    content = {media_type: {"examples": recorded(operation, status)}, **(_OTHER_FORMATS if formats else {})}
    return {status: {"model": shape, "content": content, **_headers(tagged=tagged)}}


def bare(status: int, description: str, *, tagged: bool = False) -> Responses:
    """Document an answer without a body."""
    return {status: {"description": description, **_headers(tagged=tagged)}}


def lines_of(shape: type[Shape], operation: str) -> Responses:
    """Document an answer of JSON Lines, each of one shape."""
    described = {
        "schema": {"type": "string", "description": f"On each line a `{shape.__name__}` as JSON."},
        "examples": recorded(operation),
    }
    return {
        200: {
            "description": "A line for each question, in order, as soon as it is answered",
            "content": {LINES[0]: described},
        }
    }


def events_of(told: Mapping[str, tuple[type[Shape], str]], operation: str) -> Responses:
    """Document an answer that is a stream of server-sent events.

    Args:
        operation: Id of the operation that was recorded.
        told: The shape of each event's data, by its name, and when it comes.
    """
    events = "; ".join(f"`{name}`, a `{shape.__name__}` as JSON, {when}" for name, (shape, when) in told.items())
    schema = {
        "type": "object",
        "description": f"Each of the events: {events}.",
        "properties": {"event": {"enum": [*told]}, "data": {"type": "string"}},
        "required": ["event", "data"],
    }
    content = {"text/event-stream": {"schema": schema, "examples": recorded(operation)}}
    return {200: {"description": "Server-sent events", "content": content}}


def text_of(operation: str, media_type: str) -> Responses:
    """Document an answer in plain text."""
    content = {"schema": {"type": "string"}, "examples": recorded(operation)}
    return {200: {"description": "Text", "content": {media_type.partition(";")[0]: content}}}


def article_body() -> dict[str, Any]:
    """Document a body that brings one article."""
    content = {JSON: {"schema": {"$ref": f"{_COMPONENTS}{ArticleIn.__name__}"}, "examples": SENT}}
    return {"requestBody": {"required": True, "content": content}}


def articles_body() -> dict[str, Any]:
    """Document a body that brings several."""
    one = {"$ref": f"{_COMPONENTS}{ArticleIn.__name__}"}
    articles = [example["value"] for example in SENT.values()]
    return _many(one, articles, "articles", "An article")


def questions_body() -> dict[str, Any]:
    """Document a body that brings several questions."""
    questions = [example["value"] for example in QUESTIONS.values()]
    return _many({"$ref": f"{_COMPONENTS}{LineParameters.__name__}"}, questions, "questions", "A question")


def _many(one: dict[str, Any], values: list[Any], noun: str, each: str) -> dict[str, Any]:
    lines = "".join(f"{json.dumps(value, ensure_ascii=False)}\n" for value in values)
    listed = {
        "schema": {"type": "array", "items": one, "minItems": 1},
        "examples": {"two": {"summary": f"Two {noun}", "value": values}},
    }
    as_lines = {
        "schema": {"type": "string", "minLength": 2, "description": f"{each} as JSON on each line."},
        "examples": {"two": {"summary": f"Two {noun}", "value": lines}},
    }
    return {"requestBody": {"required": True, "content": {JSON: listed, **dict.fromkeys(LINES, as_lines)}}}


def computed(shape: type[Shape], operation: str, *, media_type: str = JSON, formats: bool = False) -> Responses:
    """Document an answer that is computed from the archive, and that a client may have it already."""
    answer = answer_with(shape, operation, media_type=media_type, formats=formats)
    answer[200]["headers"] = {"ETag": _tag("The answer: a weak entity tag", required=False)}
    return answer | bare(304, "The client has this answer already", tagged=True)


def problems(*statuses: int, not_found: Problem | None = None) -> Responses:
    """Document the problems that an endpoint answers with, and that any other error is a problem too."""
    examples = _PROBLEMS | ({404: not_found} if not_found else {})
    documented: Responses = {
        status: _problem(HTTPStatus(status).phrase, example=examples[status]) for status in statuses
    }
    documented["default"] = _problem("Any other error")
    return documented


def complete_description(app: FastAPI, *routers: APIRouter) -> None:
    """Have a description hold the schemas that FastAPI does not see, and the examples as they were given.

    FastAPI drops what is null from examples.
    """
    describe = app.openapi

    def describe_completely() -> dict[str, Any]:
        description = describe()
        template = f"{_COMPONENTS}{{model}}"
        for name, schema in (
            ("Problem", Problem.model_json_schema(mode="serialization", ref_template=template)),
            ("ArticleIn", ArticleIn.model_json_schema(ref_template=template)),
            ("LineParameters", LineParameters.model_json_schema(ref_template=template)),
            ("AnsweredLine", AnsweredLine.model_json_schema(mode="serialization", ref_template=template)),
            ("WrittenOut", WrittenOut.model_json_schema(mode="serialization", ref_template=template)),
        ):
            schemas = description["components"]["schemas"]
            schemas |= {**schema.pop("$defs", {}), name: schema} | schemas
        description["components"]["securitySchemes"] = {SECURITY_SCHEME: _KEY}
        for route in chain.from_iterable(router.routes for router in routers):
            if isinstance(route, APIRoute):
                for method in route.methods or ():
                    operation = description["paths"][route.path_format][method.lower()]
                    _add_security(operation, route)
                    described = operation["responses"]
                    for status, response in route.responses.items():
                        for media_type, content in response.get("content", {}).items():
                            if "examples" in content:
                                described[str(status)]["content"][media_type]["examples"] = content["examples"]
        return description

    app.openapi = describe_completely  # type: ignore[method-assign]


def _add_security(operation: dict[str, Any], route: APIRoute) -> None:
    """Say which key an operation takes, and how those are answered who do not have it."""
    need = needed(route)
    if isinstance(need, KeyScope):
        operation["security"] = security(need)
        for status, response in problems(401, 403, 429).items():
            operation["responses"].setdefault(str(status), response)


def _headers(*, tagged: bool) -> dict[str, Any]:
    return {"headers": {"ETag": _tag("The version, a strong entity tag", required=True)}} if tagged else {}


def _tag(names: str, *, required: bool) -> dict[str, Any]:
    return {"description": f"{names}.", "required": required, "schema": {"type": "string"}}


def _problem(description: str, example: Problem | None = None) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": f"{_COMPONENTS}Problem"}}
    if example:
        content["example"] = example.model_dump(mode="json", exclude_none=True)
    return {"description": description, "content": {MEDIA_TYPE: content}}

"""Every error as a problem (RFC 9457, `application/problem+json`), and the one place that maps errors to statuses.

Problems of Dateline's own have a `type` of the form `urn:problem-type:dateline:NAME`; those that say no more than
their status have `about:blank`.
"""

import logging
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from api.http.cursors import CursorOutdatedError
from api.http.door import NotAllowedError, NotAuthorisedError, NotWritableError, operator_asks
from api.http.engine_room import NotReadyError
from api.http.headers import SECURITY_HEADERS
from api.http.incoming import BrokenLineError, RefusedArticleError, in_words
from api.http.limits import RETRY_SECONDS, TooBusyError, TooSlowError
from api.http.observation import REQUEST_ID, note_problem, request_id
from api.http.rates import TooManyError
from api.keys import KeysError
from api.schemas import Shape
from search.archive.local.files import archive_failure
from search.errors import (
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveDiskError,
    ArchiveError,
    ArchiveMismatchError,
    ArchiveMissingError,
    ArchiveUnwritableError,
    ArticleChangedError,
    ArticleExpiredError,
    ArticleNotFoundError,
    ArticleOlderError,
    CitationNotFoundError,
    ClusterError,
    DatelineError,
    InputError,
    ModelDamagedError,
    ModelError,
    ModelMissingError,
    QueryError,
    SettingsError,
    ViewDamagedError,
)
from search.quoting.claims import fault_of

MEDIA_TYPE = "application/problem+json"
BLANK = "about:blank"
UNKNOWN_PARAMETER = "There is no such parameter."

_LOG = logging.getLogger(__name__)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_MOST_FAULTS = 50
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem.

    Attributes:
        name: The last part of its `type`.
        status: Its HTTP status.
        title: Its `title`, the same every time.
    """

    name: str
    status: int
    title: str

    @property
    def type(self) -> str:
        """The URI that identifies the kind."""
        return f"urn:problem-type:dateline:{self.name}"


INVALID_REQUEST = Kind("invalid-request", 422, "The request is not valid")

KINDS: dict[type[DatelineError], Kind] = {
    DatelineError: Kind("failure", 500, "Dateline failed"),
    SettingsError: Kind("settings", 500, "A setting cannot be used"),
    InputError: Kind("input", 500, "An article cannot be read"),
    QueryError: Kind("query", 422, "The question cannot be answered as asked"),
    ArticleNotFoundError: Kind("article-not-found", 404, "There is no such article"),
    ArticleChangedError: Kind("article-changed", 412, "The article is not as it was expected to be"),
    ArticleExpiredError: Kind("article-expired", 409, "The archive does not keep articles of its day"),
    ArticleOlderError: Kind("article-older", 409, "A later version of the article is stored"),
    CitationNotFoundError: Kind("citation-not-found", 404, "There is no such citation"),
    ArchiveError: Kind("archive", 503, "The archive cannot be used"),
    ArchiveMissingError: Kind("archive-missing", 503, "There is no archive yet"),
    ArchiveMismatchError: Kind("archive-mismatch", 503, "The archive was made in another way"),
    ArchiveBusyError: Kind("archive-busy", 503, "The archive is being written"),
    ArchiveUnwritableError: Kind("archive-unwritable", 503, "The archive may not be written"),
    ArchiveDiskError: Kind("archive-disk", 503, "The disk of the archive is full or fails"),
    ArchiveDamagedError: Kind("archive-damaged", 503, "The archive is damaged"),
    ViewDamagedError: Kind("view-damaged", 503, "The index is damaged"),
    ClusterError: Kind("cluster", 503, "The machines of a run cannot do their share"),
    ModelError: Kind("model", 503, "The model cannot be used"),
    ModelMissingError: Kind("model-missing", 503, "The model is missing"),
    ModelDamagedError: Kind("model-damaged", 503, "The model is damaged"),
    CursorOutdatedError: Kind("cursor-outdated", 410, "The list cannot be gone on with"),
    NotReadyError: Kind("not-ready", 503, "Dateline is not ready yet"),
    NotWritableError: Kind("not-writable", 403, "This server does not change its archive"),
    NotAuthorisedError: Kind("not-authorised", 401, "This takes a key"),
    NotAllowedError: Kind("not-allowed", 403, "The key is not good for this"),
    KeysError: Kind("keys", 503, "The keys cannot be used"),
    TooManyError: Kind("too-many", 429, "Requests come too often"),
    TooBusyError: Kind("too-busy", 503, "The server is busy"),
    TooSlowError: Kind("too-slow", 504, "The request took too long"),
}

_PASSING = (ArchiveBusyError, NotReadyError, TooBusyError)
_OF_THE_SERVER = (SettingsError, InputError, ArchiveError, ClusterError, ModelError, KeysError)
"""What is wrong with the server itself: in words of paths, processes and commands."""


class Fault(Shape):
    """One thing that is wrong with a request."""

    where: str = Field(description="`query`, `path`, `body` or `header`.", examples=["query"])
    name: str = Field(description="Which parameter or field; empty for the whole.", examples=["k"])
    detail: str = Field(description="What is wrong with it.", examples=["It must be at most 1000."])


class Problem(Shape):
    """What went wrong (RFC 9457)."""

    type: str = Field(
        description="Identifies the kind of problem: `urn:problem-type:dateline:NAME`, or `about:blank` when the "
        "status says it all.",
        examples=[INVALID_REQUEST.type],
    )
    title: str = Field(description="The kind of problem in words.", examples=[INVALID_REQUEST.title])
    status: int = Field(description="The HTTP status.", examples=[422])
    detail: str = Field(description="What was wrong this time.", examples=["k: give it only once."])
    instance: str = Field(description="The path that was asked for.", examples=["/v1/search"])
    remedy: str | None = Field(
        default=None, description="What to do about it; absent when nothing can be advised.", examples=[None]
    )
    request_id: str | None = Field(
        default=None,
        description="The id of the request, which the header `X-Request-ID` and the server's log have, too.",
        examples=["7f3c1d2ab0f94f0f9f3ce5d5f9a5c1de"],
    )
    errors: tuple[Fault, ...] | None = Field(
        default=None, description="Every single fault of an invalid request; absent otherwise."
    )


def plain_problem(path: str, status: int, detail: str) -> Problem:
    """Make a problem that says no more than its status."""
    return Problem(type=BLANK, title=HTTPStatus(status).phrase, status=status, detail=detail, instance=path)


def problem_of(path: str, error: DatelineError) -> Problem:
    """Make a problem of an error."""
    kind = kind_of(error)
    detail, remedy = told_of(error, to_operator=operator_asks())
    return Problem(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=path,
        remedy=remedy or None,
    )


def told_of(error: DatelineError, *, to_operator: bool) -> tuple[str, str]:
    """Say what went wrong and what to do; others than operators hear little of the server itself."""
    if to_operator or not isinstance(error, _OF_THE_SERVER):
        return error.problem, error.remedy
    _LOG.warning("%s", error)
    remedy = "Try again in a moment." if isinstance(error, _PASSING) else ""
    return f"{kind_of(error).title}; the server's log says more.", remedy


def problem_of_faults(path: str, *faults: Fault) -> Problem:
    """Make a problem of what is wrong with a request; the first faults stand for very many."""
    faults = faults[:_MOST_FAULTS]
    return Problem(
        type=INVALID_REQUEST.type,
        title=INVALID_REQUEST.title,
        status=INVALID_REQUEST.status,
        detail=" ".join(f"{fault.name or fault.where}: {fault.detail}" for fault in faults),
        instance=path,
        errors=faults,
    )


def respond(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Put a problem into a response."""
    note_problem(problem.type.rpartition(":")[2] if problem.type != BLANK else str(problem.status))
    content = problem.model_copy(update={"request_id": request_id()}).model_dump_json(exclude_none=True)
    return Response(content, problem.status, {**(headers or {}), **SECURITY_HEADERS}, MEDIA_TYPE)


def kind_of(error: DatelineError) -> Kind:
    """Find the kind of an error: its own or that of its nearest ancestor."""
    return next(KINDS[ancestor] for ancestor in type(error).__mro__ if ancestor in KINDS)


def refusal(connection: Scope, error: DatelineError) -> Response:
    """Answer a request of which nothing was read."""
    return respond(problem_of(quote(connection["path"]), error), headers_of(error) | {"Connection": "close"})


def add_handlers(app: FastAPI) -> None:
    """Have an application answer every error with a problem."""
    app.add_exception_handler(DatelineError, _dateline_error)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _invalid_request)  # type: ignore[arg-type]
    app.add_exception_handler(RefusedArticleError, _refused_article)  # type: ignore[arg-type]
    app.add_exception_handler(sqlite3.DatabaseError, _database_error)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _http_error)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _unexpected_error)


def headers_of(error: DatelineError) -> dict[str, str]:
    """Make the headers that go with the problem of an error."""
    if isinstance(error, NotAuthorisedError):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooManyError | TooBusyError):
        return {"Retry-After": str(error.retry_after)}
    return {"Retry-After": str(RETRY_SECONDS)} if isinstance(error, _PASSING) else {}


def problem_of_article(path: str, error: RefusedArticleError) -> Problem:
    """Make a problem of what is wrong with an article that was sent."""
    return problem_of_faults(
        path,
        *(
            Fault(where=fault.where, name=_shown(fault.field), detail=fault.detail)
            for fault in error.faults[:_MOST_FAULTS]
        ),
    )


def problem_of_invalid(path: str, faults: Iterable[Mapping[str, Any]]) -> Problem:
    """Make a problem of faults as `ValidationError.errors()` lists them; the place of each begins with where."""
    return problem_of_faults(path, *map(_fault, islice(faults, _MOST_FAULTS)))


def problem_of_broken_line(path: str, error: BrokenLineError) -> Problem:
    """Make a problem of a line that is not JSON."""
    return problem_of_faults(path, Fault(where="body", name="", detail=f"{error}."))


def problem_of_failure(path: str) -> Problem:
    """Make a problem of a failure that only the log may tell of."""
    return plain_problem(path, HTTPStatus.INTERNAL_SERVER_ERROR, "Dateline failed; the server's log says why.")


def _dateline_error(request: Request, error: DatelineError) -> Response:
    return respond(problem_of(_path(request), error), headers_of(error))


def _refused_article(request: Request, error: RefusedArticleError) -> Response:
    return respond(problem_of_article(_path(request), error))


def _database_error(request: Request, error: sqlite3.DatabaseError) -> Response:
    _LOG.error("The archive's database failed.", exc_info=error)
    return _dateline_error(request, archive_failure(error, request.app.state.room.settings.index))


def _invalid_request(request: Request, error: RequestValidationError) -> Response:
    return respond(problem_of_invalid(_path(request), error.errors()))


def _fault(fault: Mapping[str, Any]) -> Fault:
    where, *names = fault["loc"]
    name = _shown(".".join(str(part) for part in names))
    match fault["type"]:
        case "extra_forbidden":
            return Fault(where=where, name=name, detail=UNKNOWN_PARAMETER)
        case "json_invalid":
            place = f" at character {name}" if name else ""
            return Fault(where=where, name="", detail=f"This is not JSON: {fault['ctx']['error']}{place}.")
        case "repeated" | "tags" | "body" | "cursor":
            return Fault(where=where, name=name, detail=f"{fault['msg']}.")
        case _:
            return Fault(where=where, name=name, detail=f"{in_words(fault)}.")


def _unreadable(cause: Exception) -> dict[str, Any]:
    """Describe what keeps a body from being read as JSON, of which the framework says nothing."""
    return {"type": "json_invalid", "loc": ("body",), "ctx": {"error": fault_of(cause)}}


def _shown(name: str) -> str:
    """A name that came with a request, fit to be shown: no longer than a line, nothing that UTF-8 cannot hold."""
    name = name.encode("utf-8", "replace").decode()
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _http_error(request: Request, error: HTTPException) -> Response:
    detail, headers = error.detail, error.headers
    if error.status_code == HTTPStatus.BAD_REQUEST and isinstance(error.__cause__, ValueError | RecursionError):
        return _invalid_request(request, RequestValidationError([_unreadable(error.__cause__)]))
    if error.status_code == HTTPStatus.NOT_FOUND:
        detail = f"There is nothing at {_path(request)}."
    elif error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        detail = f"{_path(request)} does not answer to {request.method}."
        headers = {"Allow": ", ".join(_methods(request) or ("GET", "HEAD"))}
    return respond(plain_problem(_path(request), error.status_code, detail), headers)


def _methods(request: Request) -> list[str]:
    """The methods that an address answers to, by all routes that match it; Starlette tells those of the first."""
    scope = {key: value for key, value in request.scope.items() if key not in {"endpoint", "path_params", "route"}}
    return [
        method
        for method in _METHODS
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in request.app.routes)
    ]


def _unexpected_error(request: Request, error: Exception) -> Response:  # noqa: ARG001 - the server logs it
    # It is answered outside of what gives every other response this header.
    named = request_id()
    return respond(problem_of_failure(_path(request)), {REQUEST_ID: named} if named else {})


def _path(request: Request) -> str:
    return quote(request.scope["path"])
